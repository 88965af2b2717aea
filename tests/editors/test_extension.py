"""The extension for Visual Studio Code: what is packed, that it starts the language server, that its snippets hold."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import callflow
from tests.docs.blocks import compile_part
from tests.editors.generate import EDITORS, GRAMMAR

EXTENSION = EDITORS / "vscode"
PACKAGE = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
SNIPPETS = json.loads((EXTENSION / "snippets" / "callflow.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def built(node_folder: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Return a copy of the extension that was bundled and packed, None where there is no node."""
    if node_folder is None:
        return None
    copy = tmp_path_factory.mktemp("built") / "vscode"
    shutil.copytree(EXTENSION, copy, ignore=shutil.ignore_patterns("node_modules", "dist", "*.vsix"))
    (copy / "node_modules").symlink_to(node_folder / "node_modules")
    subprocess.run(["npm", "run", "package"], cwd=copy, check=True, capture_output=True, timeout=60)
    return copy


@pytest.fixture
def shipped(built: Path | None) -> dict[str, bytes]:
    """Return the files of the package; where it cannot be packed, those that are to go into it."""
    if built is None:
        wanted = re.findall(r"^!(.*)$", (EXTENSION / ".vscodeignore").read_text(encoding="utf-8"), re.MULTILINE)
        paths = [path for name in wanted for path in EXTENSION.glob(re.sub(r"\*\*$", "**/*", name)) if path.is_file()]
        source = (EXTENSION / "extension.js").read_bytes()
        return {str(path.relative_to(EXTENSION)): path.read_bytes() for path in paths} | {"dist/extension.js": source}
    with zipfile.ZipFile(next(built.glob("*.vsix"))) as packed:
        return {name.removeprefix("extension/"): packed.read(name) for name in packed.namelist()}


def paths_in(contributed: Any) -> list[str]:
    """Return the files that a part of the manifest names."""
    if isinstance(contributed, dict):
        own = [
            value for key, value in contributed.items() if key in ("path", "configuration") and isinstance(value, str)
        ]
        return own + [path for value in contributed.values() for path in paths_in(value)]
    return [path for one in contributed for path in paths_in(one)] if isinstance(contributed, list) else []


def test_the_package_holds_what_its_manifest_names(shipped: dict[str, bytes]) -> None:
    named = [PACKAGE["main"], *paths_in(PACKAGE["contributes"])]
    assert len(named) == 4
    assert {name.removeprefix("./") for name in named} <= set(shipped)
    for name, content in shipped.items():
        if name.endswith(".json"):
            assert json.loads(content)


def test_the_package_holds_no_more_than_it_needs(shipped: dict[str, bytes]) -> None:
    assert not [name for name in shipped if "node_modules" in name or name.endswith((".cjs", ".vsix"))]
    assert len(shipped) <= 8
    assert b"callflow.restartServer" in shipped["dist/extension.js"]


def test_the_version_is_that_of_the_package() -> None:
    assert PACKAGE["version"] == callflow.__version__


def test_the_grammar_is_the_one_for_the_language() -> None:
    (language,) = PACKAGE["contributes"]["languages"]
    (grammar,) = PACKAGE["contributes"]["grammars"]
    assert grammar["language"] == language["id"] == "callflow"
    assert (EXTENSION / grammar["path"]).resolve() == GRAMMAR
    assert grammar["scopeName"] == json.loads(GRAMMAR.read_text(encoding="utf-8"))["scopeName"]


def test_the_extension_starts_the_server_and_stops_it(built: Path | None, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    server = [sys.executable, str(Path(__file__).with_name("server.py")), str(heard)]
    if built is None:
        asked = PACKAGE["contributes"]["configuration"]["properties"]["callflow.server.command"]
        assert asked["default"] == ["callflow", "lsp"]
        assert 'getConfiguration("callflow").get("server.command")' in (EXTENSION / "extension.js").read_text("utf-8")
        return
    assert started(built, server) == ["started", "started anew", "stopped"]
    once = ["initialize", "initialized", "shutdown", "exit"]
    assert heard.read_text().split() == once * 2


def test_a_server_that_is_not_there_is_told_and_nothing_breaks(built: Path | None) -> None:
    if built is None:
        assert "catch" in (EXTENSION / "extension.js").read_text("utf-8")
        return
    shown = started(built, ["callflow-that-is-not-installed"])
    assert [line for line in shown if re.match("start|stop", line)] == ["started", "started anew", "stopped"]
    assert any(line.startswith("error: ") and "server" in line for line in shown), shown


def test_no_command_means_highlighting_only(built: Path | None) -> None:
    if built is None:
        assert "if (!command)" in (EXTENSION / "extension.js").read_text("utf-8")
        return
    assert started(built, []) == ["started", "started anew", "stopped"]


def started(built: Path, command: list[str]) -> list[str]:
    """Run the bundle and return the lines that an editor would show."""
    run = ["node", str(Path(__file__).with_name("start_extension.cjs")), str(built / "dist" / "extension.js")]
    done = subprocess.run([*run, json.dumps(command)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_is_a_scheme_without_errors(name: str) -> None:
    text = "\n".join(SNIPPETS[name]["body"])
    text = re.sub(r"\$\{\d+:([^}]*)\}|\$\d+", lambda field: field[1] or "", text)
    assert "$" not in text
    compiled, found = compile_part(text)
    assert compiled.machine is not None
    assert not found, found


INDENTED = json.loads((EXTENSION / "language-configuration.json").read_text(encoding="utf-8"))["indentationRules"]


@pytest.mark.parametrize("line", ["start {", "menu tries 3 {  # {", 'press "#" {', 'play "a {b}" {', "x { a } y {"])
def test_a_line_that_opens_a_block_indents_the_next(line: str) -> None:
    assert re.match(INDENTED["increaseIndentPattern"], line)


@pytest.mark.parametrize("line", ["press 9 { again }", "# start {", 'play "a {', "", "hangup", 'play "{"'])
def test_other_lines_do_not(line: str) -> None:
    assert not re.match(INDENTED["increaseIndentPattern"], line)
