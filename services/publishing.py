"""The public year: a draft of what may be published, and the edition once somebody has reviewed its secrecy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic
from typing import Literal

from followup import PersonId
from followup.figures.disclosure import Left, OutOfTimeError, unhurried
from followup.figures.public_year import public_year
from followup.figures.published import Edition, PublicYear
from followup.figures.year_facts import YearFacts
from followup.log.subject import What
from followup.people import Conversation
from followup.selection.cycle import SelectionRefusedError
from followup.times.calendar import municipal_day
from followup.times.deadlines import YearDates
from followup.wording.form import Question, read
from followup.wording.wording import Problem, Wording, wording
from services.acting import Acting, Reader, Refused
from services.selection.year import facts_of_year
from storage.engine.database import Transaction
from storage.engine.locks import hold
from storage.log import access_log
from storage.overview import editions
from storage.risk import scores
from texts.catalogue import Texts

# The municipality's own review of secrecy, which no edition goes without.
REVIEW = (
    Question("reviewed_by", "line", "publish"),
    Question("reviewed_on", "date", "publish"),
)


# In all, for whoever waits for an answer in chat; the command line waits as long as it takes.
SECONDS_IN_CHAT = 10


@dataclass(frozen=True)
class Basis:
    """What a public year is made from, read in one moment: the making is long, and is done outside any transaction."""

    facts: YearFacts
    few: int
    before: Edition | None
    last_year: Edition | None


@dataclass(frozen=True)
class NotPublished:
    """`other`: somebody has published since; `moved`: what it is made from has; `too_long`: not known in time.

    `wrong` with the problems of what was given, `frame` with what is wrong with the year's selection.
    """

    why: Literal["wrong", "other", "moved", "too_long", "frame"]
    problems: tuple[Problem, ...] = ()
    said: tuple[Wording, ...] = ()


class MovedError(Exception):
    """Another edition, or another limit, has come since the basis was read."""


def read_basis(tx: Transaction, facts: YearFacts) -> Basis:
    config, _ = scores.method_on(tx, municipal_day(facts.made_at))
    year = facts.period.year
    few, before, last_year = int(config.public_few), editions.newest(tx, year), editions.newest(tx, year - 1)
    return Basis(facts, few, before, last_year)


def draft(basis: Basis, left: Left = unhurried) -> PublicYear:
    """What an edition would hold now; of a period that has one already, what would stand in its correction.

    Raises OutOfTimeError.
    """
    return public_year(basis.facts, basis.few, basis.before, basis.last_year, left)


def seconds(number: float) -> Left:
    """Counts down from now."""
    until = monotonic() + number
    return lambda: until - monotonic()


@dataclass(frozen=True)
class Ready:
    """A basis with what may be published of it; nothing where that was not known in time."""

    basis: Basis
    public: PublicYear | None


def make_ready(basis: Basis) -> Ready:
    try:
        return Ready(basis, draft(basis, seconds(SECONDS_IN_CHAT)))
    except OutOfTimeError:
        return Ready(basis, None)


def read_facts(
    tx: Transaction,
    year: int,
    dates: YearDates,
    made_at: datetime,
    now: datetime,
    *,
    person_id: PersonId | None = None,
    by: str | None = None,
) -> YearFacts:
    """Logged, since the ages are read from birth dates; raises SelectionRefusedError for a frame tampered with."""
    facts = facts_of_year(tx, year, dates, made_at)
    log_births(tx, facts, now, person_id=person_id, by=by)
    return facts


def log_births(
    tx: Transaction,
    facts: YearFacts,
    now: datetime,
    *,
    person_id: PersonId | None = None,
    by: str | None = None,
) -> None:
    subject, children = What.REPORT_BIRTHS.of(facts.period.year), len({stay.child for stay in facts.stays})
    access_log.record(tx, "read", subject, now, person_id=person_id, stranger=by, records=children)


def not_to_be_published(facts: YearFacts, reviewed_on: date | None) -> list[Problem]:
    """A period that goes on, a review before the period was over, and a correction older than what it corrects."""
    period = facts.period
    found = []
    if not period.is_over:
        found.append(Problem("year", wording("publish.not_over", day=period.last.last)))
    if reviewed_on is not None and reviewed_on <= period.until:
        found.append(Problem("reviewed_on", wording("publish.reviewed_early", day=period.until)))
    return found


def publish(
    tx: Transaction,
    basis: Basis,
    public: PublicYear,
    reviewed_by: str,
    reviewed_on: date,
    now: datetime,
    say: Callable[[Wording], str],
    *,
    person_id: PersonId | None = None,
    by: str | None = None,
) -> Edition:
    """Stores the next edition of the period, as it is printed; ask `not_to_be_published` first.

    The same figures with the same review are the edition that there is. What came since the basis was read is in the
    next edition, as what comes a minute later; raises MovedError where the basis itself no longer holds.
    """
    hold(tx, "edition")
    if read_basis(tx, basis.facts) != basis:
        raise MovedError
    year, before = basis.facts.period.year, basis.before
    found = Edition(
        year=year,
        number=before.number + 1 if before else 1,
        published_at=now,
        reviewed_by=reviewed_by,
        reviewed_on=reviewed_on,
        public=public.printed(say),
    )
    if before is not None and _is_the_same(before, found):
        return before
    editions.add(tx, found, by or f"person:{person_id}")
    access_log.record(
        tx, "write", What.EDITION.of(year), now, person_id=person_id, stranger=by, detail=f"{found.number}"
    )
    return found


def _is_the_same(one: Edition, other: Edition) -> bool:
    """Whatever day it was made."""
    if (one.reviewed_by, one.reviewed_on) != (other.reviewed_by, other.reviewed_on):
        return False
    return (one.public.tables, one.public.withheld) == (other.public.tables, other.public.withheld)


def publish_as_ready(
    acting: Acting, year: int, seen: int | None, typed: Mapping[str, str], ready: Ready | None
) -> Edition | NotPublished | Refused:
    """What was made ready beforehand; `seen` is the number of the edition that stood then, 0 for none."""
    if not acting.may(Conversation.YEAR_REPORT):
        return acting.refuse(What.EDITION.of(year))
    hold(acting.tx, "edition")
    newest = editions.newest(acting.tx, year)
    if seen != (newest.number if newest else 0):
        return NotPublished("other")
    answers, problems = read(REVIEW, typed, acting.today)
    if problems:
        return NotPublished("wrong", tuple(problems))
    if ready is None:
        return _why_not_ready(acting, year)
    return _publish_ready(acting, ready, answers["reviewed_by"], date.fromisoformat(answers["reviewed_on"]))


def _why_not_ready(acting: Acting, year: int) -> NotPublished:
    """A frame that was tampered with, or something that has changed since."""
    try:
        read_facts(
            acting.tx, year, acting.municipality.year, acting.now, acting.now, person_id=acting.person.id
        )
    except SelectionRefusedError as refused:
        return NotPublished("frame", said=tuple(refused.problems))
    return NotPublished("moved")


def _publish_ready(
    acting: Acting, ready: Ready, reviewed_by: str, reviewed_on: date
) -> Edition | NotPublished:
    facts, by = ready.basis.facts, acting.person.id
    log_births(acting.tx, facts, acting.now, person_id=by)
    problems = not_to_be_published(facts, reviewed_on)
    if problems:
        return NotPublished("wrong", tuple(problems))
    if ready.public is None:
        return NotPublished("too_long")
    # The documents are the municipality's, in Swedish whatever the language of who publishes them.
    say = Texts("sv").say
    try:
        return publish(
            acting.tx, ready.basis, ready.public, reviewed_by, reviewed_on, acting.now, say, person_id=by
        )
    except MovedError:
        return NotPublished("moved")


def newest_edition(reader: Reader, year: int) -> Edition | None:
    """What is published of the year, which is open to all."""
    return editions.newest(reader.tx, year)
