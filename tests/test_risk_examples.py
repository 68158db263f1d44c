"""The documented examples of the risk method, from files through `import` to `risk --json`."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.clock import ManualClock
from bot.commands import command_line
from tests.support.builders import at

MONTHS = [f"2026-{number:02d}" for number in range(1, 13)]


@dataclass(frozen=True)
class Example:
    """Constant placements January to December 2026, every report in on the month's last day."""

    form: str
    placements: int
    signals: Sequence[Mapping[str, str]] = ()
    as_of: str = "2026-12-31"
    expected: Mapping[str, float] = field(default_factory=dict)
    bands: Mapping[str, str | None] = field(default_factory=dict)


def klagomal(day: str, points: int) -> dict[str, str]:
    return {"Typ": "klagomål", "Händelsedatum": day, "Konsekvens": str(points)}


def avvikelse(day: str, points: int, marks: str = "") -> dict[str, str]:
    return {"Typ": "avvikelse", "Händelsedatum": day, "Konsekvens": str(points), "Märkning": marks}


FIRST, SECOND = klagomal("2026-11-10", 2), klagomal("2026-09-10", 2)
HVB = [
    avvikelse(f"2026-{day}", points)
    for day, points in (
        ("07-10", 1),
        ("09-10", 2),
        ("10-05", 2),
        ("10-20", 2),
        ("11-03", 3),
        ("11-18", 2),
        ("12-02", 2),
        ("12-09", 2),
    )
]
GREEN = {"rate_band": "green", "shown_band": "green", "floor": None}
EXAMPLES = {
    "nothing": Example(
        "öppenvård",
        1,
        expected={"E": 1.53, "R": 0.6623, "P": 0.016766, "PT": 0.052705, "index": 7},
        bands=GREEN,
    ),
    "one complaint": Example(
        "öppenvård",
        1,
        [FIRST],
        expected={"R": 1.1038, "P": 0.084057, "PT": 0.201855, "index": 27},
        bands=GREEN,
    ),
    "two complaints": Example(
        "öppenvård",
        1,
        [FIRST, SECOND],
        expected={"O": 4, "R": 1.5453, "P": 0.231506, "index": 46},
        bands=GREEN,
    ),
    "abuse": Example(
        "konsulentstött jourhem",
        1,
        [avvikelse("2026-12-05", 4, "övergrepp")],
        expected={"E": 2.25, "R": 1.3333, "P": 0.138110, "PT": 0.380215},
        bands={"rate_band": "green", "floor": "red", "shown_band": "red"},
    ),
    "october": Example("HVB", 3, HVB, "2026-10-31", {"P": 0.016553, "PT": 0.243631}, {"rate_band": "green"}),
    "november": Example(
        "HVB", 3, HVB, "2026-11-30", {"P": 0.116195, "PT": 0.705722}, {"rate_band": "yellow"}
    ),
    "december": Example("HVB", 3, HVB, "2026-12-31", {"P": 0.284497, "PT": 0.838747}, {"rate_band": "red"}),
}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_documented_example_holds_through_import_and_risk(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPPFOLJAREN_VAR", str(tmp_path / "var"))
    _write_files(example, tmp_path / "in")
    _run("import", str(tmp_path / "in"))
    shown = json.loads(_run("risk", "E1", "--as-of", example.as_of, "--json"))
    assert {name: shown[name] for name in example.expected} == pytest.approx(example.expected, abs=1e-4)
    assert {name: shown[name] for name in example.bands} == example.bands
    assert sum(row["raises"] for row in shown["explanation"]) == pytest.approx(shown["R"], abs=1e-9)
    assert len(shown["event_alerts"]) == (1 if example is EXAMPLES["abuse"] else 0)


def test_importing_the_same_files_again_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPPFOLJAREN_VAR", str(tmp_path / "var"))
    _write_files(EXAMPLES["december"], tmp_path / "in")
    _run("import", str(tmp_path / "in"))
    first = _run("risk", "--all", "--json")
    again = json.loads(_run("import", str(tmp_path / "in"), "--json"))
    assert all(counts["created"] + counts["changed"] == 0 for counts in again["counts"].values())
    assert _run("risk", "--all", "--json") == first


def _run(*words: str) -> str:
    """The day after the last example, when all of it has happened."""
    done = CliRunner().invoke(command_line(ManualClock(at("2027-01-01 12:00"))), list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def _write_files(example: Example, directory: Path) -> None:
    directory.mkdir()
    cases = [f"AKT-{number}" for number in range(1, example.placements + 1)]
    people = [{"Signatur": "anna", "Namn": "Anna Test", "Roll": "socialsekreterare"}]
    people.append({"Signatur": "karin", "Namn": "Karin Test", "Roll": "kvalitetsteam"})
    _write(directory, "personer", people)
    _write(directory, "utforare", [{"Organisationsnummer": "559900-1236", "Utförare": "Utföraren"}])
    unit = {"Enhetskod": "E1", "Enhet": "Enheten", "Organisationsnummer": "559900-1236"}
    _write(directory, "enheter", [unit | {"Form": example.form, "Regi": "privat"}])
    placed = {"Enhetskod": "E1", "Från": "2026-01-01", "Lagrum": "SoL", "Ansvarig": "anna"}
    _write(directory, "placeringar", [{"Aktreferens": case, **placed} for case in cases])
    told = {"Enhetskod": "E1", "Status": "inkommen", "Utförarens rapport": "inkommen"}
    _write(
        directory,
        "rapporter",
        [{"Månad": month, "Aktreferens": case, **told} for month in MONTHS for case in cases],
    )
    signals = [
        {"Signalnummer": f"S{number}", "Enhetskod": "E1", **signal}
        for number, signal in enumerate(example.signals)
    ]
    if signals:
        _write(directory, "signaler", signals)


def _write(directory: Path, name: str, rows: Iterable[Mapping[str, str]]) -> None:
    rows = list(rows)
    headers = list(dict.fromkeys(header for row in rows for header in row))
    with (directory / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headers, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(rows)
