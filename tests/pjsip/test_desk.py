"""Where recordings and messages go."""

from pathlib import Path

import pytest

from callflow.pjsip.files import message_path, recording_path


@pytest.mark.parametrize("box", ["sales", "..", "../..", "/etc", "a/b", ".hidden", "\x00", "Büro 1"])
def test_a_message_stays_within_the_folder_of_messages_whatever_its_box_is_called(tmp_path: Path, box: str) -> None:
    path = message_path(tmp_path, box, "20260101-000000-c0ffee", 3).resolve()
    assert path.parent.parent == (tmp_path / "voicemail").resolve()


def test_what_is_said_for_the_call_itself_is_in_nobodys_box(tmp_path: Path) -> None:
    assert message_path(tmp_path, "", "20260101-000000-c0ffee", 3).parent == tmp_path / "said"


def test_recordings_of_one_call_have_different_names(tmp_path: Path) -> None:
    names = [recording_path(tmp_path, "20260101-000000-c0ffee", number).name for number in (1, 2)]
    assert names == ["20260101-000000-c0ffee.wav", "20260101-000000-c0ffee-2.wav"]
