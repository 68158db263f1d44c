"""A quarter of the access log with who looked and at whose, put before whoever reviews it, and the review recorded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from followup import PlacementId
from followup.access.access import ACCESS, DataKind, Reach
from followup.log.chain import Checkpoint
from followup.log.log_review import Finding, Look, Quarter, findings
from followup.log.subject import Subject, What
from followup.people import Conversation, Person
from followup.times.calendar import municipal_day
from followup.wording.form import LONGEST_TEXT, clean_text
from followup.wording.secrecy import holds_personal_number
from followup.wording.wording import Problem, wording
from services.acting import Acting, Reader, Refused, Why
from storage.engine.database import Transaction
from storage.log import access_log, log_chain, log_reviews
from storage.log.access_log import Logged
from storage.register import people, placements, units

# How the placements were named before each record had a row of its own.
PLACEMENTS = "placements "


def review(tx: Transaction, quarter: Quarter) -> list[Finding]:
    return findings(_looks(tx, quarter))


def record_review(
    tx: Transaction, quarter: Quarter, by: Person, note: str, now: datetime, found: int
) -> None:
    """Stores that the quarter has been looked through, and how much there was to look at."""
    access_log.record(tx, "write", What.LOG_REVIEW.of(quarter), now, person_id=by.id, records=0)
    log_reviews.save(tx, str(quarter), by.id, note, found, now)
    log_chain.checkpoint(tx, now)


def _looks(tx: Transaction, quarter: Quarter) -> Iterator[Look]:
    everyone = people.PeopleById(tx)
    seen: dict[tuple[PlacementId, date], tuple[str | None, tuple[str, ...]]] = {}
    for logged in access_log.between(tx, quarter.begins, quarter.ends):
        entry = logged.entry
        person = everyone.get(entry.person_id)
        day = municipal_day(entry.at)
        whose = [_whose(tx, one, day, everyone, seen) for one in _placements(logged)]
        directors = _director(tx, entry.subject)
        yield Look(
            at=entry.at,
            who=person.key if person else entry.stranger or "",
            name=person.name if person else "",
            act=entry.act,
            subject=str(entry.subject),
            records=entry.records,
            team=person.team if person else None,
            own=person is not None and ACCESS.reach(person.role, DataKind.CASE_REFERENCE) == Reach.OWN,
            reason=entry.reason,
            teams=frozenset(team for team, _ in whose if team),
            names=(*(name for _, names in whose for name in names), *directors),
        )


def _placements(logged: Logged) -> list[PlacementId]:
    seen = [PlacementId(int(one.id)) for one in logged.entry.seen if one.what == What.PLACEMENT]
    if seen:
        return seen
    named = logged.entry.detail or ""
    listed = named.removeprefix(PLACEMENTS) if named.startswith(PLACEMENTS) else ""
    return [PlacementId(int(one)) for one in listed.split(",") if one.isdigit()]


def _whose(
    tx: Transaction,
    placement_id: PlacementId,
    day: date,
    everyone: people.PeopleById,
    seen: dict[tuple[PlacementId, date], tuple[str | None, tuple[str, ...]]],
) -> tuple[str | None, tuple[str, ...]]:
    """The team of who owned the placement that day, and the names by which its child goes."""
    if (placement_id, day) not in seen:
        one = placements.get(tx, placement_id, day)
        owner = everyone.get(one.owner_id) if one else None
        names = (one.case_reference, one.alias or "") if one else ()
        seen[placement_id, day] = (owner.team if owner else None, names)
    return seen[placement_id, day]


def _director(tx: Transaction, subject: Subject) -> tuple[str, ...]:
    unit = units.by_key(tx, subject.id) if subject.what == What.EVIDENCE else None
    return (unit.director,) if unit and unit.director else ()


@dataclass(frozen=True)
class QuarterSeen:
    """What deserves a look in a quarter of the log, whether it has been looked through, and the newest signed end."""

    quarter: Quarter
    findings: Sequence[Finding]
    done: bool
    over: bool
    newest: Checkpoint | None


def quarter_seen(
    reader: Reader, quarter: Quarter, known: Sequence[Finding] | None = None
) -> QuarterSeen | Refused:
    """Who looked at what, for those who may see the access log; that they looked is logged too.

    `known` is what was found beside the writer.
    """
    if not reader.may(Conversation.LOG_REVIEW):
        return reader.refuse(What.LOG_REVIEW.of(quarter))
    reader.log("read", What.LOG_REVIEW.of(quarter), records=0)
    found = review(reader.tx, quarter) if known is None else known
    done = log_reviews.is_done(reader.tx, str(quarter))
    newest = log_chain.newest_checkpoint(reader.tx)
    return QuarterSeen(quarter, found, done, quarter.ends <= reader.now, newest)


def reviewed(acting: Acting, quarter: Quarter, typed: str, found: int) -> Refused | None:
    """Stores that it has been looked through, with a note, and how much there was to look at."""
    if not acting.may(Conversation.LOG_REVIEW):
        return acting.refuse(What.LOG_REVIEW.of(quarter))
    note = clean_text(typed)
    if problem := review_problem(quarter, note, acting.now):
        return Refused(Why.WRONG, (problem,))
    record_review(acting.tx, quarter, acting.person, note, acting.now, found)
    return None


def review_problem(quarter: Quarter, note: str, now: datetime) -> Problem | None:
    """What is wrong with a review or with what was written about it; what is yet to be logged nobody has looked at."""
    if quarter.ends > now:
        return Problem("quarter", wording("page.log.not_over"))
    if not note:
        return Problem("note", wording("cli.log.note_needed"))
    if len(note) > LONGEST_TEXT:
        return Problem("note", wording("form.too_long", length=len(note), longest=LONGEST_TEXT))
    return Problem("note", wording("form.personal_number")) if holds_personal_number(note) else None


def end_signed(acting: Acting) -> Checkpoint | Refused:
    """A checkpoint at her word; refused as CHANGED where the log's end was changed by hand."""
    if not acting.may(Conversation.LOG_REVIEW):
        return acting.refuse(What.LOG_CHECKPOINT.of())
    acting.log("write", What.LOG_CHECKPOINT.of(), records=0)
    try:
        return log_chain.checkpoint(acting.tx, acting.now)
    except ValueError:
        return Refused(Why.CHANGED)


def is_reviewed(tx: Transaction, quarter: Quarter) -> bool:
    return log_reviews.is_done(tx, str(quarter))


def signed_end(tx: Transaction, now: datetime) -> Checkpoint:
    """Where the log ends now, signed and stored; raises ValueError of an end that was changed by hand."""
    return log_chain.checkpoint(tx, now)
