"""Journals as files: what is written is read, whatever becomes of the scheme; what is damaged is told."""

import json
import stat
from pathlib import Path

import pytest

from callflow.engine.events import CallOffered
from callflow.journals.shelf import JournalRefused, Shelf, read_journal
from callflow.machine.model import Machine
from callflow.runner.journal import Entry
from callflow.sim.play import play
from callflow.sim.scenario import load
from tests.engine.world import machine_of

MACHINE = machine_of('start { answer menu { play "One?" press 1 hangup } }')
(SCRIPT,) = load("scenarios: [{ name: a, steps: [during: One, press: 1] }]").scenarios


def journal_of(machine: Machine) -> tuple[Entry, ...]:
    return play(machine, SCRIPT).journal


def kept(folder: Path, machine: Machine = MACHINE, call_id: str = "abc") -> Path:
    journal = journal_of(machine)
    assert isinstance(journal[0].event, CallOffered)
    book = Shelf(folder, machine, "line.flow").begin(call_id, journal[0].event)
    for entry in journal:
        book.add(entry)
    book.close()
    return book.path


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    path = kept(tmp_path / "new" / "folder")
    found = read_journal(path)
    assert found.machine == MACHINE
    assert found.scheme == "line.flow"
    assert found.journal == journal_of(MACHINE)


def test_machines_stand_once_beside_their_calls_and_only_the_owner_reads(tmp_path: Path) -> None:
    other = machine_of("start { answer hangup }")
    paths = [kept(tmp_path, call_id="1"), kept(tmp_path, call_id="2"), kept(tmp_path, other, "3")]
    assert len(list(tmp_path.glob("machine-*.json"))) == 2
    assert read_journal(paths[2]).machine == other
    assert stat.S_IMODE(paths[0].stat().st_mode) == 0o600


def test_the_name_of_a_call_is_no_way_out_of_the_folder(tmp_path: Path) -> None:
    path = kept(tmp_path, call_id="../../x y\n")
    assert path.parent == tmp_path
    assert path.name.endswith("-..-..-x-y-.jsonl")


def test_two_calls_of_one_name_at_one_time_do_not_mix(tmp_path: Path) -> None:
    kept(tmp_path)
    with pytest.raises(FileExistsError):
        kept(tmp_path)


def test_a_last_line_that_is_not_whole_is_left_out(tmp_path: Path) -> None:
    path = kept(tmp_path)
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    assert read_journal(path).journal == journal_of(MACHINE)[:-1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no journal"),
        ("hello\n", "is no journal"),
        ("[1]\n", "is no journal"),
        ('{"journal":9,"machine":"abc","scheme":""}\n', "of another version"),
        ('{"journal":1,"machine":"../x","scheme":""}\n', "of another version"),
        ('{"journal":1,"machine":"0123","scheme":""}\n', "holds no call"),
        ('{"journal":1,"machine":"0123","scheme":""}\nx\nx\n', ":2: "),
    ],
)
def test_what_is_no_journal_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(JournalRefused, match=said):
        read_journal(path)


def test_a_machine_that_is_gone_is_told(tmp_path: Path) -> None:
    path = kept(tmp_path)
    (machine,) = tmp_path.glob("machine-*.json")
    machine.write_text(json.dumps({"machine": 1}), encoding="utf-8")
    with pytest.raises(JournalRefused, match=machine.name):
        read_journal(path)
    machine.unlink()
    with pytest.raises(JournalRefused, match="is not beside it"):
        read_journal(path)
