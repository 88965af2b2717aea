"""What stands in a SIP message, and what a SIP status means for a call. Text in, values out."""

import re
from typing import Final
from urllib.parse import unquote

import attrs

from callflow.engine.events import Outcome

_COMPACT: Final = {"f": "from", "t": "to", "i": "call-id", "m": "contact", "c": "content-type", "l": "content-length"}
_NAME_ADDR: Final = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>')
_URI: Final = re.compile(r"(sips?|tel):(?:([^@;?>\s]*)@)?([^;?>\s]*)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\+?[0-9*#]{1,32}")
_SEPARATORS: Final = re.compile(r"[\s().\-/]")
_DIALLED: Final = re.compile(r'sip:[^\s<>"?,@]+(@[^\s<>"?,@]+)?', re.IGNORECASE)
_USER: Final = re.compile(r"[A-Za-z0-9+._*#\-]{1,64}")
NAME_CHARS_MAX: Final = 128
"""A name that is shown to people; longer ones are noise or abuse."""

_REJECTED: Final = frozenset({403, 603, 607, 608})
_BUSY: Final = frozenset({486, 600})


@attrs.frozen
class Request:
    """What an INVITE says of its call."""

    caller: str
    caller_name: str
    called: str
    call_id: str
    has_sdp: bool


def read_request(message: str, *, trusted: bool = False) -> Request:
    """Return what an INVITE says. An asserted identity counts only when a trusted host asserts it."""
    head, _, body = message.partition("\r\n\r\n")
    first, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            headers.setdefault(_COMPACT.get(name, name), value.strip())
    name, user = read_address(headers.get("from", ""))
    if trusted and "p-asserted-identity" in headers:
        asserted_name, asserted = read_address(headers["p-asserted-identity"])
        name, user = asserted_name or name, asserted or user
    parts = first.split(" ")
    called = read_address(parts[1])[1] if len(parts) > 1 else ""
    withheld = user.lower() == "anonymous"
    return Request(
        caller="" if withheld else user,
        caller_name="" if withheld else name[:NAME_CHARS_MAX],
        called=called,
        call_id=headers.get("call-id", ""),
        has_sdp=bool(body.strip()),
    )


def read_address(text: str) -> tuple[str, str]:
    """Return the display name and the user part of an address as it stands in a header."""
    match = _NAME_ADDR.match(text)
    name = ""
    if match:
        name = re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else (match[2] or "")
        text = match[3]
    uri = _URI.search(text)
    if uri is None:
        return _clean(name), ""
    user = uri[3] if uri[1].lower() == "tel" else (uri[2] or "").partition(":")[0]
    user = _clean(unquote(user))
    return _clean(name), _SEPARATORS.sub("", user) if _NUMBER.fullmatch(_SEPARATORS.sub("", user)) else user


def _clean(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()


def to_dial(uri: str, trunk: str) -> str | None:
    """Return the SIP address to dial, None where nothing can be: numbers leave through the trunk."""
    uri = uri.strip()
    bare = uri[4:].partition(";")[0] if uri.lower().startswith("tel:") else uri
    number = _SEPARATORS.sub("", bare)
    if _NUMBER.fullmatch(number):
        at = _DIALLED.fullmatch(trunk) and trunk.partition(":")[2].rpartition("@")[2]
        return f"sip:{number.replace('#', '%23')}@{at}" if at else None
    return uri if _DIALLED.fullmatch(uri) else None


def shown_as(caller: str, caller_name: str, host: str) -> str:
    """Return the From address by which an agent's phone shows who calls; empty where it cannot be written safely."""
    if not _USER.fullmatch(caller):
        return ""
    name = re.sub(r'["\\]', "", caller_name)
    return f'"{name}" <sip:{caller.replace("#", "%23")}@{host}>' if name else f"<sip:{caller}@{host}>"


def outcome(code: int, *, rang: bool) -> Outcome:
    """Return what the final status of a leg that nobody answered means."""
    if code in _BUSY:
        return Outcome.BUSY
    if code in _REJECTED:
        return Outcome.REJECTED
    if code == 408 and rang:  # noqa: PLR2004  a status of SIP
        return Outcome.NO_ANSWER
    return Outcome.UNREACHABLE
