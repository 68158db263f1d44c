"""A person's leave, with the substitute who gets her placements meanwhile: what stands, recorded, taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup import PersonId
from followup.log.subject import What
from followup.people import Conversation, Leave, Person, Role
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why
from services.month.standing_in import ask_to_stand_in, tell_no_longer
from services.named import MOST_OFFERED, key_or_closest
from storage.engine.locks import hold_person
from storage.register import people

LONGEST_LEAVE = timedelta(days=366)


def standing_leaves(acting: Acting) -> dict[int, Leave]:
    """Her own leaves from today on, by number; none is recorded beside them."""
    hold_person(acting.tx, acting.person.id)
    return people.leaves_of(acting.tx, acting.person.id, acting.today)


def substitutes(acting: Acting) -> list[Person] | None:
    """Colleagues who can stand in for her, those of the same team first; None of more than can stand in a list."""
    if people.are_more(acting.tx, [Role.WORKER], MOST_OFFERED):
        return None
    others = [one for one in people.with_role(acting.tx, Role.WORKER) if one.id != acting.person.id]
    return sorted(others, key=lambda one: (one.team != acting.person.team, one.name))


def _substitute_named(acting: Acting, typed: str) -> tuple[PersonId | None, Problem | None]:
    """By her name or her code, as she is typed where there are too many to choose among."""
    names = people.names_with_role(acting.tx, Role.WORKER)
    names.pop(acting.person.key, None)
    found, near = key_or_closest(names, typed)
    one = None if found is None else people.by_key(acting.tx, found)
    if one is not None:
        return one.id, None
    return None, Problem("substitute", wording("leave.which", typed=typed.strip(), near=near))


def stand_in_chosen(acting: Acting, person_id: PersonId | None) -> Person | None:
    """One of those, without looking through them all."""
    one = None if person_id in (None, acting.person.id) else people.by_id(acting.tx, person_id)
    return one if one is not None and one.active and one.role == Role.WORKER else None


@dataclass(frozen=True)
class LeaveRecorded:
    leave: Leave
    number: int


@dataclass(frozen=True)
class LeaveOtherwise:
    """Leaves that the person has not been shown stand on some of the same days."""

    before: Sequence[Leave]
    leave: Leave


def record_leave(
    acting: Acting,
    starts: date | None,
    ends: date | None,
    substitute_id: PersonId | None,
    *,
    named: str = "",
    seen: Collection[int] = (),
    corrects: Sequence[int] = (),
) -> LeaveRecorded | LeaveOtherwise | Refused:
    """In the place of what she has `seen` of the same days, and of what she `corrects`, which was a mistake.

    `named` is the substitute's name or code, where it was typed.
    """
    if not acting.may(Conversation.LEAVE):
        return acting.refuse(What.LEAVE.of())
    unknown = None
    if named.strip():
        substitute_id, unknown = _substitute_named(acting, named)
    substitute = stand_in_chosen(acting, substitute_id)
    problems = [
        *_day_problems(starts, ends, acting.today),
        *([unknown] if unknown else _substitute_problems(acting, substitute, starts, ends)),
    ]
    if problems or starts is None or ends is None or substitute is None:
        return Refused(Why.WRONG, tuple(problems))
    away = Leave(acting.person.id, starts, ends, substitute.id)
    standing = standing_leaves(acting)
    known = {*corrects, *seen}
    unseen = [one for number, one in standing.items() if _meet(one, away) and number not in known]
    if unseen and away not in unseen:
        return LeaveOtherwise(unseen, away)
    return _record(acting, away, [number for number in corrects if number in standing])


def _meet(one: Leave, other: Leave) -> bool:
    return one.starts <= other.ends and other.starts <= one.ends


def _record(acting: Acting, away: Leave, corrected: Sequence[int]) -> LeaveRecorded:
    replaced = [*corrected, *(id_ for id_, one in standing_leaves(acting).items() if _meet(one, away))]
    people.cancel_leaves(acting.tx, corrected, acting.now)
    number = people.record_leave(acting.tx, away, acting.now)
    tell_no_longer(acting, dict.fromkeys(replaced), away.substitute_id)
    ask_to_stand_in(acting, number, away)
    # Whom the leave opens the placements to.
    named = f"substitute {away.substitute_id}, {away.starts}–{away.ends}"
    acting.log("write", What.LEAVE.of(), detail=named, records=0)
    return LeaveRecorded(away, number)


def _day_problems(starts: date | None, ends: date | None, today: date) -> list[Problem]:
    problems = []
    if starts is None:
        problems.append(Problem("starts", wording("form.not_a_date")))
    if ends is None:
        problems.append(Problem("ends", wording("form.not_a_date")))
    elif starts is not None and ends < starts:
        problems.append(Problem("ends", wording("leave.ends_first")))
    elif ends < today or ends > today + LONGEST_LEAVE:
        problems.append(Problem("ends", wording("leave.ends_odd")))
    return problems


def _substitute_problems(
    acting: Acting, substitute: Person | None, starts: date | None, ends: date | None
) -> list[Problem]:
    """Someone, and not someone who is away on any of the days."""
    if substitute is None:
        return [Problem("substitute", wording("form.missing"))]
    if starts is None or ends is None:
        return []
    leaves = people.leaves_of(acting.tx, substitute.id, starts).values()
    away = any(one.starts <= ends for one in leaves)
    return [Problem("substitute", wording("leave.substitute_away", name=substitute.name))] if away else []


def take_back_leave(acting: Acting, seen: Collection[int]) -> Sequence[int] | Refused:
    """Ends all her leaves, by number; not where there are others than those that she has seen."""
    if not acting.may(Conversation.LEAVE):
        return acting.refuse(What.LEAVE.of())
    standing = standing_leaves(acting)
    if not standing.keys() <= {*seen}:
        return Refused(Why.CHANGED)
    people.cancel_leaves(acting.tx, standing, acting.now)
    tell_no_longer(acting, standing)
    acting.log("write", What.LEAVE.of(), records=0)
    return list(standing)


def recorded_leave(acting: Acting, leave_id: int) -> Leave:
    """Her own, also one that stands no longer."""
    return people.leave_by_id(acting.tx, leave_id)
