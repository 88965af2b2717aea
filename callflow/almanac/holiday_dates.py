"""Public holidays of a region by year, kept on disk between runs. The only place that touches `holidays` or a file."""

import contextlib
import datetime as dt
import json
import os
import warnings
from pathlib import Path
from typing import Final

from callflow.almanac.regions import RegionUnknown, known_region, near_regions, package, split_region
from callflow.cache import cache_dir

_FORMAT: Final = 1
"""Of the files below; raised when their content changes its meaning."""


class Calendar:
    """The public holidays of one region; a year is worked out when it is first asked for."""

    def __init__(self, region: str) -> None:
        if not known_region(region):
            raise RegionUnknown(region, near_regions(region))
        self.region = region
        self._years: dict[int, dict[dt.date, str]] = {}

    def name(self, day: dt.date) -> str | None:
        """Return what the holiday is called, None: it is none."""
        return self.year(day.year).get(day)

    def year(self, year: int) -> dict[dt.date, str]:
        """Return the holidays of a year by their date."""
        found = self._years.get(year)
        if found is None:
            file = _file(self.region, year)
            found = _read(file) if file is not None else None
            if found is None:
                found = _work_out(self.region, year)
                if file is not None:
                    _write(file, found)
            self._years[year] = found
        return found


def _work_out(region: str, year: int) -> dict[dt.date, str]:
    """Return the holidays of a year, from the package. Their names are in the country's first language."""
    import holidays  # noqa: PLC0415  160 ms; most schedules come from the cache, or name no holidays

    country, subdivision = split_region(region)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of years for which moveable feasts are estimated
        language = holidays.country_holidays(country).default_language
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=language)
    return {day: found[day] for day in sorted(found) if day.year == year}


def _version() -> str:
    """Return the version of the package by the name of its folder of metadata; "" when that is not to be found."""
    folder = package()
    if folder is None:
        return ""
    versions = [
        file.stem.removeprefix("holidays-")
        for file in folder.parent.iterdir()
        if file.name.startswith("holidays-") and file.suffix in {".dist-info", ".egg-info"}
    ]
    return versions[0] if len(versions) == 1 else ""


def _file(region: str, year: int) -> Path | None:
    """Return where a year is kept, None: nowhere."""
    version = _version()
    folder = cache_dir()
    if not version or folder is None:
        return None
    name = region.replace(" ", "_").replace("/", "_")
    return Path(folder) / "holidays" / version / f"{name}-{year}.json"


def _read(file: Path) -> dict[dt.date, str] | None:
    """Return what is kept in a file, None: nothing that can be used."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        if kept["format"] != _FORMAT:
            return None
        return {dt.date.fromisoformat(day): str(name) for day, name in kept["days"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(file: Path, days: dict[dt.date, str]) -> None:
    """Keep a year; do without where the disk does not let us. Readers see the old file or the new one, whole."""
    text = json.dumps(
        {"format": _FORMAT, "days": {day.isoformat(): name for day, name in days.items()}}, ensure_ascii=False
    )
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, "utf-8")
        new.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
