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
_REFER_TO: Final = re.compile(
    r"""(?:"[^"]*"\s*|[\w .-]*)(?P<open><)?sip:[\w.!~*'()&=+$%#-]+@(?P<host>[\w.-]+(?::\d{1,5})?)(?:;[\w.=-]+)*"""
    r"""(?:\?Replaces=[\w.!~*'()%@+-]+)?(?(open)>)""",
    re.IGNORECASE | re.ASCII,
)
_USER: Final = re.compile(r"[A-Za-z0-9+._*#\-]{1,64}")
_OWN_HEADER: Final = re.compile(r"x-[a-z0-9.!%*_+`'~-]{1,62}")
_ANONYMOUS: Final = re.compile(r"@anonymous\.invalid\s*(?:[;>]|\Z)", re.IGNORECASE)
_WITHHELD: Final = frozenset({"id", "user", "full"})
_UNQUOTABLE: Final = re.compile(r'["\\<>]')

HEADERS_MAX: Final = 20
HEADER_CHARS_MAX: Final = 256
"""What a scheme sees of the headers of strangers."""

SHOWN_CHARS_MAX: Final = 64
"""What phones show of a name."""

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
    has_sdp: bool
    diverted_from: str = ""
    """The number that this call was diverted from last; empty: it was not, or that is withheld."""
    headers: dict[str, str] = attrs.field(factory=dict)
    """Headers that begin with `X-`, by name in lower case."""


def read_request(message: str, *, trusted: bool = False) -> Request:
    """Return what an INVITE says. An asserted identity counts only when a trusted host asserts it."""
    head, _, body = message.partition("\r\n\r\n")
    first, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
    headers: dict[str, str] = {}
    history = ""
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            headers.setdefault(_COMPACT.get(name, name), value.strip())
            if name == "history-info":
                history += f",{value.strip()}"
    name, user = read_address(headers.get("from", ""))
    if trusted and "p-asserted-identity" in headers:
        asserted_name, asserted = read_address(headers["p-asserted-identity"])
        name, user = asserted_name or name, asserted or user
    parts = first.split(" ")
    called = read_address(parts[1])[1] if len(parts) > 1 else ""
    withheld = user.lower() == "anonymous" or _is_withheld(headers)
    return Request(
        caller="" if withheld else user,
        caller_name="" if withheld else name[:NAME_CHARS_MAX],
        called=called,
        has_sdp=bool(body.strip()),
        diverted_from=_diverted_from(headers.get("diversion", ""), history),
        headers=_own(headers),
    )


def _is_withheld(headers: dict[str, str]) -> bool:
    """Return whether a caller does not want to be known (RFC 3323, 3325), whoever says who it is."""
    wanted = {one.strip().lower() for one in headers.get("privacy", "").split(";")}
    return bool(wanted & _WITHHELD) or bool(_ANONYMOUS.search(headers.get("from", "")))


def _diverted_from(diversion: str, history: str) -> str:
    """Return who a call was diverted from last: the first entry of Diversion (RFC 5806), or of History-Info (RFC 7044)
    the last entry but one, the last being where it was diverted to.
    """
    if diversion:
        if re.search(r";\s*privacy\s*=\s*\"?(full|name|uri)", diversion.partition(",")[0], re.IGNORECASE):
            return ""
        return read_address(diversion)[1]
    entries = [entry for entry in re.findall(r"<([^<>]*)>", history) if "privacy=" not in entry.lower()]
    return read_address(f"<{entries[-2]}>")[1] if len(entries) > 1 else ""


def _own(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers that a network of the operator's own may have put in, as a scheme may read them."""
    found = {name: _clean(value)[:HEADER_CHARS_MAX] for name, value in headers.items() if _OWN_HEADER.fullmatch(name)}
    return dict(list(found.items())[:HEADERS_MAX])


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


def to_refer(uri: str, trunk: str) -> str | None:
    """Return the address that a caller is handed over to, None where it is none. A number that no trunk takes is left
    to the caller's own network.
    """
    found = to_dial(uri, trunk)
    if found is None:
        bare = uri.strip()[4:].partition(";")[0] if uri.strip().lower().startswith("tel:") else uri
        number = _SEPARATORS.sub("", bare)
        found = f"tel:{number.replace('#', '%23')}" if _NUMBER.fullmatch(number) else None
    return found


def may_be_called(refer_to: str, own: str) -> bool:
    """Return whether an agent may have this address called (Refer-To): a SIP address, perhaps with the call to be
    replaced, and not ours, `own` being our host and port: nobody is handed over to the scheme they are in.
    """
    match = _REFER_TO.fullmatch(refer_to.strip())
    if match is None:
        return False
    host = match["host"].lower()
    return (host if ":" in host else f"{host}:5060") != own.lower()


@attrs.frozen
class Shown:
    """What an outgoing call shows: its From, and a number that is asserted (RFC 3325); empty: nothing of its own."""

    address: str
    asserted: str = ""


def shown_as(caller: str, caller_name: str, host: str) -> Shown:
    """Return how an agent's phone shows who calls; nothing where that cannot be written safely."""
    if not _USER.fullmatch(caller):
        return Shown("")
    return Shown(_named(caller_name, f"<sip:{_escaped(caller)}@{host}>"))


def shown_instead(shown: str, caller: str, user: str, host: str) -> Shown:
    """Return how an agent's phone shows what the scheme wants shown: a number, or a name with the caller's number."""
    number = _SEPARATORS.sub("", shown)
    if _NUMBER.fullmatch(number):
        address = f"<sip:{_escaped(number)}@{host}>"
        return Shown(address, address)
    return Shown(_named(shown, f"<sip:{_escaped(caller) if _USER.fullmatch(caller) else user}@{host}>"))


def _named(name: str, address: str) -> str:
    name = _clean(_UNQUOTABLE.sub("", _clean(name))[:SHOWN_CHARS_MAX])
    return f'"{name}" {address}' if name else address


def _escaped(user: str) -> str:
    return user.replace("#", "%23")


def outcome(code: int, *, rang: bool) -> Outcome:
    """Return what the final status of a leg that nobody answered means."""
    if code in _BUSY:
        return Outcome.BUSY
    if code in _REJECTED:
        return Outcome.REJECTED
    if code == 408 and rang:  # noqa: PLR2004  a status of SIP
        return Outcome.NO_ANSWER
    return Outcome.UNREACHABLE
