"""Texts become sound, once: with the wheel, a stand-in for the program, and the program where there is one."""

import json
import os
import shutil
import stat
import sys
import threading
import wave
from array import array
from pathlib import Path

import pytest

from callflow.speech import engines, speaker
from callflow.speech.engines import EspeakLibrary, EspeakProgram, SpeechFailed, find_engine
from callflow.speech.speaker import Speaker
from callflow.speech.wav import Encoding, inspect, is_playable, write_tone

TAGS = ("en", "de", "fr", "es", "ru", "id", "pt-BR", "en-GB", "de-AT")


class Counting:
    """An engine that notes what it was asked, and writes a tone."""

    def __init__(self, name="counting 1"):
        self.name = name
        self.asked: list[tuple[str, str]] = []

    def speaks(self, language):
        return language.startswith("en")

    def synthesize(self, text, language, out):
        self.asked.append((text, language))
        if not self.speaks(language):
            raise SpeechFailed(f"{self.name} does not speak `{language}`")
        write_tone(out, 440, 100)


@pytest.fixture
def library():
    """Return the engine of the wheel, which the tests require."""
    return EspeakLibrary()


def samples_of(path: Path) -> array:
    with wave.open(str(path), "rb") as file:
        return array("h", file.readframes(file.getnframes()))


FAKE = """#!{python}
import json, pathlib, sys, wave
here = pathlib.Path(__file__).parent
arguments = sys.argv[1:]
if arguments == ["--version"]:
    print("eSpeak NG text-to-speech: 9.87  Data at: /nowhere")
elif arguments == ["--voices"]:
    print("Pty Language       Age/Gender VoiceName          File                 Other Languages")
    print(" 5  de              --/M      German             gmw/de")
    print(" 2  en-us           --/M      English_(America)  gmw/en-US            (en 3)")
else:
    given = sys.stdin.buffer.read()
    (here / "called.json").write_text(json.dumps([arguments, given.decode("utf-8")]))
    if b"fail" in given:
        sys.exit("first line\\nno such phoneme")
    if b"hang" in given:
        import time
        time.sleep(60)
    with wave.open(arguments[arguments.index("-w") + 1], "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22050)
        file.writeframes(bytes(2 * 2205))
"""


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Put a stand-in for the program in front of everything else on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "espeak-ng"
    program.write_text(FAKE.format(python=sys.executable))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


# --- engines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", TAGS)
def test_the_library_speaks(library, tmp_path, language):
    assert library.speaks(language)
    out = tmp_path / "said.wav"
    library.synthesize("12 34", language, out)
    info = inspect(out)
    assert (info.channels, info.encoding) == (1, Encoding.PCM16)
    assert info.duration_ms > 400
    assert max(samples_of(out)) > 1_000


def test_the_library_says_what_it_is(library):
    assert library.name.startswith("espeak-ng library 1.")


@pytest.mark.parametrize("language", ["xx", "tlh-zz", "", "../../etc", "en/../de", "en;reboot"])
def test_the_library_knows_no_such_language(library, tmp_path, language):
    assert not library.speaks(language)
    with pytest.raises(SpeechFailed, match="does not speak"):
        library.synthesize("hello", language, tmp_path / "said.wav")
    assert not (tmp_path / "said.wav").exists()


@pytest.mark.parametrize("text", ["...", "\u200b", "\x00\x01\x1b"])
def test_a_text_of_nothing_spoken_is_still_long_enough_to_be_played(library, tmp_path, text):
    out = tmp_path / "said.wav"
    library.synthesize(text, "en", out)
    assert is_playable(out)


def test_a_control_character_begins_no_command(library, tmp_path):
    loud, plain = tmp_path / "loud.wav", tmp_path / "plain.wav"
    library.synthesize("\x0110S hello", "en", loud)
    library.synthesize("10S hello", "en", plain)
    assert inspect(loud).duration_ms == pytest.approx(inspect(plain).duration_ms, rel=0.05)


def test_threads_take_turns_at_the_library(library, tmp_path):
    def say(number: int) -> None:
        library.synthesize("one two three four five", "en", tmp_path / f"{number}.wav")

    threads = [threading.Thread(target=say, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    durations = [inspect(tmp_path / f"{number}.wav").duration_ms for number in range(8)]
    assert min(durations) > 1_000
    assert max(durations) < 1.1 * min(durations)


def test_a_second_engine_does_not_silence_the_first(library, tmp_path):
    EspeakLibrary()
    library.synthesize("hello", "en", tmp_path / "said.wav")
    assert max(samples_of(tmp_path / "said.wav")) > 1_000


def test_the_program_gets_its_text_on_standard_input_alone(fake, tmp_path):
    program = EspeakProgram()
    assert program.name == "espeak-ng program 9.87"
    text = "-w /tmp/x; $(reboot) `id` grüße"
    program.synthesize(text, "de", tmp_path / "said.wav")
    arguments, given = json.loads((fake / "called.json").read_text())
    assert given == text
    assert "--stdin" in arguments
    assert arguments[arguments.index("-b") + 1] == "1"
    assert arguments[arguments.index("-v") + 1] == "de"
    assert arguments[arguments.index("-w") + 1] == str(tmp_path / "said.wav")
    assert not any("reboot" in one for one in arguments)
    assert inspect(tmp_path / "said.wav").duration_ms == 100


@pytest.mark.usefixtures("fake")
def test_the_program_speaks_what_it_lists():
    program = EspeakProgram()
    assert [program.speaks(one) for one in ("en", "en-US", "de", "de-AT", "fr", "xx")] == [
        True, True, True, True, False, False
    ]  # fmt: skip


def test_the_program_says_which_language_it_lacks(fake, tmp_path):
    with pytest.raises(SpeechFailed, match="`fr`"):
        EspeakProgram().synthesize("bonjour", "fr", tmp_path / "said.wav")
    assert not (fake / "called.json").exists()


@pytest.mark.usefixtures("fake")
def test_a_program_that_fails_is_quoted(tmp_path):
    with pytest.raises(SpeechFailed, match="failed with 1: no such phoneme"):
        EspeakProgram().synthesize("fail", "en", tmp_path / "said.wav")


@pytest.mark.usefixtures("fake")
def test_a_program_that_hangs_is_ended(tmp_path, monkeypatch):
    program = EspeakProgram()
    monkeypatch.setattr(engines, "PROGRAM_S_MAX", 0.5)
    with pytest.raises(SpeechFailed, match="did not end within"):
        program.synthesize("hang", "en", tmp_path / "said.wav")


def test_without_the_program_there_is_no_engine_of_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SpeechFailed, match="there is no program `espeak-ng`"):
        EspeakProgram()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="the program is not installed")
@pytest.mark.parametrize("language", TAGS)
def test_the_real_program_speaks(tmp_path, language):
    program = EspeakProgram()
    assert program.speaks(language)
    program.synthesize("12 34", language, tmp_path / "said.wav")
    assert inspect(tmp_path / "said.wav").duration_ms > 400
    assert max(samples_of(tmp_path / "said.wav")) > 1_000


@pytest.mark.usefixtures("fake")
def test_the_wheel_is_preferred():
    engine = find_engine()
    assert isinstance(engine, EspeakLibrary)


@pytest.mark.usefixtures("fake")
def test_without_the_wheel_the_program_is_taken(monkeypatch):
    monkeypatch.setattr(EspeakLibrary, "_only", None)
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    engine = find_engine()
    assert isinstance(engine, EspeakProgram)


def test_with_neither_there_is_no_engine(tmp_path, monkeypatch):
    monkeypatch.setattr(EspeakLibrary, "_only", None)
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_engine() is None


# --- the cache -------------------------------------------------------------------------------------------------------


def test_a_text_is_rendered_once(tmp_path):
    engine = Counting()
    first = Speaker(tmp_path, engine)
    assert not first.ready("Good morning", "en")
    path = first.sound_for("Good morning", "en")
    assert first.ready("Good morning", "en")
    assert first.sound_for("Good morning", "en") == path
    assert Speaker(tmp_path, engine).sound_for("Good morning", "en") == path
    assert engine.asked == [("Good morning", "en")]


def test_text_language_and_engine_each_make_another_sound(tmp_path):
    one, two = Speaker(tmp_path, Counting()), Speaker(tmp_path, Counting("counting 2"))
    paths = {one.sound_for("a", "en"), one.sound_for("b", "en"), one.sound_for("a", "en-GB"), two.sound_for("a", "en")}
    assert len(paths) == 4


@pytest.mark.parametrize("damage", [lambda _: b"", lambda whole: whole[:100], lambda whole: bytes(len(whole))])
def test_a_damaged_file_is_made_again(tmp_path, damage):
    engine = Counting()
    one = Speaker(tmp_path, engine)
    path = one.sound_for("hello", "en")
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert not one.ready("hello", "en")
    assert one.sound_for("hello", "en") == path
    assert path.read_bytes() == whole
    assert len(engine.asked) == 2


def test_threads_asking_at_once_all_get_a_whole_file(tmp_path, library):
    one = Speaker(tmp_path, library)
    barrier = threading.Barrier(6)
    infos = []

    def ask() -> None:
        barrier.wait()
        infos.append(inspect(one.sound_for("Welcome to the exchange", "en")))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(infos) == 6
    assert all(info.duration_ms > 500 for info in infos)
    assert [found.suffix for found in tmp_path.rglob("*") if found.is_file()] == [".wav"]


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_blank_text_is_a_moment_of_silence_and_needs_no_engine(tmp_path, text):
    path = Speaker(tmp_path, None).sound_for(text, "en")
    assert inspect(path).duration_ms >= 20
    assert not any(samples_of(path))


def test_without_an_engine_it_is_said_how_to_get_one(tmp_path):
    with pytest.raises(SpeechFailed) as failed:
        Speaker(tmp_path, None).sound_for("hello", "en")
    assert "`callflow-ivr[sip]`" in failed.value.reason
    assert "`espeak-ng`" in failed.value.reason


def test_a_text_has_a_bounded_length(tmp_path):
    engine = Counting()
    one = Speaker(tmp_path, engine)
    assert one.sound_for("x" * 4_096, "en").exists()
    with pytest.raises(SpeechFailed, match="4097 characters"):
        one.sound_for("x" * 4_097, "en")
    assert len(engine.asked) == 1


def test_an_engine_that_writes_nothing_usable_leaves_nothing_behind(tmp_path):
    class Broken(Counting):
        def synthesize(self, text, language, out):
            self.asked.append((text, language))
            out.write_bytes(b"RIFF")

    with pytest.raises(SpeechFailed, match="is not a WAV file"):
        Speaker(tmp_path, Broken()).sound_for("hello", "en")
    assert not [found for found in tmp_path.rglob("*") if found.is_file()]


def test_a_full_cache_loses_its_oldest_files_at_the_next_start_only(tmp_path, monkeypatch):
    one = Speaker(tmp_path, Counting())
    paths = [one.sound_for(text, "en") for text in ("a", "b", "c", "d")]
    for age, path in enumerate(reversed(paths)):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    monkeypatch.setattr(speaker, "CACHE_BYTES_MAX", 2 * paths[0].stat().st_size)
    assert all(path.exists() for path in paths)
    Speaker(tmp_path, Counting())
    assert [path.exists() for path in paths] == [False, False, True, True]
