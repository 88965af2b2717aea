"""A directory to declarations as if they stood in the scheme; what is wrong with them is told at their place."""

import re
from collections.abc import Callable
from typing import Any, Final

from callflow.diagnostic import Diagnostic
from callflow.directory import problems
from callflow.directory.nodes import DirectoryRefused, Mapping, Node, Scalar, Sequence, read
from callflow.limits import NAME_CHARS_MAX
from callflow.source import Span
from callflow.syntax import tree
from callflow.words import parse_duration

_NAME: Final = re.compile(rf"[A-Za-z_][A-Za-z0-9_]{{0,{NAME_CHARS_MAX - 1}}}")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_STRATEGIES: Final = ("all", "in turn", "longest idle", "round robin", "fewest calls", "random")


def read_directory(text: str, begin: int) -> tuple[tuple[tree.Declaration, ...], list[Diagnostic]]:
    """Return what a directory declares, and what is wrong with its form; `begin` is added to every offset."""
    reading = _Reading()
    try:
        whole = read(text, begin)
    except DirectoryRefused as refused:
        return (), [problems.no_directory(Span(refused.at, refused.at + 1), refused.reason)]
    if whole is not None:
        reading.whole(whole)
    return tuple(reading.declarations), reading.problems


class _Reading:
    def __init__(self) -> None:
        self.declarations: list[tree.Declaration] = []
        self.problems: list[Diagnostic] = []

    def whole(self, whole: Node) -> None:
        """Take in the tables of a directory."""
        if not isinstance(whole, Mapping):
            self.problems.append(problems.wrong_value(whole.span, "directory", "tables: `agents:`, `groups:`, …"))
            return
        tables: dict[str, Callable[[Scalar, Node], None]] = {
            "agents": self._agent,
            "groups": self._group,
            "prompts": self._prompt,
            "numbers": self._number,
            "lists": self._list,
        }
        for name, table in self._keys(whole, "a directory", tables).items():
            if not isinstance(table, Mapping):
                self._wrong(table, name, "names and what they are")
                continue
            for key, value in table.entries:
                if name == "numbers" or self._named(key):
                    tables[name](key, value)

    # --- declarations ---

    def _agent(self, name: Scalar, value: Node) -> None:
        keys = self._keys(value, "an agent", ("uri", "extension", "skills", "confirm", "limit"), short="uri")
        numbers = [(key, self._whole(key, keys[key])) for key in ("extension", "limit") if key in keys]
        options: list[Any] = [tree.Amount(key, number, number.span) for key, number in numbers if number is not None]
        if "skills" in keys:
            options.append(tree.Skills(self._names("skills", keys["skills"]), keys["skills"].span))
        if "confirm" in keys:
            said = self._word("confirm", keys["confirm"], ("yes", "true", "no", "false", "any key"))
            if said not in ("", "no", "false"):
                options.append(tree.Confirm(any_key=said == "any key", span=keys["confirm"].span))
        uri = self._text("uri", keys.get("uri"))
        if uri is None:
            if "uri" not in keys:
                self.problems.append(problems.missing(name.span, "uri", f"the agent `{name.text}`"))
            return
        self.declarations.append(tree.AgentDecl(_ident(name), uri, tuple(options), name.span))

    def _group(self, name: Scalar, value: Node) -> None:
        keys = self._keys(value, "a group", ("members", "ring", "each", "wrap up", "needs"), short="members")
        options: list[Any] = []
        if "ring" in keys and (how := self._word("ring", keys["ring"], _STRATEGIES)):
            options.append(tree.RingStrategy(how, keys["ring"].span))
        times = [(key, self._duration(key, keys[key])) for key in ("each", "wrap up") if key in keys]
        options += [tree.Setting(key, length, length.span) for key, length in times if length is not None]
        if "needs" in keys and (skill := self._name("needs", keys["needs"])) is not None:
            options.append(tree.Needs(skill, skill.span))
        members = self._names("members", keys["members"]) if "members" in keys else ()
        self.declarations.append(tree.GroupDecl(_ident(name), members, tuple(options), name.span))

    def _prompt(self, name: Scalar, value: Node) -> None:
        entries: list[tree.PromptEntry] = []
        if isinstance(value, Scalar):
            entries.append(tree.PromptEntry(None, _text(value), is_file=False, span=value.span))
        elif isinstance(value, Mapping):
            for key, entry in value.entries:
                tag, _, file = key.text.partition(" ")
                if key.text != "file" and not (_TAG.fullmatch(tag) and file in ("", "file")):
                    self.problems.append(
                        problems.unknown_key(key.span, key.text, "a prompt", ("en", "en file", "file"))
                    )
                elif (text := self._text(key.text, entry)) is not None:
                    ident = None if key.text == "file" else tree.Ident(tag, key.span)
                    entries.append(tree.PromptEntry(ident, text, key.text.endswith("file"), key.span))
        else:
            self._wrong(value, name.text, "a text, or texts by language")
        self.declarations.append(tree.PromptDecl(_ident(name), tuple(entries), name.span))

    def _number(self, number: Scalar, value: Node) -> None:
        flow = self._name(number.text, value)
        if flow is not None:
            self.declarations.append(tree.NumberRoute(_text(number), flow, number.span))

    def _list(self, name: Scalar, value: Node) -> None:
        if not isinstance(value, Sequence):
            self._wrong(value, name.text, "a list of numbers and patterns")
            return
        entries: list[tree.Text | tree.RegionEntry] = []
        for item in value.items:
            word, _, tag = item.text.partition(" ") if isinstance(item, Scalar) else ("", "", "")
            if word == "region" and _TAG.fullmatch(tag):
                entries.append(tree.RegionEntry(tree.Ident(tag, item.span), item.span))
            elif (text := self._text(name.text, item)) is not None:
                entries.append(text)
        self.declarations.append(tree.ListDecl(_ident(name), tuple(entries), name.span))

    # --- values ---

    def _keys(self, value: Node, of_what: str, known: Any, short: str = "") -> dict[str, Node]:
        """Return the keys of a mapping that are known; where `short` is given, its value may stand alone."""
        if not isinstance(value, Mapping):
            if short:
                return {short: value}
            self._wrong(value, of_what, "keys and values")
            return {}
        found: dict[str, Node] = {}
        for key, inner in value.entries:
            if key.text not in known:
                self.problems.append(problems.unknown_key(key.span, key.text, of_what, tuple(known)))
            elif key.text in found:
                self.problems.append(problems.key_twice(key.span, key.text))
            else:
                found[key.text] = inner
        return found

    def _wrong(self, node: Node, key: str, wanted: str) -> None:
        self.problems.append(problems.wrong_value(node.span, key, wanted))

    def _named(self, key: Scalar) -> bool:
        if _NAME.fullmatch(key.text):
            return True
        self._wrong(key, key.text, "a name of letters `a` to `z`, digits and `_` before it")
        return False

    def _text(self, key: str, node: Node | None) -> tree.Text | None:
        if isinstance(node, Scalar):
            return _text(node)
        if node is not None:
            self._wrong(node, key, "a text")
        return None

    def _word(self, key: str, node: Node, known: tuple[str, ...]) -> str:
        if isinstance(node, Scalar) and node.text in known:
            return node.text
        self._wrong(node, key, ", ".join(known))
        return ""

    def _name(self, key: str, node: Node) -> tree.Ident | None:
        if isinstance(node, Scalar) and _NAME.fullmatch(node.text):
            return _ident(node)
        self._wrong(node, key, "a name")
        return None

    def _names(self, key: str, node: Node) -> tuple[tree.Ident, ...]:
        items = node.items if isinstance(node, Sequence) else (node,)
        return tuple(name for item in items if (name := self._name(key, item)) is not None)

    def _whole(self, key: str, node: Node) -> tree.Whole | None:
        if isinstance(node, Scalar) and node.text.isascii() and node.text.isdigit():
            return tree.Whole(node.text, node.span)
        self._wrong(node, key, "a number")
        return None

    def _duration(self, key: str, node: Node) -> tree.Duration | None:
        ms = parse_duration(node.text) if isinstance(node, Scalar) else None
        if ms is None:
            self._wrong(node, key, "a duration such as `20s`")
            return None
        return tree.Duration(ms, node.span)


def _ident(scalar: Scalar) -> tree.Ident:
    return tree.Ident(scalar.text, scalar.span)


def _text(scalar: Scalar) -> tree.Text:
    return tree.Text((scalar.text,) if scalar.text else (), scalar.span)
