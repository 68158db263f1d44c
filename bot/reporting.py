"""Makes a year's documents for the command line and behind links: reads what they need, logs that, draws them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assessment.year import facts_of_year, standing_then
from bot.links import File, Maker
from dialogs.texts import Texts
from documents.selection_protocol import Protocol, protocol_of
from followup.deadlines import YearDates
from followup.figures.facts import Facts
from followup.selection_refusal import SelectionRefusedError
from followup.subject import What
from storage import access_log, selections
from storage.database import Database, Transaction

REPORT = "report"


@dataclass(frozen=True)
class Order:
    """Which year, and as of when it is to be told."""

    year: int
    made_at: datetime
    municipality: str
    dates: YearDates


def read_facts(
    tx: Transaction, order: Order, now: datetime, *, person_id: int | None = None, by: str | None = None
) -> Facts:
    """Logged, since the ages are read from birth dates; raises SelectionRefusedError for a frame tampered with."""
    facts = facts_of_year(tx, order.year, order.dates, order.made_at)
    children = len({stay.child for stay in facts.stays})
    subject = What.REPORT_BIRTHS.of(order.year)
    access_log.record(tx, "read", subject, now, person_id=person_id, stranger=by, records=children)
    return facts


def write_documents(
    database: Database, order: Order, directory: Path, now: datetime, say: Texts, *, by: str
) -> list[Path]:
    """The report with all that goes with it, and the protocols of the year's selections."""
    from documents.report.making import write_all

    with database.transaction() as tx:
        facts = read_facts(tx, order, now, by=by)
        protocols = _protocols(tx, order, now)
    written = write_all(_material(facts, order, say), directory)
    return [
        *written,
        *(path for one in protocols for path in write_protocol(one, order.made_at, directory, say)),
    ]


def _protocols(tx: Transaction, order: Order, now: datetime) -> list[Protocol]:
    cycles = [one for one in selections.of_year(tx, order.year) if one.frozen_at <= order.made_at]
    return [protocol_of(tx, standing_then(tx, one, order.made_at), now) for one in cycles]


def write_protocol(protocol: Protocol, made_at: datetime, directory: Path, say: Texts) -> list[Path]:
    from documents.selection_files import PARTS, selection_file

    files = [selection_file(protocol, part, say.say, made_at) for part in PARTS]
    for file in files:
        (directory / file.name).write_bytes(file.content)
    return [directory / file.name for file in files]


def report_file(
    database: Database, clock: Callable[[], datetime], municipality: str, dates: YearDates
) -> Maker:
    """What a link of the kind leads to: the subject names the year, the document and who asked."""

    def made(subject: Mapping[str, Any]) -> File:
        # Word processing and plotting take most of a second to load, and most turns draw nothing.
        from documents.report.making import make

        # The documents are the municipality's, in Swedish whatever the language of who orders them.
        say, now = Texts("sv"), clock()
        order = Order(subject["year"], now, municipality, dates)
        try:
            with database.transaction() as tx:
                facts = read_facts(tx, order, now, person_id=subject["person"])
        except SelectionRefusedError as refused:
            problems = "\n".join(say.say(problem) for problem in refused.problems)
            return File(problems.encode(), "text/plain")
        document = make(_material(facts, order, say), subject["document"])
        return File(document.content, document.content_type, document.file_name)

    return made


def _material(facts: Facts, order: Order, say: Texts) -> Any:
    from documents.report.material import material_of
    from documents.report.words import Words

    return material_of(facts, order.municipality, Words(say.say))
