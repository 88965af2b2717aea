"""Node's packages for the tests of the extension, and a word where they are not to be had."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.editors.generate import EDITORS

INSTALL_SECONDS_MAX = 90

_said: list[str] = []


@pytest.fixture(scope="session")
def node_folder(request: pytest.FixtureRequest) -> Path | None:
    """Return a folder with the packages that the extension is made with; None where there is no node or no registry."""
    package = EDITORS / "vscode" / "package.json"
    name = hashlib.sha256(package.read_bytes()).hexdigest()[:16]
    folder = request.config.cache.mkdir("editors") / name
    if (folder / "complete").is_file():
        return folder
    folder.mkdir(exist_ok=True)
    shutil.copy(package, folder)
    problem = installed(folder)
    if problem:
        _said.append(f"{problem}: the extension is looked at without being packed and run")
        return None
    (folder / "complete").touch()
    return folder


def installed(folder: Path) -> str:
    """Install the packages; return what is in the way of it."""
    npm = shutil.which("npm")
    if npm is None:
        return "there is no `npm`"
    options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0"]
    try:
        done = subprocess.run(
            [npm, "install", "--loglevel=error", *options],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"`npm install` takes longer than {INSTALL_SECONDS_MAX} s"
    said = next((line for line in done.stderr.splitlines() if line.startswith("npm error")), "npm says nothing")
    return "" if done.returncode == 0 else f"`npm install` failed ({said.removeprefix('npm error ')})"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _said:
        terminalreporter.write_line(f"tests/editors: {line}")
    if shutil.which("vim") is None:
        terminalreporter.write_line("tests/editors: there is no `vim`: its syntax file is compared, not run")
