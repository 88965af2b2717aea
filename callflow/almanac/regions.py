"""Regions by ISO 3166: which there are, told from the tables of the `holidays` package without importing it."""

import ast
import functools
import importlib.util
from pathlib import Path
from typing import Final

_NEAR_MAX: Final = 3
"""Codes offered instead of an unknown one; more are no help."""

_COMMON: Final = {"UK": "GB", "EN": "GB", "EL": "GR", "SU": "RU", "ENG": "GB-ENG", "SCO": "GB-SCT", "SCT": "GB-SCT"}
"""What people write who mean another code."""


class RegionUnknown(ValueError):
    """A scheme names a region that does not exist, or that no holidays are known of."""

    def __init__(self, code: str, near: list[str]) -> None:
        super().__init__(f"unknown region `{code}`")
        self.code = code
        self.near = near


@functools.cache
def package() -> Path | None:
    """Return where the `holidays` package lies, without importing it (160 ms)."""
    found = importlib.util.find_spec("holidays")
    places = found.submodule_search_locations if found is not None else None
    return Path(next(iter(places))) if places else None


@functools.cache
def _countries() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Return of every country its module, its class and its other names, by its code of two letters."""
    for name, value in _assigned(_parsed("registry.py").body):
        if name == "COUNTRIES":
            table: dict[str, tuple[str, ...]] = ast.literal_eval(value)
            return {names[1]: (module, names[0], names[2:]) for module, names in table.items()}
    return {}


@functools.cache
def _subdivisions(country: str) -> tuple[str, ...]:
    """Return the codes of a known country's subdivisions."""
    module, class_name, _ = _countries()[country]
    for node in _parsed(f"countries/{module}.py").body:
        if isinstance(node, ast.ClassDef) and node.name == class_name:
            for name, value in _assigned(node.body):
                if name == "subdivisions":
                    return tuple(ast.literal_eval(value))
    return ()


def _parsed(file: str) -> ast.Module:
    """Return a file of the package as a tree, an empty one where the package is missing."""
    folder = package()
    return ast.parse("" if folder is None else (folder / file).read_text("utf-8"))


def _assigned(body: list[ast.stmt]) -> list[tuple[str, ast.expr]]:
    """Return the names that a block gives values to, with the values."""
    found: list[tuple[str, ast.expr]] = []
    for node in body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name) and node.value is not None:
            found.append((target.id, node.value))
    return found


def split_region(code: str) -> tuple[str, str]:
    """Return the country and the subdivision of a region: `DE-BY` is `DE` and `BY`, `RU` is `RU` and nothing."""
    country, _, subdivision = code.partition("-")
    return country, subdivision


def known_region(code: str) -> bool:
    """Return whether `code` is a country, or a country and one of its subdivisions, of which holidays are known."""
    country, subdivision = split_region(code)
    if country not in _countries() or code.endswith("-"):
        return False
    return not subdivision or subdivision in _subdivisions(country)


def near_regions(code: str) -> list[str]:
    """Return the regions that `code` may have meant, the likeliest first."""
    import difflib  # noqa: PLC0415  only for mistakes

    wanted = code.strip().upper().replace("_", "-")
    wanted = _COMMON.get(wanted, wanted)
    if known_region(wanted):
        return [wanted]
    country, subdivision = split_region(wanted)
    if country not in _countries():
        country = _COMMON.get(country, country)
    if subdivision and country in _countries():
        near = difflib.get_close_matches(subdivision, _subdivisions(country), n=_NEAR_MAX, cutoff=0.5)
        return [f"{country}-{one}" for one in near] or [country]
    spelled = {
        name.upper().replace("_", ""): two
        for two, (module, _, others) in _countries().items()
        for name in (module, two, *others)
    }
    near = difflib.get_close_matches(wanted.replace(" ", ""), spelled, n=_NEAR_MAX, cutoff=0.75)
    return list(dict.fromkeys(spelled[one] for one in near))
