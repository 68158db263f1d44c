"""Reads files into the register and scores what they touch, in one transaction; loads the demo municipality."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assessment.scoring import read_again
from documents.completing import completed
from documents.demo.municipality import write_demo
from documents.register import Imported, Reading, import_register, read_register
from followup.calendar import municipal_day
from followup.rounds import RoundDays, months_to_open
from followup.subject import What
from storage import access_log, units
from storage.database import Database

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Result:
    """What was read, and what was imported; None where problems stopped it and nothing was changed."""

    reading: Reading
    imported: Imported | None


def import_files(
    database: Database,
    paths: Sequence[Path],
    now: datetime,
    *,
    skip_bad: bool = False,
    complete: bool = False,
    end: int | None = None,
    progress: Progress | None = None,
    scored: Progress | None = None,
    by: str = access_log.COMMAND_LINE,
    local: bool = False,
) -> Result:
    """Nothing unless all rows are right, or with `skip_bad` the right ones.

    With `complete` what the files do not name is ended: `end` is how many may be.
    """
    with database.transaction() as tx:
        reading = read_register(tx, paths, municipal_day(now), progress, local=local)
        if complete:
            reading = completed(reading, end)
        if reading.problems and not skip_bad:
            return Result(reading, None)
        imported = import_register(tx, reading.without_bad(), now, complete=complete)
        written = sum(one.created + one.changed + one.ended for one in imported.counts.values())
        access_log.record(tx, "write", What.IMPORT.of(), now, stranger=by, records=written)
        touched = sorted(imported.unit_ids)
        for number, unit_id in enumerate(touched, 1):
            read_again(tx, [unit_id], now)
            if scored:
                scored(number, len(touched))
    return Result(reading, imported)


def load_demo_when_empty(
    database: Database, directory: Path, now: datetime, days: RoundDays, scored: Progress | None = None
) -> bool:
    """The fictional municipality, by the ordinary import; false when the register has something in it."""
    with database.transaction() as tx:
        if units.all_units(tx):
            return False
    asked_month = months_to_open(now, None, days)[0]
    write_demo(directory, municipal_day(now), asked_month)
    result = import_files(database, [directory], now, scored=scored, local=True)
    assert result.imported is not None, result.reading.problems
    return True
