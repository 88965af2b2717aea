"""Schemes that parse and make little sense: names that nobody declared, values of any kind, ways that lead anywhere."""

from hypothesis import strategies as st

from callflow.syntax.unexpected import DECLARATIONS

NAMES = ("anna", "boris", "both", "hello", "office", "x", "y", "nobody", "start", "f1", "f2", "digits")
TEXTS = (
    '""',
    '" "',
    '"plain"',
    '"{x}"',
    '"{caller.number} {nobody} {x + 1}"',
    '"{office open}"',
    '"a.wav"',
    '"../a.wav"',
    '"{x}.wav"',
    '"sip:x@y.example"',
    '"+49 30 1234567"',
    '"Mo-Fr 09:00-18:00; PH off"',
    '"off"',
    '"Europe/Berlin"',
    '"\\"\\\\\\{"',
)
DURATIONS = ("0s", "1ms", "500ms", "2s", "1.5m", "20s", "30h", "9999999999999999999999d")
NUMBERS = ("0", "1", "2", "3", "20", "101", "12345678901234567", "9" * 30)
TAGS = ("en", "de", "fr", "DE-BY", "xx")

name = st.sampled_from(NAMES)
member = st.sampled_from([one for one in NAMES if one not in DECLARATIONS])
"""A group may have no members, so a word that begins a declaration is none."""
text = st.sampled_from(TEXTS)
duration = st.sampled_from(DURATIONS)
number = st.sampled_from(NUMBERS)
tag = st.sampled_from(TAGS)
key = st.sampled_from(("1", "2", "12", "101", "*", '"#"', '"1#"', '"a"', '""', '"{x}"'))
flow = st.sampled_from(("start", "f1", "f2", "nowhere"))


def maybe(one: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), one)


def words(*parts: "str | st.SearchStrategy[str]") -> st.SearchStrategy[str]:
    """Return parts one after another, with spaces between them."""
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map(" ".join)


def several(one: st.SearchStrategy[str], least: int = 0, most: int = 3, between: str = " ") -> st.SearchStrategy[str]:
    return st.lists(one, min_size=least, max_size=most).map(between.join)


reference = st.one_of(name, st.sampled_from(("caller.number", "caller.name", "called.number", "agent.name", "a.b")))
value = st.one_of(number, duration, text, st.sampled_from(("true", "false", "none")), reference)


def _larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    condition = st.one_of(
        words("(", part, st.sampled_from(("==", "!=", "<", "<=", ">", ">=")), part, ")"),
        words("(", part, "matches", text, ")"),
        words("(", part, "in (", several(text, 1, 3, ", "), "))"),
        words("(", name, st.sampled_from(("open", "closed")), ")"),
    )
    return st.one_of(
        condition,
        words("(", part, st.sampled_from(("+", "-", "*")), part, ")"),
        words("(", condition, st.sampled_from(("and", "or")), condition, ")"),
        words("( not", condition, ")"),
    )


expression = st.recursive(value, _larger, max_leaves=6)
item = st.one_of(text, name)
heard = several(item, 1, 2, ", ")
items = words(heard, maybe(st.just("uninterrupted")))
target = st.one_of(name, text, st.just("extension"))
strategy = st.sampled_from(("ring all", "ring in turn"))
simple = st.one_of(
    st.sampled_from(("answer", "hangup", "again", "reject busy", "record call", "record call agent")),
    words("goto", flow),
    words("wait", duration),
    words("language", tag),
    words("play", items),
    words("set", name, "=", expression),
    words(
        "voicemail",
        st.one_of(name, text, st.just("extension")),
        maybe(words("max", duration)),
        maybe(words("greeting", item)),
    ),
    words("connect", target, maybe(words("for", duration)), maybe(strategy), maybe(words("each", duration))),
    words("connect", target, "music", maybe(item)),
    words(
        "connect last agent", maybe(words("of", name)), maybe(words("within", duration)), maybe(words("whisper", heard))
    ),
    words("connect", target, maybe(words("as", text)), maybe(st.sampled_from(("confirm", "confirm any key")))),
    words("queue", name, maybe(words("for", duration)), maybe(words("priority", number)), maybe(words("size", number))),
    words("callback", maybe(name), maybe(words("to", expression)), maybe(words("within", duration))),
    words("conference", text, maybe(words("pin", text)), maybe(words("up to", number)), st.sampled_from(("", "guest"))),
    words("transfer", text),
    words("record message", maybe(words("max", duration)), "into", name),
    words(
        st.sampled_from(("record call", "pause recording", "stop recording", "again", "return", "run f1", "release x"))
    ),
    words("remember", name, "=", expression, maybe(words("for", duration))),
    words("set", name, "= {", several(words(name, ":", expression), between=", "), "}"),
    words("forget", name),
    words(
        "force",
        name,
        st.sampled_from(("open", "closed")),
        st.sampled_from(("", "for 2h", "until 18:00", "until 99:99")),
    ),
    words(
        "fetch",
        name,
        "from",
        text,
        maybe(words("timeout", duration)),
        maybe(words("post {", name, ":", expression, "}")),
    ),
    words("notify", text, maybe(words("{", name, ":", expression, "}"))),
    words("tag", text),
)


def _around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.one_of(simple, several(inner).map("{{ {} }}".format))
    block = several(inner).map("{{ {} }}".format)
    ends = ("silence", "invalid", "otherwise", "otherwise silence", "otherwise invalid")
    asked = st.one_of(words("play", items), words("retry play", items), words(st.sampled_from(ends), body))
    clause = st.one_of(asked, words("press", key, body), words("dial extension", maybe(block)))
    option = st.one_of(
        words("tries", number),
        words("tries", number, "silence", number, "invalid"),
        words(st.sampled_from(("timeout", "pause")), duration),
    )
    outcome = st.sampled_from(("busy", "no answer", "rejected", "unreachable", "failed", "answered"))
    return st.one_of(
        words("when", expression, block, maybe(words("else", body))),
        words("when", expression, simple, "else", block),
        words("menu", several(option), "{", several(clause, most=5), "}"),
        words("connect", target, "{", several(st.one_of(words(outcome, body), words("press", key, body)), most=5), "}"),
        words(
            "queue",
            name,
            "{",
            several(
                st.one_of(
                    words(st.sampled_from(("full", "empty", "answered")), body),
                    words("press", key, body),
                    words("every", duration, "play", heard),
                    words("after", duration, "also", name),
                ),
                most=5,
            ),
            "}",
        ),
        words(
            "collect",
            name,
            maybe(words("digits", number)),
            maybe(words("until", text)),
            maybe(words("matching", text)),
            st.sampled_from(("", "secret")),
            "{",
            several(asked, most=3),
            "}",
        ),
        words(
            "match",
            expression,
            "{",
            several(words(st.one_of(number, text), body)),
            maybe(words("otherwise", body)),
            "}",
        ),
        words("split {", several(words(number.map("{}%".format), body)), maybe(words("otherwise", body)), "}"),
        words("repeat", number, block),
        words("fetch", name, "from", text, "{ failed", body, "}"),
    )


statement = st.recursive(simple, _around, max_leaves=8)
declaration = st.one_of(
    words("scheme", text),
    words("timezone", text),
    words("region", tag),
    words("language", several(tag, 1, 3, ", ")),
    words("number", text, "goto", flow),
    words("schedule", name, text),
    words("agent", name, text, maybe(words("extension", number))),
    words("group", name, several(member, 1, 3, ", "), maybe(strategy), maybe(words("each", duration))),
    words("prompt", name, text),
    words("prompt", name, "{", several(words(tag, maybe(st.just("file")), text)), maybe(words("file", text)), "}"),
    words("list", name, several(st.one_of(text, words("region", tag)), 1, 3, ", ")),
    words("import", text),
    words("on", st.sampled_from(("hangup", "limit", "trouble")), "{", several(statement, most=3), "}"),
    words("agent", name, text, "skills", name, maybe(words("limit", number)), "confirm"),
    words("group", name, "needs", name, maybe(words("wrap up", duration))),
    words("flow", flow.filter("start".__ne__), "{", several(statement, most=5), "}"),
)
scheme = st.tuples(
    several(declaration, most=6, between="\n"), words("start {", several(statement, most=6), "}"), several(declaration)
).map("\n".join)
"""Grammatical throughout; most have a dozen problems, some have none."""
