"""What the compiler says, in full, to one scheme for every code. Read the `.golden` files as prose."""

from pathlib import Path

import pytest

from callflow.report.codes import all_codes
from tests.goldens import cases

CODES = tuple(all_codes())


@pytest.mark.parametrize("code", CODES)
def test_a_problem_is_told_as_in_its_golden(code: str, tmp_path: Path, update_golden: bool) -> None:  # noqa: FBT001
    text, expected = cases.read(code)
    told = cases.outcome(code, text, tmp_path)
    if update_golden:
        cases.write(code, text, told)
    else:
        assert told == expected


def test_every_golden_belongs_to_a_code() -> None:
    assert sorted(path.stem for path in cases.FOLDER.glob("*.golden")) == sorted(CODES)


def test_a_golden_says_what_its_input_is_made_of() -> None:
    for code, (what, _) in cases.GENERATED.items():
        assert cases.read(code)[0] == f"({what})\n"


def test_no_golden_is_longer_than_somebody_reads() -> None:
    for code in CODES:
        assert (cases.FOLDER / f"{code}.golden").stat().st_size <= 3_072, code
