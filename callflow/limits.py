"""Every bound of the language and of a running call, with its reason. Nothing here acts."""

from typing import Final

# --- what a source may be -------------------------------------------------------------------------------------------

SOURCE_BYTES_MAX: Final = 65_536
"""A scheme is written by people: 64 KiB is some 1,500 lines, and bounds every later stage."""

NESTING_MAX: Final = 24
"""Braces and parentheses inside one another; deeper text is a mistake, and every recursive walk stays shallow."""

LEVELS_MAX: Final = 128
"""Statements and values inside one another, with braces or without: `else when` in a row, `+` after `+`. Some sixty
of either; Python allows a walk about a thousand."""

STRING_CHARS_MAX: Final = 1_024
"""One string. Longer prompts belong into several, or into a sound file."""

NAME_CHARS_MAX: Final = 64
"""One name. It has to fit a diagram and a ladder."""

NUMBER_DIGITS_MAX: Final = 18
"""One whole number; what fits 64 bits."""

KEYS_MAX: Final = 16
"""Keys of one choice, digits of one extension. A phone number has fifteen."""

ROUNDS_MAX: Final = 50
"""Rounds of a loop that counts; a caller who has gone round so often goes round for ever."""

STATES_PER_FLOW_MAX: Final = 500
"""A flow of more states than this cannot be read by anybody; split it."""

STATES_MAX: Final = 2_000
"""A whole machine; keeps proofs and diagrams fast."""

PROBLEMS_MAX: Final = 100
"""Problems told in one run. A file with more is not a scheme."""

# --- what a running call may use ------------------------------------------------------------------------------------

STEPS_WITHOUT_WAIT_MAX: Final = 1_000
"""States passed in one step. The checker proves that no scheme gets near; this is the second wall."""

CALL_MS_MAX: Final = 2 * 3_600_000
"""A call longer than two hours is a leg that nobody hung up."""

TYPED_DIGITS_MAX: Final = 32
"""Digits kept ahead of the menu that wants them; longer runs are noise or abuse."""

TEXT_CHARS_MAX: Final = 4_096
"""The result of one expression. Bounds what is spoken and what is kept."""

HAND_OVERS_MAX: Final = 10
"""Conversations in one call, so that two lines forwarding to each other come to an end."""

LEGS_TRIED_MAX: Final = 20
"""Phones rung for one `connect`; a larger group needs a queue."""

FINISH_MS_MAX: Final = 5_000
"""How long a session waits for the last message to be written after the caller has gone."""

CONSULT_MS_MAX: Final = 2_000
"""How long a session waits to hear whether a schedule is open, before it takes it as closed."""

ANSWER_MS_MAX: Final = 32_000
"""How long an answered call waits for its ACK: 64 * T1 of RFC 3261, section 13.3.1.4."""

DURATION_MS_MAX: Final = 24 * 3_600_000
"""The longest wait that can be written. Longer than any call."""

TRIES_MAX: Final = 20
"""Passes of one menu; a caller who has not chosen by then will not."""

# --- what is assumed where nothing is written ------------------------------------------------------------------------

MENU_TRIES: Final = 3
MENU_TIMEOUT_MS: Final = 5_000
MENU_PAUSE_MS: Final = 2_000
RING_MS: Final = 20_000
RING_EACH_MS: Final = 15_000
VOICEMAIL_MS: Final = 180_000
VOICEMAIL_SILENCE_MS: Final = 5_000
"""A pause this long ends a message: speakers rarely pause longer, and dial tone after a lost hang-up is caught."""
VOICEMAIL_MIN_MS: Final = 1_000
"""Shorter is a click of the handset, not a message."""
