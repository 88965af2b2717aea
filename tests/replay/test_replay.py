"""A call that was kept is made again: on its own machine it goes the same way, on another as far as that is alike."""

from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result

from callflow.cli import main
from callflow.engine.effects import Play
from callflow.machine.model import Machine
from callflow.replay.again import is_secret, strayed, tape_of
from callflow.replay.driver import Again, again
from callflow.replay.tape import Tape
from callflow.runner.journal import Entry
from callflow.sim.beside import happened
from callflow.sim.play import play
from callflow.sim.scenario import load
from tests.engine.world import AGENTS, machine_of
from tests.sim.test_every_construct import SCRIPTS, compiled

OLD = (
    AGENTS
    + """
start {
    answer
    play "Welcome."
    menu timeout 5s { play "Press 1 or 2." press 1 goto desk press 2 voicemail anna }
    hangup
}
flow desk { connect anna for 9s connect boris for 9s hangup }
"""
)
CALL = """
scenarios:
- name: a
  agents: { anna: busy, boris: "answers after 3s, hangs up after 20s" }
  steps: [during: Press, wait: 1s, press: 1]
"""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_scripted_call_goes_the_same_way_again(script: Path) -> None:
    machine = compiled(script).machine
    assert machine is not None
    for scenario in load(script.read_text(encoding="utf-8")).scenarios:
        journal = play(machine, scenario).journal
        assert is_secret(journal) or strayed(machine, journal) is None, scenario.name
        made = again(machine, tape_of(machine, journal))
        assert happened(made.journal) == happened(journal), scenario.name
        assert made.unknown == (), scenario.name


def called(text: str = CALL, scheme: str = OLD) -> tuple[Machine, tuple[Entry, ...]]:
    machine = machine_of(scheme)
    (scenario,) = load(text).scenarios
    return machine, play(machine, scenario).journal


def on(new: str, text: str = CALL, old: str = OLD) -> Again:
    machine, journal = called(text, old)
    return again(machine_of(new), Tape(machine, journal))


def test_a_step_that_comes_out_otherwise_is_found() -> None:
    machine, journal = called()
    play_at = next(n for n, one in enumerate(journal) if any(isinstance(e, Play) for e in one.effects))
    changed = list(journal)
    changed[play_at] = attrs.evolve(journal[play_at], effects=())
    found = strayed(machine, changed)
    assert found is not None
    assert found.number == play_at
    assert found.now == journal[play_at]


def test_the_caller_presses_as_long_after_the_menu_began() -> None:
    made = on(OLD.replace('play "Welcome."', 'play "Welcome to a company with a name that is much longer."'))
    assert "bridge boris" in happened(made.journal)
    assert made.undone == ()


def test_what_the_caller_has_no_occasion_to_do_is_told() -> None:
    made = on(OLD.replace("menu timeout", "hangup menu timeout"))
    assert [act.key for act in made.undone] == ["1"]


def test_agents_do_what_they_did_and_others_do_not_answer() -> None:
    made = on(OLD.replace("connect anna for 9s", "").replace("hangup }\n", "}\n"))
    assert "bridge boris" in happened(made.journal)
    other = on(
        OLD.replace("agent anna", 'agent carol "sip:carol@x"\nagent anna').replace("connect anna", "connect carol")
    )
    assert other.unknown == ("carol does not answer",)


@pytest.mark.parametrize(
    "new",
    [
        "start { answer queue both for 30s voicemail anna }",
        'timezone "UTC"\nschedule office "Mo-Fr 09:00-18:00"\nstart { answer when office open play "Open." hangup }',
        'start { answer connect last agent for 9s when both.available > 0 play "There." hangup }',
        'start { answer fetch crm from "https://x.example" transfer "sip:x@x.example" hangup }',
        'start { answer conference "room" }',
        "start { answer connect both for 9s ring longest idle }",
    ],
)
def test_what_the_journal_does_not_know_is_usual_and_told(new: str) -> None:
    made = on(AGENTS + new)
    assert made.unknown
    assert made.journal[-1].state is not None


def test_a_caller_who_hung_up_does_so_where_they_did_or_when() -> None:
    early = CALL.replace("press: 1]", "press: 1, wait: 5s, hangup]")
    assert happened(on(OLD, early).journal)[-1] == "hangup caller"
    never = "start { answer repeat 20 { wait 10m } }"
    made = on(never, early)
    _, journal = called(early)
    assert made.journal[-1].event.at_ms == journal[-1].event.at_ms


SECRET = """
start {
    answer
    collect pin digits 4 secret { play "PIN?" otherwise hangup }
    when pin == "4711" play "In." else play "Out."
    hangup
}
"""


@pytest.mark.parametrize(("keys", "said"), [("4711", "In."), ("1234", "Out.")])
def test_keys_that_are_crossed_out_are_others_that_lead_the_same_way(keys: str, said: str) -> None:
    machine, journal = called(f"scenarios: [{{ name: a, steps: [during: PIN, press: {keys}] }}]", SECRET)
    assert is_secret(journal)
    tape = tape_of(machine, journal)
    assert tape.guessed
    assert f'play "{said}"' in happened(again(machine, tape).journal)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "line.flow").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.flow").write_text(OLD.replace("connect anna for 9s ", ""), encoding="utf-8")
    (tmp_path / "line.call.yaml").write_text(CALL, encoding="utf-8")
    return tmp_path


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in args], catch_exceptions=False)


def test_the_commands(files: Path) -> None:
    played = run("simulate", files / "line.flow", files / "line.call.yaml", "--journals", files / "kept")
    assert played.exit_code == 0, played.output
    (journal,) = (files / "kept").glob("*.jsonl")
    same = run("replay", journal)
    assert same.exit_code == 0
    assert same.output == "the call goes the same way\n"
    other = run("replay", journal, "--on", files / "new.flow")
    assert other.exit_code == 1
    assert "≠ ring anna" in other.output
    assert '"same": false' in run("replay", journal, "--on", files / "new.flow", "--format", "json").output
    assert run("replay", journal, "--ladder").output.count("caller                            callflow") == 2


def test_what_cannot_be_replayed(files: Path) -> None:
    result = run("replay", files / "line.flow")
    assert result.exit_code == 2
    assert "is no journal" in result.output
    assert run("simulate", files / "line.flow", "--journals", files / "kept").exit_code == 2
    (files / "file").write_text("", encoding="utf-8")
    blocked = run("simulate", files / "line.flow", files / "line.call.yaml", "--journals", files / "file")
    assert blocked.exit_code == 2
