"""`callflow calendar`: what somebody sees of the schedules, and what is said to wrong dates."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import main

SCHEME = """\
timezone "Europe/Berlin"
region DE

schedule office "Mo-Fr 09:00-18:00; PH off; Dec 24 09:00-12:00 \\"short day\\""
schedule early "01:00-02:30"

start {
    when office closed and early closed reject unavailable
    connect "sip:anna@pbx.example"
}
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def scheme(tmp_path: Path) -> str:
    path = tmp_path / "line.flow"
    path.write_text(SCHEME, "utf-8")
    return str(path)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["calendar", *words], catch_exceptions=False)


def shown(*words: str) -> list[str]:
    done = run(*words)
    assert done.exit_code == 0, done.output
    return [line.rstrip() for line in done.stdout.splitlines()]


def test_days_are_shown_with_what_makes_them_odd(scheme: str) -> None:
    assert shown(scheme, "--schedule", "office", "--from", "2026-12-23", "--to", "2026-12-26") == [
        'office  Mo-Fr 09:00-18:00; PH off; Dec 24 09:00-12:00 "short day"',
        "  Wed 2026-12-23  09:00-18:00",
        "  Thu 2026-12-24  09:00-12:00                 short day",
        "  Fri 2026-12-25  closed                      public holiday: Erster Weihnachtstag",
        "  Sat 2026-12-26  closed                      public holiday: Zweiter Weihnachtstag",
        "",
        "times of Europe/Berlin, public holidays of DE",
    ]


def test_nights_in_which_the_clock_is_changed_are_marked(scheme: str) -> None:
    page = shown(scheme, "--schedule", "early", "--from", "2026-10-24", "--to", "2026-10-25")
    assert page[2:] == [
        "  Sun 2026-10-25  01:00-02:30*                clock back from 03:00 to 02:00",
        "",
        "times of Europe/Berlin",
        "* the second time that the clock shows it",
    ]
    page = shown(scheme, "--schedule", "early", "--from", "2026-03-29", "--to", "2026-03-29")
    assert page[1] == "  Sun 2026-03-29  01:00-03:00                 clock forward from 02:00 to 03:00"


def test_two_weeks_of_all_schedules_are_shown_unless_asked_otherwise(scheme: str) -> None:
    page = shown(scheme)
    assert len([line for line in page if re.match(r"  \w{3} \d{4}-", line)]) == 2 * 14
    assert re.fullmatch(r"  now (open until|closed, opens) .+", page[1])


def test_the_next_changes_are_shown(scheme: str) -> None:
    assert shown(scheme, "--schedule", "office", "--from", "2026-12-24", "--next", "3")[1:4] == [
        "  Thu 2026-12-24 09:00  opens   short day",
        "  Thu 2026-12-24 12:00  closes",
        "  Mon 2026-12-28 09:00  opens",
    ]


def test_a_change_at_the_first_midnight_counts(tmp_path: Path) -> None:
    path = tmp_path / "line.flow"
    path.write_text(SCHEME.replace("01:00-02:30", "2026 Dec 24"), "utf-8")
    page = shown(str(path), "--schedule", "early", "--from", "2026-12-24", "--next", "3")
    assert page[1:4] == [
        "  Thu 2026-12-24 00:00  opens   2026 Dec 24",
        "  Fri 2026-12-25 00:00  closes",
        "  no further change within 366 days",
    ]
    assert shown(str(path), "--schedule", "early", "--from", "2027-01-01", "--next", "3")[1] == (
        "  no change within 366 days"
    )


def test_json_holds_instants_with_their_offset(scheme: str) -> None:
    words = (scheme, "--schedule", "early", "--format", "json")
    page = json.loads("\n".join(shown(*words, "--from", "2026-10-25", "--to", "2026-10-25")))
    assert page["schedules"][0]["days"] == [
        {
            "date": "2026-10-25",
            "open": [{"from": "2026-10-25T01:00+02:00", "to": "2026-10-25T02:30+01:00", "reason": ""}],
            "reasons": [],
            "clock": {"from": "03:00", "to": "02:00"},
        }
    ]
    page = json.loads("\n".join(shown(*words, "--from", "2026-10-25", "--next", "1")))
    assert page == {
        "timezone": "Europe/Berlin",
        "region": "DE",
        "schedules": [
            {
                "name": "early",
                "hours": "01:00-02:30",
                "changes": [{"at": "2026-10-25T01:00+02:00", "open": True, "reason": ""}],
            }
        ],
    }


def test_colours_are_for_terminals(scheme: str) -> None:
    words = (scheme, "--from", "2026-12-25", "--to", "2026-12-25")
    assert "\x1b" not in run(*words).output
    coloured = CliRunner(env={"FORCE_COLOR": "1"}).invoke(main, ["calendar", *words], color=True).output
    assert "\x1b[33mpublic holiday: Erster Weihnachtstag\x1b[0m" in coloured


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--from", "2026-13-01"], "`--from 2026-13-01` is no date such as `2026-12-24`"),
        (["--from", "today"], "`--from today` is no date such as `2026-12-24`"),
        (["--to", "9999-12-31"], "`--to 9999-12-31` does not lie between 1970 and 2099"),
        (["--from", "2026-01-01", "--to", "2027-01-02"], "from 2026-01-01 to 2027-01-02 are more than 366 days"),
        (["--from", "2026-01-02", "--to", "2026-01-01"], "the last day, 2026-01-01, lies before the first, 2026-01-02"),
        (["--next", "3", "--to", "2026-01-01"], "`--next` counts changes and `--to` names a day: use one of them"),
        (["--next", "0"], "0 is not in the range"),
        (["--schedule", "ofice"], "no schedule is called `ofice`; did you mean `office`?"),
        (["--schedule", "xyzzy"], "no schedule is called `xyzzy`; the scheme has `office` and `early`"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(scheme: str, words: list[str], message: str) -> None:
    done = run(scheme, *words)
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_year_is_the_most_that_is_shown(scheme: str) -> None:
    page = shown(scheme, "--schedule", "early", "--from", "2028-01-01", "--to", "2028-12-31")
    assert len(page) == 1 + 366 + 3


def test_a_scheme_without_schedules_says_so(tmp_path: Path) -> None:
    path = tmp_path / "line.flow"
    path.write_text("start { answer hangup }\n", "utf-8")
    done = run(str(path))
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "the scheme has no schedules\n")
    assert "no schedule is called `office`; it has none" in run(str(path), "--schedule", "office").stderr
