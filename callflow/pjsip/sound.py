"""Sounds being heard and recordings being made: what the board keeps of each. They live in the pj thread.

A player is never freed at once: its end is told asynchronously, and a message about a freed player would crash the
process. It is parked instead (`PARK_S`).
"""

from collections.abc import Callable
from typing import Any, Final

from callflow.pjsip.binding import pj
from callflow.pjsip.leg import Leg, Player

PARK_S: Final = 0.5
"""How long a player outlives its use: far beyond the few milliseconds that the message of its end is under way."""

MEDIA_WAIT_S: Final = 2.0
"""How long a sound waits for a leg whose media is not there, before it is given up. A caller without media hears
nothing, and the call must go on."""

EOF_GRACE_S: Final = 2.0
"""How much later than by its length a sound is over in any case."""

LOUD_LEVEL: Final = 20
"""Signal level, of 0-127 on the scale of mu-law, from which somebody is speaking: about -40 dBFS. Line noise lies
below -55, quiet speech above -35."""

LOUD_READINGS_MIN: Final = 5
"""Loud readings, one a turn, that make speech of a noise: a click of the handset is shorter."""


class Sound:
    """Files that a leg hears one after another, or round and round."""

    def __init__(self, key: int, to: int, paths: tuple[str, ...], now: float, *, loop: bool) -> None:
        self.key = key
        self.to = to
        self.paths = paths
        self.loop = loop
        self.player: Any = None
        self.serial = 0
        self.trouble = ""
        self.deadline: float | None = now + MEDIA_WAIT_S

    def next_player(self, leave_word: Callable[[int, int], None], now: float) -> Any:
        """Make the player of the next file, None when all were heard. Raises when the file cannot be played."""
        if self.serial >= len(self.paths) and not self.loop:
            return None
        path = self.paths[self.serial % len(self.paths)]
        self.serial += 1
        alone = self.loop and len(self.paths) == 1
        player = Player(leave_word, self.key, self.serial)
        player.createPlayer(path, 0 if alone else pj.PJMEDIA_FILE_NO_LOOP)
        info = player.getInfo()
        rate = player.getPortInfo().format.clockRate
        self.deadline = None if alone else now + info.sizeSamples / rate + EOF_GRACE_S
        self.player = player
        return player

    @property
    def endless(self) -> bool:
        """Return whether the file now heard goes round by itself, so that its end means nothing."""
        return self.loop and len(self.paths) == 1


class Recording:
    """A file that is being written."""

    def __init__(self, key: int, path: str, now: float, hears: int | None, silence_s: float | None) -> None:
        self.key = key
        self.recorder: Any = pj.AudioMediaRecorder()
        self.recorder.createRecorder(path)
        self.hears = hears
        self.silence_s = silence_s
        self.loud_readings = 0
        self.last_loud = now
        self.told = False

    def listen(self, leg: Leg | None, now: float) -> bool:
        """Read how loud the leg is. Return whether it has been quiet for long enough, once."""
        if self.hears is None or leg is None or leg.sound is None:
            return False
        if leg.sound.getTxLevel() >= LOUD_LEVEL:  # what it transmits to us, measured: the other one stays 0
            self.loud_readings += 1
            self.last_loud = now
        if self.silence_s is None or self.told or now - self.last_loud < self.silence_s:
            return False
        self.told = True
        return True

    @property
    def heard(self) -> bool:
        """Return whether anybody spoke."""
        return self.loud_readings >= LOUD_READINGS_MIN
