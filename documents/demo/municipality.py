"""Writes the demo municipality's files, as a real municipality would export them from its own systems."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from random import Random

from documents.demo.modes import modes
from documents.demo.people import Row, people
from documents.demo.placement_rows import placement_rows
from documents.demo.placements import stays as make_stays
from documents.demo.providers import providers
from documents.demo.report_rows import report_row
from documents.demo.reports import reports
from documents.demo.signals import signals
from documents.demo.units import contracts, units
from followup.times.month import Month


def write_demo(directory: Path, today: date, asked_month: Month, seed: int = 2026) -> list[Path]:
    """The asked month is the last ended one; the same arguments give the same bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    tables = _tables(Random(seed), today, asked_month)
    return [_write(directory / f"{name}.csv", rows) for name, rows in tables.items()]


def _tables(rng: Random, today: date, asked: Month) -> dict[str, list[Row]]:
    stays = make_stays(rng, today, asked)
    raised = signals(rng, stays, today, asked)
    signalled = {(row["Aktreferens"], Month.of(date.fromisoformat(row["Händelsedatum"]))) for row in raised}
    told = reports(rng, stays, modes(rng, stays, asked), signalled, today, asked)
    return {
        "personer": list(people()),
        "utforare": list(providers()),
        "enheter": list(units(rng, asked)),
        "avtal": list(contracts(today, asked)),
        "placeringar": list(placement_rows(rng, stays, today)),
        "rapporter": [report_row(one) for one in told],
        "signaler": raised,
    }


def _write(path: Path, rows: Iterable[Row]) -> Path:
    rows = list(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path
