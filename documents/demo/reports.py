"""The monthly reports of the demo municipality, month by month for each placement."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date
from random import Random

from documents.demo.answers import Occasion, first_answers, form_answers
from documents.demo.modes import Mode, Modes, has_row
from documents.demo.placements import DemoPlacement
from followup import PlacementId, TaskId
from followup.month.report import Report, by_statement, starting_point, statement_refused
from followup.times.calendar import at_municipal, nth_working_day
from followup.times.month import Month
from followup.wording.form import Answers

STATEMENT_SHARE = 0.65


@dataclass(frozen=True)
class DemoReport:
    """One row of the file: a report that came on a day, or (without one) a report that is missing."""

    stay: DemoPlacement
    month: Month
    report: Report | None = None
    came_on: date | None = None


def reports(
    rng: Random,
    stays: list[DemoPlacement],
    modes: Modes,
    signalled: Set[tuple[str, Month]],
    today: date,
    asked: Month,
) -> Iterator[DemoReport]:
    """`signalled` are the cases and months that a signal was raised in."""
    for index, stay in enumerate(stays):
        planned = {back: modes[index, back] for back in stay.months(asked) if (index, back) in modes}
        signal_months = {month for case, month in signalled if case == stay.case}
        yield from _of_stay(rng, stay, planned, signal_months, today, asked)


def _of_stay(
    rng: Random,
    stay: DemoPlacement,
    planned: dict[int, Mode],
    signal_months: set[Month],
    today: date,
    asked: Month,
) -> Iterator[DemoReport]:
    """Newest first, the earlier reports decide whether a statement will do."""
    earlier: list[Report] = []
    for back in (back for back in stay.months(asked) if has_row(stay, back)):
        month = asked.plus(-back)
        mode = planned.get(back) or _unplanned(rng, month, earlier, month in signal_months)
        if mode == "missing":
            yield DemoReport(stay, month)
            continue
        came_on = min(nth_working_day(month.next, rng.randint(1, 9)), today)
        first, last = max(stay.starts, month.first), min(stay.ends or month.last, month.last)
        occasion = Occasion(month, first, last, came_on, mode == "concern", month in signal_months)
        report = _report(rng, stay, mode, earlier, occasion)
        earlier.insert(0, report)
        yield DemoReport(stay, month, report, came_on)


def _unplanned(rng: Random, month: Month, earlier: list[Report], signal: bool) -> Mode:
    if signal or statement_refused(month, earlier) or rng.random() > STATEMENT_SHARE:
        return "form"
    return "statement"


def _report(
    rng: Random, stay: DemoPlacement, mode: Mode, earlier: list[Report], occasion: Occasion
) -> Report:
    answers = _answers(rng, stay, mode, earlier, occasion)
    known_at = at_municipal(occasion.answered_on)
    return Report(TaskId(0), PlacementId(0), occasion.month, 1, answers, mode == "statement", None, known_at)


def _answers(
    rng: Random, stay: DemoPlacement, mode: Mode, earlier: list[Report], occasion: Occasion
) -> Answers:
    if mode == "statement":
        return by_statement(earlier[0])
    before = starting_point(earlier[0] if earlier else None)
    return form_answers(rng, before or first_answers(rng, stay.starts, occasion.month), occasion)
