"""The plugin of pytest: scenarios are tests, found, chosen, reported and told about as other tests are."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

SCHEME = """
agent anna "sip:anna@pbx.example"
agent boris "sip:boris@pbx.example"
group both anna, boris
start { answer menu tries 1 { play "Press 1." press 1 connect both for 9s } hangup }
"""
CALLS = """
flow: line.flow
scenarios:
- name: somebody answers
  agents: { boris: "answers after 3s, hangs up after 9s" }
  steps: [during: Press, press: 1]
  expect: { outcome: answered, rang: [anna, boris] }
- name: nobody is asked for
  steps: [during: Press, press: 1]
  expect: { rang: [anna, carla] }
"""
INI = "[pytest]\naddopts = -p no:cacheprovider -p no:xdist -p no:timeout -p no:sybil\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with a scheme and two scenarios, one of which fails."""
    (tmp_path / "line.flow").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "line.call.yaml").write_text(CALLS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(INI, encoding="utf-8")
    return tmp_path


def run(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as an integrator does. Where the project is not installed, the plugin is named."""
    named = ["-p", "callflow.pytest_plugin"] if not _is_installed() else []
    command = [sys.executable, "-m", "pytest", *named, *options]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)


def _is_installed() -> bool:
    from importlib.metadata import entry_points

    return any(one.value == "callflow.pytest_plugin" for one in entry_points(group="pytest11"))


def test_scenarios_are_tests_with_names(project: Path) -> None:
    done = run(project, "-v")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "line.call.yaml::somebody answers PASSED" in done.stdout
    assert "line.call.yaml::nobody is asked for FAILED" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_failure_tells_where_and_marks_the_first_difference(
    project: Path, monkeypatch: pytest.MonkeyPatch, ci: str
) -> None:
    # pytest shortens its summary on a terminal, and not in CI.
    monkeypatch.setenv("CI", ci)
    told = run(project).stdout
    assert f"{project / 'line.call.yaml'}:10: `rang` should be anna, carla, but is anna, boris" in told
    (marked,) = [line for line in told.splitlines() if line.startswith("▶")]
    assert "presses 1" in marked
    (summed,) = [line for line in told.splitlines() if line.startswith("FAILED")]
    assert "nobody is asked for - `rang` should be" in summed
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["-k", "somebody"], "1 passed, 1 deselected"),
        (["-m", "not callflow"], "2 deselected"),
        (["-x", "-k", "asked"], "1 failed, 1 deselected"),
        (["-o", "callflow_scenarios=false"], "no tests ran"),
        (["line.call.yaml::somebody answers"], "1 passed"),
        (["--collect-only", "-q"], "line.call.yaml::nobody is asked for"),
    ],
)
def test_they_are_chosen_as_other_tests_are(project: Path, options: list[str], told: str) -> None:
    assert told in run(project, *options).stdout


def test_reports_for_machines_have_them(project: Path) -> None:
    run(project, "--junitxml=out.xml")
    cases = {case.get("name"): case for case in ET.parse(project / "out.xml").iter("testcase")}
    assert set(cases) == {"somebody answers", "nobody is asked for"}
    failure = cases["nobody is asked for"].find("failure")
    assert failure is not None
    assert "presses 1" in str(failure.text)


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ("flow: line.flow\nscenarios:\n- name: a\n  stepps: []\n", "line.call.yaml:4: a scenario has no key `stepps`"),
        ("scenarios: [{ name: a }]\n", "`flow:` at the top should name the scheme"),
        ("flow: gone.flow\nscenarios: [{ name: a }]\n", "cannot read `gone.flow`"),
        ("flow: bad.flow\nscenarios: [{ name: a }]\n", "error[CF"),
    ],
)
def test_files_that_cannot_be_used_are_told_without_a_traceback(project: Path, calls: str, told: str) -> None:
    (project / "line.call.yaml").write_text(calls, encoding="utf-8")
    (project / "bad.flow").write_text("start { goto nowhere }", encoding="utf-8")
    done = run(project)
    assert done.returncode == 2
    assert told in done.stdout
    assert "Traceback" not in done.stdout


def test_a_fixture_loads_schemes(project: Path) -> None:
    (project / "test_line.py").write_text(
        "def test_it(callflow_scheme):\n"
        "    steps = [{'during': 'Press'}, {'press': '1'}]\n"
        "    call = callflow_scheme('line.flow').call(steps=steps, agents={'anna': 'busy'})\n"
        "    assert call.rang == ('anna', 'boris')\n",
        encoding="utf-8",
    )
    assert "1 passed" in run(project, "test_line.py").stdout


def test_the_language_is_not_loaded_where_there_are_no_scenarios() -> None:
    code = "import sys, callflow.pytest_plugin; print([n for n in ('lark', 'yaml', 'attrs') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() in ("[]", "['attrs']")
