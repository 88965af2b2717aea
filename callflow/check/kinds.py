"""The types of values. Nothing is decided here."""

import enum


class Kind(enum.Enum):
    """Types of values; `ANY` where several are possible."""

    TEXT = "text"
    PHONE = "phone number"
    DIGITS = "text of digits"
    NUMBER = "number"
    DURATION = "duration"
    TIME = "time"
    TRUTH = "truth value"
    RECORD = "record"
    SOUND = "recording"
    NONE = "`none`"
    ANY = "value"
