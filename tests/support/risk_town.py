"""A municipality of one unit as files: placements, monthly reports by what they say, and signals (risk examples)."""

import csv
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Row = dict[str, str]
OWN = "Utförarens rapport"


@dataclass(frozen=True)
class UnitFiles:
    """Constant placements January to December 2026, every report in on the month's last day and empty.

    `a_year_before`: so they were in 2025 too, whatever is said of 2026.
    `reports` says by month what each placement's report says, or that of the first so many, where `told_of` is given.
    """

    form: str
    placements: int = 1
    signals: Sequence[Mapping[str, str]] = ()
    reports: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    told_of: int | None = None
    missing: Mapping[int, int] = field(default_factory=dict)
    untold: Sequence[int] = ()
    since: str = "2026-01-01"
    first_report: int = 1
    a_year_before: bool = False
    ended: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def signal(kind: str, day: str, points: int | None, **more: str) -> Row:
    graded = "" if points is None else str(points)
    return {"Typ": kind, "Händelsedatum": f"2026-{day}", "Konsekvens": graded, **more}


def klagomal(day: str, points: int | None, **more: str) -> Row:
    return signal("klagomål", day, points, **more)


def avvikelse(day: str, points: int | None, **more: str) -> Row:
    return signal("avvikelse", day, points, **more)


def oro(care: str = "ja") -> Row:
    """One area, and whether it has to do with the care; unanswered as history has it."""
    return {"Skolgång": "oro", "Oro gäller vården": care}


def not_come(*months: int) -> dict[int, Row]:
    return {month: {OWN: "ej inkommen"} for month in months}


def write_files(unit: UnitFiles, directory: Path) -> None:
    directory.mkdir()
    people = [
        {"Signatur": "anna", "Namn": "Anna Test", "Roll": "socialsekreterare"},
        {"Signatur": "karin", "Namn": "Karin Test", "Roll": "kvalitetsteam"},
    ]
    _write(directory, "personer", people)
    _write(directory, "utforare", [{"Organisationsnummer": "559900-1236", "Utförare": "Utföraren"}])
    home = {"Enhetskod": "E1", "Enhet": "Enheten", "Organisationsnummer": "559900-1236"}
    _write(directory, "enheter", [home | {"Form": unit.form, "Regi": "privat"}])
    _write(directory, "placeringar", _placements(unit))
    _write(directory, "rapporter", _reports(unit))
    numbered = [
        {"Signalnummer": f"S{number}", "Enhetskod": "E1", **one} for number, one in enumerate(unit.signals)
    ]
    if numbered:
        _write(directory, "signaler", numbered)


def _placements(unit: UnitFiles) -> list[Row]:
    since = "2025-01-01" if unit.a_year_before else unit.since
    placed = {"Enhetskod": "E1", "Från": since, "Lagrum": "SoL", "Ansvarig": "anna"}
    rows = []
    for number in range(1, unit.placements + 1):
        ends, why = unit.ended.get(number, ("", ""))
        rows.append({"Aktreferens": f"AKT-{number}", **placed, "Till": ends, "Avslutsorsak": why})
    return rows


def _reports(unit: UnitFiles) -> list[Row]:
    rows = [*_perfect(unit, 2025)] if unit.a_year_before else []
    for month in range(unit.first_report, 13):
        for number in range(1, unit.placements + 1):
            ends = unit.ended.get(number, ("9999", ""))[0]
            if month in unit.untold or ends < f"2026-{month:02d}":
                continue
            head = {"Månad": f"2026-{month:02d}", "Aktreferens": f"AKT-{number}", "Enhetskod": "E1"}
            is_missing = number <= unit.missing.get(month, 0)
            says = unit.reports.get(month, {}) if number <= (unit.told_of or number) else {}
            told = {} if is_missing else {OWN: "inkommen", **says}
            received = "" if is_missing else f"2026-{month:02d}-{monthrange(2026, month)[1]}"
            status = "saknas" if is_missing else "inkommen"
            rows.append(head | {"Status": status, "Inkommen": received} | told)
    return rows


def _perfect(unit: UnitFiles, year: int) -> Iterator[Row]:
    for month in range(1, 13):
        head = {"Månad": f"{year}-{month:02d}", "Enhetskod": "E1", OWN: "inkommen"}
        received = {"Status": "inkommen", "Inkommen": f"{year}-{month:02d}-{monthrange(year, month)[1]}"}
        for number in range(1, unit.placements + 1):
            yield head | received | {"Aktreferens": f"AKT-{number}"}


def _write(directory: Path, name: str, rows: Iterable[Mapping[str, str]]) -> None:
    rows = list(rows)
    headers = list(dict.fromkeys(header for row in rows for header in row))
    with (directory / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headers, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(rows)
