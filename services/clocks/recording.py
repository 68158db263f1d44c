"""Recording that a clock is done: by the worker, with the day and for a meeting who decided; a manager sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from followup import PlacementId
from followup.access.access import DataKind
from followup.clocks.clock import LawClock
from followup.clocks.done import ClockDone
from followup.clocks.due import ClockDue, times_of
from followup.clocks.facts import ClockFacts
from followup.clocks.rows import CLOSING
from followup.log.subject import What
from followup.people import Conversation
from followup.wording.form import Answers, Question, read
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why
from services.clocks.own_clocks import RunningClock, may_see_own, running
from services.month.closing import first_closing, read_closing, store_closing
from services.own_people import OwnPeople
from storage.clocks import done, stays
from storage.clocks.own import clocks

_DAY = Question("done_on", "date", "clock")
BY_ENDING: Mapping[str, tuple[Question, ...]] = {
    "meeting": (_DAY, Question("body", "line", "clock")),
    "day": (_DAY,),
}
_LONGEST_BODY = 100


def _points(*points: str) -> tuple[Question, ...]:
    return tuple(Question(one, "choice", "plan_check", "yes_no", ("yes", "no")) for one in points)


# Law-and-facts F8: four points and seven, and whether it is signed.
CHECKLISTS: Mapping[str, tuple[Question, ...]] = {
    "care_plan": _points("measures", "contact", "goals", "views", "signed"),
    "treatment_plan": _points(
        "goals",
        "how_and_when",
        "followed_up_when",
        "others_measures",
        "contact",
        "contact_with_board",
        "views",
        "signed",
    ),
}
PLAN_OF = {"care_plan_check": "care_plan", "treatment_plan_check": "treatment_plan"}


def own_running(acting: Acting, placement_id: PlacementId | None, code: str) -> RunningClock | Refused:
    """One of hers that runs; refused where it is done by now, has never run, or is another's."""
    if not may_see_own(acting):
        return acting.refuse(What.CLOCK.of(placement_id or "?", code))
    found = next(
        (one for one in running(acting) if (one.placement.id, one.clock.code) == (placement_id, code)), None
    )
    if found is None:
        return acting.refuse(What.CLOCK.of(placement_id or "?", code), Why.UNKNOWN)
    acting.log("read", What.CLOCK.of(found.placement.id, code), seen=[What.PLACEMENT.of(found.placement.id)])
    return found


def _still_running(
    acting: Acting, placement_id: PlacementId | None, code: str, due: date | None
) -> RunningClock | Refused:
    """The time that the form was about, and not the next one, which an old form must not end."""
    found = own_running(acting, placement_id, code)
    return found if isinstance(found, Refused) or found.due.due == due else Refused(Why.DONE)


def record_done(
    acting: Acting, placement_id: PlacementId | None, code: str, due: date | None, typed: Mapping[str, str]
) -> ClockDone | Refused:
    """A fact about the time with that last day; a day that would not end it is refused, and nothing is stored."""
    found = _still_running(acting, placement_id, code, due)
    if isinstance(found, Refused):
        return found
    questions = BY_ENDING.get(found.clock.ends)
    if questions is None:
        return acting.refuse(What.CLOCK.of(placement_id or "?", code), Why.UNKNOWN)
    answers, problems = read(questions, typed, acting.today)
    if len(answers.get("body", "")) > _LONGEST_BODY:
        problems.append(Problem("body", wording("clock.body_too_long", longest=_LONGEST_BODY)))
    if not problems and not _counts(acting, found.due, date.fromisoformat(answers["done_on"])):
        problems.append(Problem("done_on", wording("clock.day_not_counted", since=found.due.since)))
    return Refused(Why.WRONG, tuple(problems)) if problems else _store(acting, found, answers)


def _counts(acting: Acting, due: ClockDue, day: date) -> bool:
    """Whether the time that runs is done when it has been done on the day."""
    [facts] = stays.known(acting.tx, [due.placement_id], acting.now)
    after = [one for one in times_of(_with(facts, due.clock.code, day), [due.clock]) if one.due == due.due]
    return bool(after) and after[0].done is not None


def _with(facts: ClockFacts, code: str, day: date) -> ClockFacts:
    return replace(facts, done={**facts.done, code: [*facts.done.get(code, ()), day]})


def _store(acting: Acting, found: RunningClock, answers: Answers) -> ClockDone:
    day = date.fromisoformat(answers["done_on"])
    number = done.record(
        acting.tx,
        found.placement.id,
        found.clock.code,
        day,
        answers.get("body"),
        acting.person.id,
        acting.now,
    )
    seen = [What.PLACEMENT.of(found.placement.id)]
    acting.log("write", What.CLOCK.of(found.placement.id, found.clock.code), detail=str(day), seen=seen)
    stored = done.get(acting.tx, number)
    assert stored is not None
    return stored


def own_recorded(acting: Acting, done_id: int) -> tuple[ClockDone, LawClock] | None:
    """What she recorded herself, and of which clock; None where it is not hers, or there is no such clock any more."""
    stored = done.get(acting.tx, done_id)
    clock = next((one for one in clocks(acting.tx) if stored and one.code == stored.clock), None)
    return (stored, clock) if stored and clock and stored.author_id == acting.person.id else None


def withdraw(acting: Acting, done_id: int | None) -> ClockDone | Refused:
    """Takes back what was said by mistake, as a new version: the time runs again as if it had not been."""
    stored = done.get(acting.tx, done_id) if done_id else None
    if stored is None or not acting.may(Conversation.CLOCKS) or stored.author_id != acting.person.id:
        return acting.refuse(What.CLOCK.of(done_id or "?"))
    if done.newest_of(acting.tx, stored).id != stored.id:
        return Refused(Why.CHANGED)
    done.withdraw(acting.tx, stored, acting.person.id, acting.now)
    seen = [What.PLACEMENT.of(stored.placement_id)]
    acting.log("write", What.CLOCK.of(stored.placement_id, stored.clock), detail="withdrawn", seen=seen)
    return stored


@dataclass(frozen=True)
class PlanRead:
    """What was answered about a plan of a day, and how many of its points are missing."""

    plan: str
    plan_on: date
    missing: Sequence[str]


def read_through(
    acting: Acting,
    placement_id: PlacementId | None,
    plan: str | None,
    due: date | None,
    typed: Mapping[str, str],
) -> PlanRead | Refused:
    """Once for each plan, when it is new or has another day."""
    code = next((one for one, of in PLAN_OF.items() if of == plan), "?")
    found = _still_running(acting, placement_id, code, due)
    if isinstance(found, Refused):
        return found
    answers, problems = read(CHECKLISTS[PLAN_OF[code]], typed, acting.today)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    tx, placement = acting.tx, found.placement.id
    done.record_check(tx, placement, PLAN_OF[code], found.due.since, answers, acting.person.id, acting.now)
    seen = [What.PLACEMENT.of(placement)]
    acting.log("write", What.CLOCK.of(placement, code), detail=str(found.due.since), seen=seen)
    missing = [point for point, answer in answers.items() if answer == "no"]
    return PlanRead(PLAN_OF[code], found.due.since, missing)


def tell_end(
    acting: Acting, placement_id: PlacementId | None, due: date | None, typed: Mapping[str, str]
) -> RunningClock | Refused:
    """The closing report of a placement that ended, where no month's report has told of it."""
    found = _still_running(acting, placement_id, CLOSING, due)
    if isinstance(found, Refused):
        return found
    answers, problems = read_closing(acting, typed, first_closing(acting, found.placement.id))
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    store_closing(acting, found.placement, found.due.since, answers)
    return found


def see(acting: Acting, done_ids: Sequence[int]) -> int | Refused:
    """A manager has seen what her own people recorded; how many she was the first to see."""
    own = OwnPeople(acting, DataKind.CLOCK)
    found = [stored for one in done_ids if (stored := done.get(acting.tx, one))]
    if not acting.may(Conversation.CLOCKS) or not found or not all(own.has(one.author_id) for one in found):
        return acting.refuse(What.CLOCKS.of())
    new = [one for one in found if done.see(acting.tx, one.id, acting.person.id, acting.now)]
    if new:
        acting.log("write", What.CLOCKS.of(), detail=f"seen {len(new)}", records=len(new))
    return len(new)
