"""Where recordings and messages go."""

from pathlib import Path

import pytest

from callflow.pjsip.desk import Desk
from callflow.pjsip.sounds import Sounds
from tests.engine.world import machine_of


class Nobody:
    """Speaks nothing and knows no schedule."""

    def sound_for(self, text: str, language: str) -> Path:
        raise AssertionError((text, language))

    def report(self, schedule: str, ticket: int, at_ms: int, wall_ms: int) -> None:
        raise AssertionError((schedule, ticket, at_ms, wall_ms))


@pytest.mark.parametrize("box", ["sales", "..", "../..", "/etc", "a/b", "", ".hidden", "\x00", "Büro 1"])
def test_a_message_stays_within_the_folder_of_messages_whatever_its_box_is_called(tmp_path: Path, box: str) -> None:
    desk = Desk(
        machine=machine_of("start { answer hangup }"),
        almanac=Nobody(),  # type: ignore[arg-type]
        sounds=Sounds(tmp_path, Nobody(), tmp_path),
        recordings=tmp_path,
        trunk="",
        agents={},
        busy=set(),
        on_entry=lambda _call, _entry: None,
        on_note=lambda _call, _text: None,
    )
    path = desk.message_path(box, "20260101-000000", "c0ffee", 3).resolve()
    assert path.parent.parent == (tmp_path / "voicemail").resolve()
