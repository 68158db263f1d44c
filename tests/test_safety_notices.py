"""A child that does not feel safe: one notice until it feels safer, and only a record of what was done lifts it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from followup import AlertId, PersonId, PlacementId, TaskId
from followup.risk.safety import NO, Noticed, SafeAnswer, due
from followup.times.calendar import end_of_day
from followup.times.month import Month, months_between
from followup.wording.form import Answers
from services.risk.scoring import read_as_of
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.engine.tables import report_task, round_
from storage.month import reports
from storage.register import units
from tests.support.builders import Register, at
from tests.support.scored import scored_at_once

YEAR_END = at("2026-12-31 12:00")


class Home:
    """One placement at one unit, asked about from July on."""

    def __init__(self, tx: Transaction) -> None:
        self.tx, self.register = tx, Register(tx)
        self.register.person("karin", "quality")
        self.unit, self.worker = self.register.unit("E", form="stodboende"), self.register.person()
        self.placement = self.register.placement(self.worker, self.unit)
        for number in range(7, 13):
            self.register.measured(f"2026-{number:02d}")

    def answers(self, **safe: str) -> None:
        """What each month's report says, handed in on the month's last day, oldest first."""
        for name, answer in safe.items():
            month = Month.parse(f"2026-{name[1:]}")
            self.hand_in(month, {"feels_safe": answer} if answer else {}, end_of_day(month.last))

    def hand_in(self, month: Month, answers: Answers, now: datetime) -> None:
        round_id = self.tx.connection.scalar(select(round_.c.id).where(round_.c.month == month))
        find = select(report_task.c.id).where(report_task.c.round_id == round_id)
        task = self.tx.connection.scalar(find) or self.register._add(
            report_task, TaskId, round_id=round_id, placement_id=self.placement
        )
        reports.save(self.tx, task, answers, by_statement=False, author_id=self.worker, now=now)
        scored_at_once(self.tx, self.unit, now)

    def notices(self) -> list[str]:
        """The months of the reports that the open notices are about."""
        months = dict(
            self.tx.connection.execute(
                select(report_task.c.id, round_.c.month).join(round_, round_.c.id == report_task.c.round_id)
            ).all()
        )
        open_ones = [one for one in alerts.of_unit(self.tx, self.unit) if one.closed_at is None]
        return [str(months[one.task_id]) for one in open_ones if one.kind == "safety"]

    def record(self, number: AlertId) -> None:
        alerts.close(self.tx, number, PersonId(1), "Talat med barnet.", YEAR_END)
        scored_at_once(self.tx, self.unit, YEAR_END)

    def shown(self) -> str:
        reading = read_as_of(self.tx, units.get(self.tx, self.unit), date(2026, 12, 31), YEAR_END)
        return reading.judgement.band


YEAR = {"m07": "no", "m08": "", "m09": "no", "m10": "partly", "m11": "no", "m12": "yes"}


def test_a_notice_is_raised_once_until_a_report_says_that_the_child_feels_safer(tx: Transaction) -> None:
    home = Home(tx)
    home.answers(**YEAR)
    assert (home.notices(), home.shown()) == (["2026-07", "2026-11"], "yellow")
    july, november = (one.id for one in alerts.of_unit(tx, home.unit) if one.kind == "safety")
    home.record(july)
    assert (home.notices(), home.shown()) == (["2026-11"], "yellow")
    home.record(november)
    assert (home.notices(), home.shown()) == ([], "green")


def test_a_notice_stays_when_the_answer_is_corrected(tx: Transaction) -> None:
    home = Home(tx)
    home.answers(m11="no")
    home.hand_in(Month(2026, 11), {"feels_safe": "yes"}, at("2026-12-02 12:00"))
    assert (home.notices(), home.shown()) == (["2026-11"], "yellow")


def test_the_notice_is_no_event_alert_and_needs_no_decision(tx: Transaction) -> None:
    home = Home(tx)
    home.answers(m11="no")
    assert [one.kind for one in alerts.of_unit(tx, home.unit)] == ["safety"]


HERS = PlacementId(1)


def answer(month: int, said: str, *, history: bool = False, placement: PlacementId = HERS) -> SafeAnswer:
    return SafeAnswer(TaskId(month), placement, Month(2026, month), said, history)


HISTORY = [answer(month, said, history=True) for month, said in ((7, NO), (9, NO), (10, "partly"), (11, NO))]


@pytest.mark.parametrize(
    ("answers", "placed", "months"),
    [
        ([*HISTORY, answer(12, "yes", history=True)], {1}, []),
        (HISTORY, {1}, [11]),
        (HISTORY, set(), []),
        ([*HISTORY, answer(12, NO)], {1}, [11]),
        ([*HISTORY, answer(12, NO)], set(), [11]),
        ([answer(7, NO)], set(), [7]),
    ],
)
def test_history_gives_a_notice_only_where_it_goes_on(
    answers: list[SafeAnswer], placed: set[PlacementId], months: list[int]
) -> None:
    assert [one.month.number for one in due(answers, (), placed)] == months


SAID = st.sampled_from(["yes", "partly", NO])
MONTHS = months_between(Month(2026, 1), Month(2026, 12))


@given(st.dictionaries(st.sampled_from(MONTHS), SAID), st.randoms(use_true_random=False))
def test_the_order_in_which_reports_come_does_not_change_which_stretches_are_told_of(
    said: dict[Month, str], chance: object
) -> None:
    """Each stretch of unsafe months has a notice at the end, and no more than one for what was one stretch then."""
    months = list(said)
    chance.shuffle(months)  # type: ignore[attr-defined]
    known: list[SafeAnswer] = []
    noticed: list[Noticed] = []
    for month in months:
        known.append(SafeAnswer(TaskId(month.number), HERS, month, said[month]))
        noticed += [Noticed(one.task_id, HERS, one.month) for one in due(known, noticed, {HERS})]
    assert list(due(known, noticed, {HERS})) == []
    told = {one.month for one in noticed}
    assert all(said[month] == NO for month in told)
