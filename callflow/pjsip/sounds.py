"""What is heard becomes a file: sounds of the scheme, the built-in ones, and words through a speech engine.

Whatever a scheme says word for word is made before the first call. Words with values in them are made when they are
ordered, away from the event loop.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Protocol

import attrs

from callflow.engine.evaluate import as_text, evaluate
from callflow.machine.model import (
    BEEP,
    MUSIC,
    RINGBACK,
    Const,
    Expr,
    Item,
    Joined,
    Machine,
    Passage,
    PromptNamed,
    Sound,
    Spoken,
    Words,
)
from callflow.speech import music, wav
from callflow.speech.engines import SpeechFailed

BEEP_TONE: Final = ((1000.0, 250),)
"""The tone after which a message is spoken: short, and far from the tones of keys."""

RENDERERS: Final = 2
"""Speech engines at work at once: one slow sentence does not hold up the next call's."""


class Speaks(Protocol):
    """Makes words into a file."""

    def sound_for(self, text: str, language: str) -> Path:
        """Return the file in which the text is spoken. Raises `SpeechFailed`."""


@attrs.frozen
class _Missing:
    """A sound that cannot be had, and why."""

    why: str


class Sounds:
    """The sounds of one scheme. Files of its own lie in its folder; what callers said lies in that of recordings."""

    def __init__(self, base_dir: Path, speaker: Speaks, cache_dir: Path, recordings: Path | None = None) -> None:
        self._base_dir = base_dir.resolve()
        self._recordings = None if recordings is None else recordings.resolve()
        self._speaker = speaker
        self._cache_dir = cache_dir
        self._known: dict[Spoken, Path | _Missing] = {}
        self._renderers = ThreadPoolExecutor(RENDERERS, thread_name_prefix="speech")

    def ready(self, item: Spoken) -> Path | None:
        """Return the file of an item that was made before, None: `fetch` it."""
        known = self._known.get(item)
        return known if isinstance(known, Path) else None

    async def fetch(self, items: tuple[Spoken, ...]) -> tuple[list[Path], str]:
        """Return the files of those items that can be had, and what is wrong with the others."""
        loop = asyncio.get_running_loop()
        made = [await loop.run_in_executor(self._renderers, self._have, item) for item in items]
        return [one for one in made if isinstance(one, Path)], "; ".join(
            one.why for one in made if isinstance(one, _Missing)
        )

    def prepare(self, machine: Machine, on_progress: Callable[[int, int], None]) -> list[str]:
        """Make everything that the machine says word for word, and return what cannot be had. Takes its time."""
        wanted = list(dict.fromkeys(static_items(machine)))
        troubles = []
        for number, item in enumerate(wanted, 1):
            made = self._have(item)
            self._known[item] = made
            if isinstance(made, _Missing):
                troubles.append(made.why)
            on_progress(number, len(wanted))
        return troubles

    def close(self) -> None:
        """Begin nothing more."""
        self._renderers.shutdown(wait=False, cancel_futures=True)

    def _have(self, item: Spoken) -> Path | _Missing:
        known = self._known.get(item)
        if known is not None:
            return known
        try:
            return self._make(item)
        except (OSError, wav.WavRefused, SpeechFailed) as error:
            what = f"`{item.file}`" if item.file else f"`{item.text}` in {item.language}"
            return _Missing(f"{what} cannot be heard: {error}")

    def _make(self, item: Spoken) -> Path:
        match item.file:
            case "":
                return self._speaker.sound_for(item.text, item.language)
            case "builtin:beep":
                return self._beep()
            case "builtin:music":
                return music.default_music(self._cache_dir)
            case "builtin:ringback":
                return music.ringback(self._cache_dir)
            case file:
                path = self._own(file)
                wav.inspect(path)
                return path

    def _own(self, file: str) -> Path:
        """Return where a file is. An absolute path is one that this process told: of something recorded."""
        path = (self._base_dir / file).resolve()
        recorded = Path(file).is_absolute() and self._recordings is not None and path.is_relative_to(self._recordings)
        if not recorded and not path.is_relative_to(self._base_dir):
            raise OSError("it lies outside the scheme's folder")
        return path

    def _beep(self) -> Path:
        path = self._cache_dir / "beep.wav"
        if not path.exists():
            self._cache_dir.mkdir(parents=True, exist_ok=True)
            wav.write_tones(path, list(BEEP_TONE))
        return path


def audible(items: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
    """Return the items that are not mere silence."""
    return tuple(item for item in items if item.file or item.text.strip())


def static_items(machine: Machine) -> Iterator[Spoken]:
    """Return everything the machine says word for word, in every language that it can be said in."""
    for builtin in (BEEP, RINGBACK, MUSIC):
        for language in machine.languages:
            yield Spoken(text="", language=language, file=builtin)
    passages = [passage for state in machine.states for passage in _passages(state)]
    passages += [Passage((PromptNamed(name),)) for name in machine.prompts if "." in name]
    for passage in passages:
        for item in passage.items:
            for language in machine.languages:
                yield from audible(_static(machine, item, language))


def _passages(value: Any) -> Iterator[Passage]:
    """Yield everything that is heard in a state."""
    if isinstance(value, Passage):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _passages(one)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _passages(getattr(value, field.name))


def _static(machine: Machine, item: Item, language: str) -> tuple[Spoken, ...]:
    match item:
        case Words(text) if _is_static(text):
            return (Spoken(text=as_text(evaluate(text, {})), language=language),)
        case Sound(file):
            return (Spoken(text="", language=language, file=file),)
        case PromptNamed(name):
            prompt = machine.prompts[name]
            spoken = language if language in prompt.texts else next(iter(prompt.texts), language)
            file = prompt.files.get(language) or prompt.files.get("") or ""
            return (Spoken(text=prompt.texts.get(spoken, ""), language=spoken, file=file),)
        case _:
            return ()


def _is_static(expr: Expr) -> bool:
    match expr:
        case Const():
            return True
        case Joined(parts):
            return all(_is_static(part) for part in parts)
        case _:
            return False
