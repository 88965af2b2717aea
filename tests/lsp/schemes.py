"""A scheme with every kind of name in every kind of place."""

EVERYTHING = """\
scheme "Everything"
timezone "Europe/Berlin"
region DE
language de, en

schedule office "Mo-Fr 09:00-18:00; PH off"
list vips "+4917*", region AT
agent anna "sip:anna@pbx.example" extension 301 skills cooling
agent boris "sip:boris@pbx.example" extension 302 skills cooling, vip
# Who sells.
# And who advises.
group sales anna, boris ring in turn
group experts needs vip
prompt welcome {
    de "Willkommen."
    en "Welcome."
}
prompt tune "tune.wav"
number "+49 30 23125 199" goto help

start {
    answer
    set rounds = 1
    language en
    play welcome, "You are {caller.number}, round {rounds}."
    when office closed and rounds < 3 goto help
    when caller.number in vips {
        connect last agent of sales
        queue sales for 5m music tune {
            every 30s play welcome
            after 2m also experts
        }
    }
    run survey
    collect account up to 8 { play welcome }
    fetch crm from "https://x.example/{account}" { failed goto help }
    when crm.tier == "gold" and sales.available > 0 force office closed for 2h
    set opens = office.opens
    release office
    callback sales to caller.number
}

flow survey {
    record message max 10s into said
    play said
    remember said_before = rounds for 30d
    forget said_before
    connect anna whisper welcome
}

flow help {
    voicemail sales greeting welcome
}
"""


def offset_of(where: str, text: str = EVERYTHING) -> int:
    """Return the offset of the `|` in words that stand in a text."""
    assert text.count(where.replace("|", "")) == 1, where
    return text.index(where.replace("|", "")) + where.index("|")
