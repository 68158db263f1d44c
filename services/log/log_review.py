"""A quarter of the access log with who looked and at whose, put before whoever reviews it, and the review recorded."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from followup import PersonId, PlacementId
from followup.access.access import ACCESS, DataKind, Reach
from followup.log.chain import Checkpoint
from followup.log.log_review import Finding, Look, Quarter, findings
from followup.log.subject import Subject, What
from followup.people import Person
from followup.times.calendar import municipal_day
from storage.engine.database import Transaction
from storage.log import access_log, log_chain, log_reviews
from storage.log.access_log import Logged
from storage.register import people, placements, units

# How the placements were named before each record had a row of its own.
PLACEMENTS = "placements "


def review(tx: Transaction, quarter: Quarter) -> list[Finding]:
    return findings(_looks(tx, quarter))


def record_review(tx: Transaction, quarter: Quarter, by: Person, note: str, now: datetime) -> int:
    """Stores that the quarter has been looked through, and how much there was to look at."""
    found = len(review(tx, quarter))
    access_log.record(tx, "write", What.LOG_REVIEW.of(quarter), now, person_id=by.id, records=0)
    log_reviews.save(tx, str(quarter), by.id, note, found, now)
    log_chain.checkpoint(tx, now)
    return found


def _looks(tx: Transaction, quarter: Quarter) -> Iterator[Look]:
    everyone = people.everyone(tx)
    seen: dict[tuple[PlacementId, date], tuple[str | None, tuple[str, ...]]] = {}
    for logged in access_log.between(tx, quarter.begins, quarter.ends):
        entry = logged.entry
        person = everyone.get(entry.person_id) if entry.person_id is not None else None
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
    everyone: Mapping[PersonId, Person],
    seen: dict[tuple[PlacementId, date], tuple[str | None, tuple[str, ...]]],
) -> tuple[str | None, tuple[str, ...]]:
    """The team of who owned the placement that day, and the names by which its child goes."""
    if (placement_id, day) not in seen:
        one = placements.get(tx, placement_id, day)
        owner = everyone.get(one.owner_id) if one and one.owner_id is not None else None
        names = (one.case_reference, one.alias or "") if one else ()
        seen[placement_id, day] = (owner.team if owner else None, names)
    return seen[placement_id, day]


def _director(tx: Transaction, subject: Subject) -> tuple[str, ...]:
    unit = units.by_key(tx, subject.id) if subject.what == What.EVIDENCE else None
    return (unit.director,) if unit and unit.director else ()


def is_reviewed(tx: Transaction, quarter: Quarter) -> bool:
    return log_reviews.is_done(tx, str(quarter))


def signed_end(tx: Transaction, now: datetime) -> Checkpoint:
    """Where the log ends now, signed and stored; raises ValueError of an end that was changed by hand."""
    return log_chain.checkpoint(tx, now)
