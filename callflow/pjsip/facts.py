"""What the pj thread tells: plain values, past tense, each about the leg, sound or recording of number `key`."""

import attrs


@attrs.frozen
class Incoming:
    """A call came in and was admitted with so many lines to agents. `request` is the INVITE as it was written."""

    key: int
    request: str
    source: str
    lines: int


@attrs.frozen
class Progressed:
    """The far end of an outgoing leg rings: 180 or 183."""

    key: int
    code: int


@attrs.frozen
class Up:
    """A leg was answered and its media is there. Comes once."""

    key: int


@attrs.frozen
class Down:
    """A leg is over, with its last SIP status (0: there was none). Comes once, last."""

    key: int
    code: int
    reason: str


@attrs.frozen
class KeyPressed:
    """The far end pressed a key."""

    key: int
    digit: str


@attrs.frozen
class SoundEnded:
    """A sound is over, for whatever reason. Comes once."""

    key: int
    trouble: str


@attrs.frozen
class FellQuiet:
    """Nobody has spoken into a recording for as long as it was told to wait."""

    key: int


@attrs.frozen
class Recorded:
    """A recording is over; its file is complete a moment later. `heard` says whether anybody spoke, `quiet_ms` how
    long nobody had at its end. Comes once.
    """

    key: int
    heard: bool
    quiet_ms: int
    trouble: str


@attrs.frozen
class MediaCounted:
    """So many RTP packets came from the far end of a leg."""

    key: int
    packets: int


@attrs.frozen
class TransferTold:
    """How a transfer that was asked for goes: a SIP status, `final` once nothing more will be told. 0: not asked."""

    key: int
    code: int
    final: bool


@attrs.frozen
class Referred:
    """An agent hands the caller over: the far end of leg `key` had somebody called, as the outgoing leg `to`."""

    key: int
    to: int
    uri: str


@attrs.frozen
class Noted:
    """Something that an operator may want to read."""

    key: int
    text: str


Fact = (
    Incoming
    | Progressed
    | Up
    | Down
    | KeyPressed
    | SoundEnded
    | FellQuiet
    | Recorded
    | MediaCounted
    | TransferTold
    | Referred
    | Noted
)
