"""Raising a signal: of a placement that one answers for or of a unit, on its own or with a month's report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from followup import PlacementId, TaskId, UnitId
from followup.access.access import DataKind, Reach
from followup.log.subject import What
from followup.people import Conversation
from followup.placement import Placement
from followup.provider import Unit
from followup.signals.kind_form import not_shown
from followup.signals.signal import QUESTIONS, Signal, is_serious, read_signal
from followup.wording.form import UNANSWERED, Answers, Question, asked, refused_free_text
from followup.wording.wording import Problem, wording
from services.acting import Acting, Reader, Refused, Why
from services.named import unit_named
from services.risk.scoring import rescore
from services.signals.own_faults import tell_managers
from services.signals.progress import receive
from storage.alerts import alerts
from storage.register import people, placements, units
from storage.signals import signals

# The field of a unit that is typed by its name.
NAMED = "unit_name"
RECENTLY_ENDED = timedelta(days=183)
# More figures than any unit's number has.
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class _Where:
    """Unit and placement, none where the problem says why."""

    unit_id: UnitId | None = None
    placement_id: PlacementId | None = None
    problem: Problem | None = None


def raise_signal(acting: Acting, typed: Mapping[str, str], drawn: str | None = None) -> Signal | Refused:
    """Stores what was typed and scores its unit, or refuses with all that is wrong.

    `drawn` is the kind that the form was drawn for, None of one that showed what is asked of them all.
    """
    if not acting.may(Conversation.SIGNAL):
        return acting.refuse(What.SIGNAL.of())
    answers, problems = read_typed(acting, typed, drawn)
    where = _where(acting, typed)
    problems = [*([where.problem] if where.problem else []), *problems]
    if problems or where.unit_id is None:
        return Refused(Why.WRONG, tuple(problems))
    signal = store(acting, answers, where.unit_id, where.placement_id, None)
    rescore(acting.tx, where.unit_id, acting.now)
    return signal


def is_alerted(reader: Reader, signal: Signal) -> bool:
    """Whether an alert on its event is stored: at a large unit it comes a moment later."""
    if not is_serious(signal):
        return False
    reports = {one.id for one in signals.of_event(reader.tx, signal.id)}
    return any(one.signal_id in reports for one in alerts.of_unit(reader.tx, signal.unit_id))


def read_typed(
    acting: Acting,
    typed: Mapping[str, str],
    drawn: str | None = None,
    questions: Sequence[Question] = QUESTIONS,
) -> tuple[Answers, list[Problem]]:
    """By the questions that this municipality asks; `questions` are those of the form that it was typed in."""
    free_text = acting.municipality.free_text
    answers, problems = read_signal(typed, acting.today, asked(QUESTIONS, free_text=free_text))
    problems += not_shown(asked(questions, free_text=free_text), typed, drawn, problems)
    return answers, problems + refused_free_text(QUESTIONS, typed, "marks", acting.municipality.text_refused)


def own_placements(acting: Acting) -> list[Placement]:
    """Those that the person answers for today, with those that ended lately; not logged."""
    reach = acting.reach(DataKind.CASE_REFERENCE)
    if reach not in (Reach.OWN, Reach.ALL):
        return []
    among = acting.person.id if reach == Reach.OWN else None
    found = placements.open_since(acting.tx, acting.today - RECENTLY_ENDED, acting.today, among)
    if reach == Reach.ALL:
        return found
    pairs = {one.answerable for one in found}
    answering = people.answering(acting.tx, pairs, acting.today, acting.person)
    return [one for one in found if answering.of(*one.answerable) == acting.person.id]


def _where(acting: Acting, typed: Mapping[str, str]) -> _Where:
    """The placement says which unit when none was chosen."""
    mine = {str(one.id): one for one in own_placements(acting)}
    placement = _chosen(typed, "placement")
    chosen = mine.get(placement)
    if placement and not chosen:
        acting.log("refused", What.PLACEMENT.of(placement if placement.isdecimal() else "?"))
        return _Where(problem=Problem("placement", wording("signal.placement_gone")))
    unit, problem = _unit(acting, typed)
    if problem is not None:
        return _Where(problem=problem)
    if chosen and unit and int(unit) != chosen.unit_id:
        return _Where(problem=Problem("unit", wording("signal.unit_differs", unit=chosen.unit_name)))
    if chosen:
        return _Where(chosen.unit_id, chosen.id)
    if unit:
        return _Where(UnitId(int(unit)))
    return _Where(problem=Problem("unit", wording("form.missing")))


def _unit(acting: Acting, typed: Mapping[str, str]) -> tuple[str, Problem | None]:
    """The number of the one that was chosen or named, empty where none was, or why there is none such."""
    if named := typed.get(NAMED, "").strip():
        found, problems = unit_named(acting, named)
        return ("", Problem("unit", problems[0])) if found is None else (str(found.id), None)
    unit = _chosen(typed, "unit")
    if unit and _followed(acting, unit) is None:
        return "", Problem("unit", wording("form.not_a_choice"))
    return unit, None


def _followed(acting: Acting, typed: str) -> Unit | None:
    number = int(typed) if typed.isdecimal() and len(typed) < LONGEST_NUMBER else 0
    return units.followed_unit(acting.tx, UnitId(number)) if str(number) == typed else None


def _chosen(typed: Mapping[str, str], name: str) -> str:
    value = typed.get(name, "")
    return "" if value == UNANSWERED else value


def store(
    acting: Acting,
    answers: Answers,
    unit_id: UnitId,
    placement_id: PlacementId | None,
    task_id: TaskId | None,
) -> Signal:
    """Stores it, logs it, gives it to somebody, the authority's own fault to a manager; the caller scores the unit."""
    signal = signals.save(
        acting.tx,
        answers,
        unit_id=unit_id,
        placement_id=placement_id,
        task_id=task_id,
        author_id=acting.person.id,
        now=acting.now,
    )
    acting.log("write", What.SIGNAL.of(signal.id))
    receive(acting, signal)
    if signal.cause == "authority":
        tell_managers(acting, signal)
    return signal
