"""The decision to delete: by a manager or the official, and by an administrator, who are two people."""

from dataclasses import dataclass
from datetime import date, datetime

from followup.clocks.retention_classes import RetentionClass
from followup.log.subject import What
from followup.messages.operation import PurgeProposed
from followup.people import Conversation, Role
from followup.wording.form import LONGEST_TEXT, clean_text
from followup.wording.secrecy import holds_personal_number
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why
from storage.engine.database import Transaction
from storage.messages import queueing
from storage.register import people
from storage.retention import purge_classes, purges
from storage.retention.purge_classes import PurgeClass
from storage.retention.purges import Purge, PurgeCase, Seat

SHOWN = 5


@dataclass(frozen=True)
class ClassSeen:
    """So many things of a retention class, before a day, where the plan says so; `rows` are those that have gone."""

    name: RetentionClass
    things: int
    before: date
    source: str
    rows: int


@dataclass(frozen=True)
class ProposalSeen:
    """A proposal with no child by any name: how many, from when, and how many of them are kept in the personal file."""

    number: int
    source: str
    day: date
    cases: int
    first: date | None
    last: date | None
    kept: int
    deciders: tuple[tuple[Seat, str], ...]
    refused_by: str | None
    deleted: int
    held: int
    begun: bool
    done: bool
    mine: Seat | None
    classes: tuple[ClassSeen, ...] = ()


def proposals(acting: Acting) -> list[ProposalSeen] | Refused:
    """The newest, newest first."""
    if acting.channel or not acting.may(Conversation.RETENTION):
        return acting.refuse(What.PURGE.of())
    acting.log("read", What.PURGE.of(), records=0)
    return [_seen(acting, one) for one in purges.newest(acting.tx, SHOWN)]


def decide(acting: Acting, number: int | None) -> ProposalSeen | Refused:
    """One's own seat is taken, once; it is decided when both are."""
    found = _open(acting, number)
    if isinstance(found, Refused):
        return found
    seat = seat_of(acting)
    if seat is None:
        return acting.refuse(What.PURGE.of(found.number))
    if seat in found.deciders or acting.person.id in {one for one, _ in found.deciders.values()}:
        return Refused(Why.DONE)
    purges.decide(acting.tx, found.number, seat, acting.person.id, acting.now)
    acting.log("write", What.PURGE.of(found.number), detail=f"decided {seat}", records=0)
    return _again(acting, found)


def refuse(acting: Acting, number: int | None, typed: str) -> ProposalSeen | Refused:
    """Nothing of it is to be deleted; the reason stands with it."""
    found = _open(acting, number)
    if isinstance(found, Refused):
        return found
    if seat_of(acting) is None:
        return acting.refuse(What.PURGE.of(found.number))
    reason = clean_text(typed)
    if problem := _problem(reason):
        return Refused(Why.WRONG, (problem,))
    purges.refuse(acting.tx, found.number, acting.person.id, reason, acting.now)
    acting.log("write", What.PURGE.of(found.number), detail="refused", reason=reason, records=0)
    return _again(acting, found)


def _problem(reason: str) -> Problem | None:
    if not reason:
        return Problem("reason", wording("form.missing"))
    if len(reason) > LONGEST_TEXT:
        return Problem("reason", wording("form.too_long", length=len(reason), longest=LONGEST_TEXT))
    if holds_personal_number(reason):
        return Problem("reason", wording("form.personal_number"))
    return None


def tell_deciders(tx: Transaction, number: int, official: str, now: datetime) -> int:
    """Each who may decide about a new proposal, in the same transaction as it; how many."""
    message = PurgeProposed(number)
    named = people.by_key(tx, official) if official else None
    whom = {one.id for role in (Role.MANAGER, Role.ADMIN) for one in people.with_role(tx, role)}
    whom |= {named.id} if named and named.active else set()
    return sum(queueing.queue(tx, message.key(one), message, now, person_id=one) for one in sorted(whom))


def seat_of(acting: Acting) -> Seat | None:
    """Which of the two decisions is hers to make."""
    if acting.person.role == Role.ADMIN:
        return "admin"
    is_official = acting.person.key == acting.municipality.official
    return "chief" if acting.person.role == Role.MANAGER or is_official else None


def _open(acting: Acting, number: int | None) -> Purge | Refused:
    if acting.channel or not acting.may(Conversation.RETENTION):
        return acting.refuse(What.PURGE.of(number or "?"))
    purges.hold_purge(acting.tx, number or 0)
    found = purges.get(acting.tx, number or 0)
    if found is None:
        return acting.refuse(What.PURGE.of(number or "?"), Why.UNKNOWN)
    return found if found.is_open else Refused(Why.DONE)


def stored(acting: Acting, number: int) -> ProposalSeen | None:
    found = purges.get(acting.tx, number)
    return None if found is None else _seen(acting, found)


def _again(acting: Acting, found: Purge) -> ProposalSeen:
    now = purges.get(acting.tx, found.number)
    assert now is not None
    return _seen(acting, now)


def _seen(acting: Acting, found: Purge) -> ProposalSeen:
    cases = purges.cases(acting.tx, found.number)
    ids = [one for one, _ in found.deciders.values()] + ([found.refused_by] if found.refused_by else [])
    named = people.some(acting.tx, ids)
    days = [one.last_on for one in cases]
    seat = seat_of(acting)
    mine = seat not in found.deciders and acting.person.id not in ids and found.is_open
    return ProposalSeen(
        number=found.number,
        source=str(found.plan["source"]),
        day=found.proposed_at.date(),
        cases=len(cases),
        first=min(days, default=None),
        last=max(days, default=None),
        kept=sum(bool(one.exemptions) for one in cases),
        deciders=tuple((seated, named[one].name) for seated, (one, _) in found.deciders.items()),
        refused_by=named[found.refused_by].name if found.refused_by else None,
        deleted=_count(cases, deleted=True),
        held=_count(cases, deleted=False),
        begun=found.begun_at is not None,
        done=found.done_at is not None,
        mine=seat if mine else None,
        classes=tuple(map(_class_seen, purge_classes.of_purge(acting.tx, found.number))),
    )


def _class_seen(one: PurgeClass) -> ClassSeen:
    due = one.due
    return ClassSeen(one.name, due.things, due.before, due.term.source, sum(one.deleted.values()))


def _count(cases: list[PurgeCase], *, deleted: bool) -> int:
    return sum(one.is_handled and (one.deleted is not None) == deleted for one in cases)
