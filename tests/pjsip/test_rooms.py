"""Conference rooms: who hears whom, as pairs of numbers and on real calls."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.engine.events import RoomEnd, RoomJoined, RoomLeft
from callflow.pjsip.rooms import Rooms
from callflow.speech.wav import write_tone
from tests.phones.goertzel import segments, tone_level
from tests.phones.phone import Phone
from tests.port.served import Served


class Wires:
    """The pairs that are connected now. Connecting twice, or what is not connected, is a mistake."""

    def __init__(self) -> None:
        self.pairs: set[tuple[int, int]] = set()

    def link(self, source: int, sink: int) -> None:
        assert (source, sink) not in self.pairs
        self.pairs.add((source, sink))

    def unlink(self, source: int, sink: int) -> None:
        self.pairs.remove((source, sink))


def test_everybody_hears_all_the_others_and_nobody_themselves() -> None:
    wires = Wires()
    rooms = Rooms(wires.link, wires.unlink)
    changed: list[int] = []
    for leg in (1, 2, 3):
        rooms.enter("r", leg, lambda leg=leg: changed.append(leg))  # type: ignore[misc]
    rooms.enter("r", 3, lambda: changed.append(0))
    assert wires.pairs == {(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)}
    assert rooms.others(1) == (2, 3)
    assert changed == [1, 1, 2, 1, 2, 3]
    changed.clear()
    rooms.leave(2)
    rooms.leave(2)
    assert wires.pairs == {(1, 3), (3, 1)}
    assert changed == [1, 3, 2]
    assert rooms.others(2) == ()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5), st.booleans())))
def test_at_any_time_exactly_those_of_one_room_are_connected(steps: list[tuple[str, int, bool]]) -> None:
    wires = Wires()
    rooms = Rooms(wires.link, wires.unlink)
    where: dict[int, str] = {}
    for room, leg, enters in steps:
        if enters:
            rooms.enter(room, leg, lambda: None)
            where[leg] = room
        else:
            rooms.leave(leg)
            where.pop(leg, None)
        together = {(a, b) for a in where for b in where if a != b and where[a] == where[b]}
        assert wires.pairs == together
        for one in where:
            assert set(rooms.others(one)) == {b for a, b in together if a == one}


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Return what closes phones and servers in the right order."""
    with ExitStack() as stack:
        yield stack


def in_room(served: Served, phone: Phone, told: str = "in the room") -> None:
    """Have a phone call in, and wait until it is in the room."""
    phone.dial(served.uri)
    phone.wait_for("established")
    served.until_line(told)


def recorded(path: Path, phone: Phone) -> Path:
    """Record what a phone hears for a while."""
    phone.record(path)
    time.sleep(1.2)
    phone.record(None)
    return path


def test_three_callers_hear_each_other_until_one_leaves(tmp_path: Path, stack: ExitStack) -> None:
    served = stack.enter_context(Served('start { answer conference "room" hangup }', tmp_path))
    tones = (440, 660, 1_100)
    phones = [stack.enter_context(Phone(tone_hz=hz)) for hz in tones]
    for phone in phones:
        in_room(served, phone)
    time.sleep(0.3)
    for number, phone in enumerate(phones):
        heard = recorded(tmp_path / f"{number}.wav", phone)
        levels = [tone_level(heard, hz) for hz in tones]
        assert levels[number] < 0.02
        assert all(0.3 < level < 0.7 for other, level in enumerate(levels) if other != number), levels
    phones[2].hangup()
    served.until_over()
    time.sleep(0.3)
    heard = recorded(tmp_path / "after.wav", phones[0])
    assert tone_level(heard, 660) > 0.9
    phones[0].hangup()
    phones[1].hangup()
    served.until_over()
    served.until_over()


def test_a_guest_hears_music_until_the_moderator_comes_and_leaves_with_them(tmp_path: Path, stack: ExitStack) -> None:
    scheme = (
        'number "+49 30 1234567" goto host\nstart { answer conference "room" guest }\n'
        'flow host { answer record call conference "room" moderator }'
    )
    served = stack.enter_context(Served(scheme, tmp_path))
    guest = stack.enter_context(Phone(tone_hz=440))
    host = stack.enter_context(Phone(tone_hz=660))
    in_room(served, guest, "waits for the moderator")
    time.sleep(0.3)
    before = recorded(tmp_path / "before.wav", guest)
    assert tone_level(before, 660) < 0.02
    assert not silent(before)
    host.dial(f"sip:+49301234567@127.0.0.1:{served.port}")
    host.wait_for("established")
    time.sleep(0.8)
    during = recorded(tmp_path / "during.wav", guest)
    assert tone_level(during, 660) > 0.9
    assert tone_level(recorded(tmp_path / "host.wav", host), 440) > 0.9
    host.hangup()
    served.until_over()
    guest.wait_for("closed")
    journal = served.until_over()
    (recording,) = tmp_path.glob("20*.wav")
    assert tone_level(recording, 660) > 0.3
    assert tone_level(recording, 440) > 0.3
    opened = [entry.event.opened for entry in journal if isinstance(entry.event, RoomJoined)]
    assert opened == [False, True, True]
    assert RoomEnd.CLOSED in [entry.event.end for entry in journal if isinstance(entry.event, RoomLeft)]


def silent(path: Path) -> bool:
    from tests.phones.goertzel import samples_of

    samples, _rate = samples_of(path)
    return max(map(abs, samples), default=0) < 200


def test_a_room_that_is_full_is_not_entered(tmp_path: Path, stack: ExitStack) -> None:
    write_tone(tmp_path / "full.wav", 1_500, 600)
    scheme = 'start { answer conference "room" up to 2 play "full.wav" hangup }'
    served = stack.enter_context(Served(scheme, tmp_path))
    phones = [stack.enter_context(Phone()) for _ in range(2)]
    for phone in phones:
        in_room(served, phone)
    third = stack.enter_context(Phone(record=tmp_path / "third.wav"))
    third.dial(served.uri)
    served.until_over()
    assert segments(tmp_path / "third.wav", 1_500)
    for phone in phones:
        phone.hangup()
        served.until_over()
