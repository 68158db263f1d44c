"""Makes a year's documents for the command line and behind links: reads what they need, logs that, draws them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.links import File, Maker
from bot.settings import Settings
from documents.selection.selection_protocol import SelectionProtocol, protocol_of
from followup import PersonId
from followup.access.municipality import Municipality
from followup.access.targets import Targets
from followup.figures.published import Edition, PublicYear
from followup.figures.year_facts import YearFacts
from followup.log.subject import What
from followup.messages.message import LinkKind
from followup.people import Person
from followup.selection.cycle import SelectionRefusedError
from followup.times.calendar import municipal_day
from followup.times.deadlines import YearDates
from followup.wording.secrecy import FEW
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused
from services.publishing import (
    Basis,
    MovedError,
    draft,
    not_to_be_published,
    publish,
    read_basis,
    read_facts,
)
from services.read_beside import read_beside
from services.selection.year import DIVISIONS, DOCUMENTS, PLANS, state_then
from services.views.figures import FigureView, WantedFigure, figure, usual
from services.views.year_plan import year_plan
from storage.engine.database import Database, Transaction
from storage.log import access_log
from storage.register import people, units
from storage.selection import selections
from texts.catalogue import Texts

if TYPE_CHECKING:
    from scheduler.jobs import Times

REPORT: LinkKind = "report"
FIGURES: LinkKind = "figures"


@dataclass(frozen=True)
class Letterhead:
    """Whose documents they are and what they aim at, and the Word template that the report is drawn on, if any."""

    municipality: str
    board: str = ""
    template: Path | None = None
    stratsys_names: Path | None = None
    targets: Targets = field(default_factory=Targets)
    divisions: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        files = (settings.report_template, settings.stratsys_names)
        return cls(settings.municipality, settings.board, *files, settings.targets, settings.divisions)

    def read_names(self) -> Mapping[str, str]:
        """What the figures are called in Stratsys; raises WrongNamesError."""
        from documents.imports.own_names import read_names

        return {} if self.stratsys_names is None else read_names(self.stratsys_names)

    def read_divisions(self, known: Iterable[str]) -> Mapping[str, str]:
        """By the unit's code; raises WrongNamesError, also for one that is not among the `known`."""
        from documents.imports.divisions import read_divisions, unknown_units
        from documents.imports.own_names import WrongNamesError

        if self.divisions is None:
            return {}
        found = read_divisions(self.divisions)
        if problems := unknown_units(self.divisions, found, known):
            raise WrongNamesError(problems)
        return found

    def read_template(self) -> bytes | None:
        """Raises WrongTemplateError."""
        from documents.report.october import PARTS
        from documents.report.template import read_template

        return None if self.template is None else read_template(self.template, PARTS)


@dataclass(frozen=True)
class DrawnOn:
    """What the municipality's own files hold, read before anything else is done."""

    template: bytes | None
    own_names: Mapping[str, str]

    @classmethod
    def read(cls, letterhead: Letterhead) -> Self:
        """Raises WrongTemplateError and WrongNamesError."""
        return cls(letterhead.read_template(), letterhead.read_names())


@dataclass(frozen=True)
class Order:
    """Which year, and as of when it is to be told."""

    year: int
    made_at: datetime
    letterhead: Letterhead
    dates: YearDates


@dataclass(frozen=True)
class Wanted:
    """The workbook for analysis is made on request; `reviewed` by whom and when makes an edition of the public part."""

    analysis: bool = False
    reviewed: tuple[str, date] | None = None


@dataclass(frozen=True)
class YearFiles:
    """The files; which parts of the municipality have no report of their own, and the units that are of no part."""

    paths: list[Path]
    withheld: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class NotPublishedError(Exception):
    """Why there is no edition, all at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = problems


def write_documents(
    database: Database,
    order: Order,
    directory: Path,
    now: datetime,
    say: Texts,
    *,
    by: str,
    wanted: Wanted = Wanted(),
) -> YearFiles:
    """The report with all that goes with it, one of each part where there are such, and the selections' protocols.

    Drafts, unless the public part is published; raises NotPublishedError, WrongTemplateError and WrongNamesError,
    with nothing written.
    """
    from documents.report.divisions import divided_material, division_documents
    from documents.report.year_documents import ANALYSIS, write_all

    drawn_on = DrawnOn.read(order.letterhead)

    facts, basis, divisions, protocols = read_beside(
        database, lambda tx: _read(tx, order, now, analysis=wanted.analysis, by=by)
    )
    if wanted.reviewed and (problems := not_to_be_published(facts, wanted.reviewed[1])):
        raise NotPublishedError(problems)
    public, edition = draft(basis), None
    if wanted.reviewed:
        edition = _published(database, basis, public, wanted.reviewed, now, say, by)
        public = edition.public
    material = _material(facts, public, order.letterhead, say, edition, drawn_on)
    made = [name for name in DOCUMENTS if wanted.analysis or name != ANALYSIS]
    found, of_divisions = divided_material(material, divisions)
    paths = write_all(material, directory, made, division_documents(of_divisions))
    paths += [path for one in protocols for path in write_protocol(one, order.made_at, directory, say)]
    return YearFiles(paths, found.withheld, found.without if divisions else ())


def _read(
    tx: Transaction, order: Order, now: datetime, *, analysis: bool, by: str
) -> tuple[YearFacts, Basis, Mapping[str, str], list[SelectionProtocol]]:
    facts = read_facts(tx, order.year, order.dates, order.made_at, now, by=by)
    divisions = order.letterhead.read_divisions(one.key for one in units.all_units(tx))
    if analysis:
        log_every_unit(tx, facts, now, by=by)
    return facts, read_basis(tx, facts), divisions, _protocols(tx, order, now)


def _published(
    database: Database,
    basis: Basis,
    public: PublicYear,
    reviewed: tuple[str, date],
    now: datetime,
    say: Texts,
    by: str,
) -> Edition:
    try:
        with database.transaction() as tx:
            return publish(tx, basis, public, *reviewed, now, say.say, by=by)
    except MovedError:
        raise NotPublishedError([Problem("year", wording("publish.moved"))]) from None


def log_every_unit(
    tx: Transaction,
    facts: YearFacts,
    now: datetime,
    *,
    person_id: PersonId | None = None,
    by: str | None = None,
) -> None:
    """The workbook for analysis holds all of every unit, so it is read like each of them."""
    for unit in facts.units:
        seen = What.PLACEMENT.each(stay.id for stay in facts.stays if stay.unit_id == unit.id)
        subject = What.UNIT.of(unit.key)
        access_log.record(
            tx, "read", subject, now, person_id=person_id, stranger=by, detail="analysis", seen=seen
        )


def _protocols(tx: Transaction, order: Order, now: datetime) -> list[SelectionProtocol]:
    cycles = [one for one in selections.of_year(tx, order.year) if one.frozen_at <= order.made_at]
    return [protocol_of(tx, state_then(tx, one, order.made_at), now) for one in cycles]


def write_protocol(protocol: SelectionProtocol, made_at: datetime, directory: Path, say: Texts) -> list[Path]:
    from documents.selection.selection_files import PARTS, selection_file

    files = [selection_file(protocol, part, say.say, made_at) for part in PARTS]
    for file in files:
        (directory / file.name).write_bytes(file.content)
    return [directory / file.name for file in files]


def report_file(
    database: Database, clock: Callable[[], datetime], letterhead: Letterhead, times: "Times"
) -> Maker:
    """What a link of the kind leads to: the subject names the year, the document and who asked."""

    def made(subject: Mapping[str, Any]) -> File:
        # Word processing and plotting take most of a second to load, and most turns draw nothing.
        from documents.imports.own_names import WrongNamesError
        from documents.report.template import WrongTemplateError
        from documents.report.year_documents import ANALYSIS, drawn_document

        # The documents are the municipality's, in Swedish whatever the language of who orders them.
        say, now = Texts("sv"), clock()
        if subject["document"] in PLANS:
            year = subject["year"] + PLANS.index(subject["document"])
            return plan_file(database, year, letterhead, times, now, say)
        try:
            drawn_on = DrawnOn.read(letterhead)
            division_of = read_divisions(database, letterhead) if subject["document"] == DIVISIONS else {}
        except (WrongTemplateError, WrongNamesError) as wrong:
            return File("\n".join(wrong.problems).encode(), "text/plain")
        try:
            facts, basis = read_beside(
                database,
                lambda tx: _asked_for(tx, subject, times, now, analysis=subject["document"] == ANALYSIS),
            )
        except SelectionRefusedError as refused:
            problems = "\n".join(say.say(problem) for problem in refused.problems)
            return File(problems.encode(), "text/plain")
        edition = basis.before
        public = edition.public if edition else draft(basis)
        material = _material(facts, public, letterhead, say, edition, drawn_on)
        if subject["document"] == DIVISIONS:
            return divisions_file(material, division_of, say, now)
        document = drawn_document(material, subject["document"])
        return File(document.content, document.content_type, document.file_name)

    return made


def read_divisions(database: Database, letterhead: Letterhead) -> Mapping[str, str]:
    """Raises WrongNamesError."""
    with database.reading() as tx:
        return letterhead.read_divisions(one.key for one in units.all_units(tx))


def divisions_file(material: Any, division_of: Mapping[str, str], say: Texts, now: datetime) -> File:
    """The report of each part that has one, and which have none, as the command makes and says it."""
    from documents.report.divisions import divided_material, division_documents
    from documents.report.packing import ZIP, packed_together

    found, of_divisions = divided_material(material, division_of)
    files = {one.file_name: one.content for one in division_documents(of_divisions)}
    if said := without_report(found.withheld, found.without, say):
        files[f"{say('order.divisions.left_out')}.txt"] = "\r\n".join([*said, ""]).encode("utf-8-sig")
    name = f"{say('order.divisions.file')}-{material.period.year}.zip"
    return File(packed_together(files, now), ZIP, name)


def without_report(withheld: Sequence[str], without: Sequence[str], say: Texts) -> list[str]:
    """Which parts have no report of their own, and which units are of no part."""
    names, codes = ", ".join(withheld), ", ".join(without)
    said = say("cli.report.division_withheld", names=names, few=FEW) if names else ""
    return [one for one in (said, say("cli.report.no_division", units=codes) if codes else "") if one]


def _asked_for(
    tx: Transaction, subject: Mapping[str, Any], times: "Times", now: datetime, *, analysis: bool
) -> tuple[YearFacts, Basis]:
    facts = read_facts(tx, subject["year"], times.year, now, now, person_id=subject["person"])
    if analysis:
        log_every_unit(tx, facts, now, person_id=subject["person"])
    return facts, read_basis(tx, facts)


def plan_file(
    database: Database, year: int, letterhead: Letterhead, times: "Times", now: datetime, say: Texts
) -> File:
    """The plan of the year, for the one who is named as answering for it."""
    from documents.report.packing import DOCX
    from documents.report.words import Words
    from documents.report.year_plan_document import year_plan_document

    with database.reading() as tx:
        named = people.by_key(tx, times.official) if times.official else None
    content = year_plan_document(
        year_plan(year, times.rounds, times.year),
        letterhead.municipality,
        letterhead.board,
        named.name if named else "",
        Words(say.say),
        now,
    )
    return File(content, DOCX, f"{say('plan.file')}-{year}.docx")


def _material(
    facts: YearFacts,
    public: PublicYear,
    letterhead: Letterhead,
    say: Texts,
    edition: Edition | None,
    drawn_on: DrawnOn,
) -> Any:
    from documents.report.material import material_of, public_material
    from documents.report.words import Words

    told = public_material(
        public,
        letterhead.municipality,
        Words(say.say),
        edition,
        board=letterhead.board,
        template=drawn_on.template,
        targets=letterhead.targets,
    )
    return material_of(facts, told, drawn_on.own_names)


def figures_file(database: Database, clock: Callable[[], datetime], municipality: Municipality) -> Maker:
    """What a link of the kind leads to: the figures that its person may see when she fetches it, logged before."""

    def made(subject: Mapping[str, Any]) -> File:
        # What writes workbooks takes most of a second to load.
        from documents.report.asked_workbook import asked_workbook
        from documents.report.year_documents import XLSX

        now = clock()
        person, found = read_beside(database, lambda tx: _figures(tx, subject, now, municipality))
        say = Texts(person.language)
        told = [one for one in found if isinstance(one, FigureView)]
        if not told:
            return File(say("refused.role").encode(), "text/plain")
        name = f"{say('figure.file.name')}-{municipal_day(now)}.xlsx"
        return File(asked_workbook(told, now, say), XLSX, name)

    return made


def _figures(
    tx: Transaction, subject: Mapping[str, Any], now: datetime, municipality: Municipality
) -> tuple[Person, list[FigureView | Refused]]:
    person = people.by_id(tx, subject["person"])
    assert person is not None
    acting = Acting(tx, person, now, municipality)
    wanted = [WantedFigure.read(one) for one in subject["wanted"]] or usual(acting)
    return person, [figure(acting, one, leaves=True) for one in wanted]
