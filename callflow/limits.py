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

FILES_MAX: Final = 32
"""Files of one scheme: more is a program."""

BUNDLE_BYTES_MAX: Final = 512 * 1024
"""All files of a scheme together."""

RUN_DEPTH_MAX: Final = 8
"""Flows that run flows. Each `run` becomes states of its own."""

BRANCHES_MAX: Final = 64
"""Cases of one `match`, shares of one `split`, entries of one list times two."""

LIST_ENTRIES_MAX: Final = 100
"""Entries of one list; a longer one belongs into a web service."""

REPEATS_MAX: Final = 20
"""Rounds of one `repeat`."""

QUEUE_PRIORITY_MAX: Final = 100
QUEUE_SIZE_MAX: Final = 200
"""Callers waiting in one queue."""

ROOM_MEMBERS_MAX: Final = 50
"""Callers in one conference room; a build of the SIP stack may take fewer."""

AGENT_CALLS_MAX: Final = 20
"""Calls of one agent at once: an address with many lines."""

COLLECT_DIGITS_MAX: Final = 32
"""Digits asked for at once; the longest numbers that people type have 22 (IBAN)."""

PIN_DIGITS_MAX: Final = 8

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

STEPS_MAX: Final = 10_000
"""States passed in a whole call."""

NAMES_CHARS_MAX: Final = 65_536
"""Everything that a call keeps under names."""

LEGS_MAX: Final = 500
"""Phones rung for one call: five minutes in a queue that rings three agents every ten seconds take ninety."""

FETCHES_MAX: Final = 20
"""Questions to web services in one call."""

NOTICES_MAX: Final = 100
"""Notifications of one call."""

TRANSFERS_MAX: Final = 3
"""Transfers of one call that were refused; the next is not tried."""

TAGS_MAX: Final = 32
"""Tags of one call."""

ALONE_MS_MAX: Final = 30 * 60_000
"""How long a caller is with a machine alone, queues apart: who has not reached anybody by then will not."""

QUEUED_MS_MAX: Final = 60 * 60_000
"""How long a caller waits in queues, all together."""

HANGUP_HANDLER_MS_MAX: Final = 30_000
"""How long `on hangup` takes: a web service or two."""

GRACE_MS_MAX: Final = 30_000
"""How long `on limit` and `on trouble` take: a sentence and a message's beginning."""

GRACE_STEPS_MAX: Final = 50
"""States passed in `on limit` and `on trouble`."""

TRANSFER_MS_MAX: Final = 30_000
"""How long the far end of a transfer has to take the caller."""

CONFIRM_MS: Final = 5_000
"""How long somebody who answered has to say that they take the call, after the words that ask for it."""

WHISPER_MS_MAX: Final = 60_000
"""How long an agent is told about a call."""

LATE_MS_MAX: Final = 10_000
"""How long somebody is told that the call is taken."""

FETCH_GRACE_MS: Final = 1_000
"""How much longer than its time a driver may take to say that a web service did not answer."""

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
ASTRAY_MS: Final = 1_000
"""Keys that follow one another sooner than this are dialled as one number: behind a wrong key, its rest."""

FETCH_MS: Final = 3_000
FETCH_MS_MAX: Final = 8_000
"""How long a caller hears nothing because of a web service."""

QUEUE_MS: Final = 600_000
"""How long a caller waits in a queue where nothing is said; nobody waits for ever."""

REMEMBER_MS_MAX: Final = 2 * 365 * 86_400_000
"""How long anything is remembered of a caller."""

FORCE_MS_MAX: Final = 31 * 86_400_000
"""How long a schedule is held; longer is another schedule."""

CALLBACK_MS_MAX: Final = 14 * 86_400_000
LAST_AGENT_MS: Final = 30 * 86_400_000
"""For how long it is kept who talked with whom where nothing is said."""

CALLBACK_MS: Final = 24 * 3_600_000
RECORD_MESSAGE_MS: Final = 60_000
COLLECT_PAUSE_MS: Final = 4_000
"""How long to wait for the next digit of a number: people read them off."""
RING_MS: Final = 20_000
RING_EACH_MS: Final = 15_000
VOICEMAIL_MS: Final = 180_000
VOICEMAIL_SILENCE_MS: Final = 5_000
"""A pause this long ends a message: speakers rarely pause longer, and dial tone after a lost hang-up is caught."""
VOICEMAIL_MIN_MS: Final = 1_000
"""Shorter is a click of the handset, not a message."""

# --- what calls share: agents, queues, what is remembered -----------------------------------------------------------

NO_ANSWER_PAUSE_MS: Final = 5_000
"""How long queues leave an agent alone who did not answer: time to get back to the desk."""
REJECT_PAUSE_MS: Final = 30_000
"""After a refusal: whoever declines a call is not to be rung again at once."""
BUSY_PAUSE_MS: Final = 20_000
"""After busy: the phone is used for a call that is not ours, and most of those are short."""
UNREACHABLE_PAUSE_MS: Final = 30_000
"""After a phone that cannot be reached: about as often as a phone tries to register again."""
UNANSWERED_MAX: Final = 3
"""Calls in a row that an agent does not answer before they are taken to be away."""
AUTO_AWAY_MS: Final = 15 * 60_000
"""For how long, if nobody says that they are back: without anybody to say it a phone would be lost for good."""
OFFER_MS: Final = 2_000
"""How long an agent stays reserved for a caller who does not ring the phone; it takes one step."""
OFFER_PAUSE_MS: Final = 10_000
"""After that, how long the agent is offered to others only."""
LEG_END_MS: Final = 2_000
"""How long a phone is taken to be in use after its call is over, if nobody says that the leg ended."""
PRIORITY_STEP_MS: Final = 60_000
"""What one step of priority is worth in waiting time. So everybody comes first at some time."""
WAIT_STEP_MS: Final = 30_000
"""Steps in which an expected wait is told; finer ones would be made up."""
WAIT_SAMPLES_MIN: Final = 3
"""Callers who were answered before anybody is told how long it takes."""
WAIT_SAMPLES_MAX: Final = 30
"""Callers whose waits count: about an hour of a small group."""
LAST_AGENT_TALK_MS: Final = 10_000
"""A shorter conversation is a wrong number or a cut line, and nobody's agent."""
LAST_AGENTS_MAX: Final = 8
"""Agents kept for one caller, those who talked last."""
CALLERS_REMEMBERED_MAX: Final = 100_000
"""Callers of whom something is kept; beyond it the one who called longest ago is forgotten."""
