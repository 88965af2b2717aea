"""The nodes of statements, with their options and clauses."""

from callflow.source import Span
from callflow.syntax.tree.nodes import Constant, Duration, Expression, Ident, Node, Record, Text, TimeOfDay, Whole


class Block(Node):
    """Statements in order. `braced` is false for a body of one statement without braces."""

    statements: tuple["Statement", ...]
    span: Span
    braced: bool


class PlayItems(Node):
    """What `play` plays."""

    items: tuple[Text | Ident, ...]
    uninterrupted: bool
    span: Span


class Answer(Node):
    """`answer`."""

    span: Span


class Play(Node):
    """`play …`."""

    passage: PlayItems
    span: Span


class Wait(Node):
    """`wait 2s`."""

    duration: Duration
    span: Span


class SetName(Node):
    """`set n = …`."""

    name: Ident
    value: Expression | Record
    span: Span


class Language(Node):
    """`language en`."""

    tag: Ident
    span: Span


class Goto(Node):
    """`goto sales`."""

    flow: Ident
    span: Span


class Again(Node):
    """`again`."""

    span: Span


class Hangup(Node):
    """`hangup`."""

    span: Span


class Reject(Node):
    """`reject busy`."""

    reason: str
    span: Span


class RecordCall(Node):
    """`record call`."""

    side: str
    span: Span


class RecordMessage(Node):
    """`record message max 10s into said`."""

    max: "Setting | None"
    name: Ident
    span: Span


class ChangeRecording(Node):
    """`pause recording`, `resume recording`, `stop recording`."""

    change: str
    span: Span


class Case(Node):
    """`"gold", "vip" …`."""

    values: tuple[Text | Whole | Duration | Constant, ...]
    body: Block
    span: Span


class Match(Node):
    """`match crm.tier { … }`."""

    subject: Expression
    cases: tuple[Case, ...]
    otherwise: "Clause | None"
    span: Span


class Share(Node):
    """`80% …`."""

    percent: Whole
    body: Block
    span: Span


class Split(Node):
    """`split { 80% … 20% … }`."""

    shares: tuple[Share, ...]
    otherwise: "Clause | None"
    span: Span


class Repeat(Node):
    """`repeat 3 { … }`."""

    times: Whole
    body: Block
    span: Span


class Run(Node):
    """`run survey`."""

    flow: Ident
    span: Span


class Return(Node):
    """`return`."""

    span: Span


class Tag(Node):
    """`tag "sales"`."""

    tag: Text
    span: Span


class Notify(Node):
    """`notify "call.finished" { … }`."""

    event: Text
    fields: Record | None
    span: Span


class Fetch(Node):
    """`fetch crm from "https://…" timeout 2s post { … } { failed … }`."""

    name: Ident
    url: Text
    options: tuple["Setting | Post", ...]
    failed: "Clause | None"
    span: Span


class Post(Node):
    """`post { … }`."""

    fields: Record
    span: Span


class Remember(Node):
    """`remember name = … for 30d`."""

    name: Ident
    value: Expression
    time: "Setting | None"
    span: Span


class Forget(Node):
    """`forget name`."""

    name: Ident
    span: Span


class Force(Node):
    """`force office closed until 18:00`; `until` is `change` as a word, a time of day or a length of time."""

    schedule: Ident
    open: bool
    until: "Setting | TimeOfDay | Ident | None"
    span: Span


class Release(Node):
    """`release office`."""

    schedule: Ident
    span: Span


class When(Node):
    """`when … else …`."""

    condition: Expression
    then: Block
    other: Block | None
    span: Span


class Key(Node):
    """What is pressed: `1`, `12`, `*`, `"#"`."""

    key: str
    span: Span


class Press(Node):
    """`press 1 …`, `press 0, 9 …`."""

    keys: tuple[Key, ...]
    body: Block
    span: Span


class DialExtension(Node):
    """`dial extension`."""

    body: Block | None
    span: Span


class Clause(Node):
    """`silence`, `otherwise silence`, or an outcome of `connect`, with what then happens."""

    name: str
    body: Block
    span: Span


class Tries(Node):
    """`tries 3`, or `tries 3 silence 2 invalid`."""

    silence: Whole
    invalid: Whole | None
    span: Span


class Setting(Node):
    """An option that is a length of time: `timeout`, `pause`, `for`, `each`, `max`."""

    name: str
    duration: Duration
    span: Span


class RingStrategy(Node):
    """`ring all`, `ring in turn`, `ring longest idle` and so on; `how` is what stands behind `ring`."""

    how: str
    span: Span


class Amount(Node):
    """An option that is a number: `priority`, `size`, `limit`, `digits`, `up to`, `extension`."""

    name: str
    value: Whole
    span: Span


class Flag(Node):
    """An option of one word: `secret`, `moderator`, `guest`."""

    name: str
    span: Span


class Quoted(Node):
    """An option that is a text: `as`, `until`, `matching`, `pin`."""

    name: str
    text: Text
    span: Span


class Confirm(Node):
    """`confirm` or `confirm any key`."""

    any_key: bool
    span: Span


class Whisper(Node):
    """`whisper …`."""

    passage: PlayItems
    span: Span


class Skills(Node):
    """`skills cooling, vip`."""

    names: tuple[Ident, ...]
    span: Span


class Needs(Node):
    """`needs vip`."""

    skill: Ident
    span: Span


class Music(Node):
    """`music`, with or without an item."""

    item: Text | Ident | None
    span: Span


class GreetingItems(Node):
    """`greeting …`."""

    passage: PlayItems
    span: Span


class Retry(Node):
    """`retry play …`."""

    passage: PlayItems
    span: Span


MenuOption = Tries | Setting
MenuClause = Play | Retry | Press | DialExtension | Clause


class Menu(Node):
    """`menu … { … }`."""

    options: tuple[MenuOption, ...]
    clauses: tuple[MenuClause, ...]
    span: Span


class DialledExtension(Node):
    """`extension` as somebody to connect to."""

    span: Span


class LastAgent(Node):
    """`last agent of sales within 30d`."""

    group: Ident | None
    within: Duration | None
    span: Span


ConnectOption = Setting | RingStrategy | Music | Quoted | Whisper | Confirm
ConnectClause = Clause | Press


class Connect(Node):
    """`connect sales for 20s { … }`."""

    target: Ident | Text | DialledExtension | LastAgent
    options: tuple[ConnectOption, ...]
    clauses: tuple[ConnectClause, ...]
    span: Span


class Voicemail(Node):
    """`voicemail sales max 2m`."""

    box: Ident | Text | DialledExtension
    options: tuple[Setting | GreetingItems, ...]
    span: Span


class Every(Node):
    """`every 30s play …`."""

    duration: Duration
    passage: PlayItems
    span: Span


class After(Node):
    """`after 2m also support`."""

    duration: Duration
    group: Ident
    span: Span


QueueOption = Setting | RingStrategy | Music | Quoted | Whisper | Confirm | Amount
QueueClause = Every | After | Press | Clause


class Queue(Node):
    """`queue sales for 5m { … }`."""

    group: Ident
    options: tuple[QueueOption, ...]
    clauses: tuple[QueueClause, ...]
    span: Span


class Callback(Node):
    """`callback sales to caller.number within 2h`."""

    group: Ident | None
    number: Expression | None
    within: Duration | None
    span: Span


CollectOption = Amount | Quoted | Tries | Setting | Flag
CollectClause = Play | Retry | Clause


class Collect(Node):
    """`collect account up to 8 until "#" { … }`."""

    name: Ident
    options: tuple[CollectOption, ...]
    clauses: tuple[CollectClause, ...]
    span: Span


class Conference(Node):
    """`conference "room" pin "1234" up to 5`."""

    room: Text
    options: tuple[Quoted | Amount | Flag, ...]
    span: Span


class Transfer(Node):
    """`transfer "sip:…"`."""

    uri: Text
    span: Span


Statement = (
    Answer
    | Play
    | Wait
    | SetName
    | Language
    | Goto
    | Again
    | Hangup
    | Reject
    | RecordCall
    | RecordMessage
    | ChangeRecording
    | When
    | Match
    | Split
    | Repeat
    | Run
    | Return
    | Menu
    | Collect
    | Connect
    | Queue
    | Voicemail
    | Callback
    | Conference
    | Transfer
    | Remember
    | Forget
    | Force
    | Release
    | Fetch
    | Notify
    | Tag
)
