"""What the clock's jobs do at a moment, over the months of a small town."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, text, update

from dialogs.messages.message_replies import say_now
from followup import AlertId, PersonId, PlacementId, UnitId
from followup.messages.clocks import ClocksNear
from followup.messages.follow_ups import DateNear
from followup.month.rounds import Round, RoundDays, snooze_until
from followup.people import Leave
from followup.risk.proof import read_inputs
from followup.risk.stored_score import StoredScore
from followup.times.calendar import at_municipal, municipal, municipal_day
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick
from services.risk.scoring import rescore
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.engine.tables import delivery, score
from storage.messages import conversations, ledger, queueing, settling
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL, DeliveryState
from storage.month import reports, rounds
from storage.register import people
from storage.risk import scores
from storage.signals import signals
from tests.support.builders import Register, at, claim_one, without_digests
from tests.support.scored import scored_at_once
from tests.support.turns import SAY

STATES: tuple[DeliveryState, ...] = ("ready", "sent", "cancelled")
FINE = {"feels_safe": "yes", "provider_report": "arrived"}
VIOLENCE = {
    "kind": "deviation",
    "event_on": "2026-11-05",
    "consequence": "4",
    "occurred": "happened",
    "cause": "provider",
    "source": "child",
    "text": "Slag.",
}


@dataclass
class Town:
    """Maria leads Anna, who has two placements, and Bo, who has one; Cia has none, and Karin is the quality team."""

    tx: Transaction
    register: Register
    people: dict[str, PersonId] = field(default_factory=dict)
    placements: dict[str, PlacementId] = field(default_factory=dict)
    unit: UnitId = field(default=UnitId(0))

    def settle(self) -> None:
        self.unit = self.register.unit("NORR")
        self.people["maria"] = self.register.person("maria", "manager")
        self.people["karin"] = self.register.person("karin", "quality", team="Kvalitet")
        without_digests(self.tx)
        for key in ("anna", "bo", "cia"):
            self.people[key] = self.register.person(key, manager_id=self.people["maria"])
        for case, owner in (("AKT-1", "anna"), ("AKT-2", "anna"), ("AKT-3", "bo")):
            self.place(case, owner)

    def place(self, case: str, owner: str, substitute: str | None = None, starts: str = "2026-08-01") -> None:
        self.placements[case] = self.register.placement(
            self.people[owner],
            self.unit,
            case=case,
            starts=starts,
            substitute_id=self.people[substitute] if substitute else None,
        )

    def asked_until(self, month: str) -> None:
        """That month's round is behind us, and it was nobody's."""
        last = Month.parse(month)
        opened = at(f"{last.next}-05")
        one = rounds.open_round(self.tx, last, opened, opened, opened)
        rounds.mark_escalated(self.tx, one.id, opened)

    def wake(self, *moments: str) -> int:
        """Wakes at each moment in turn, and gives how many messages all of it queued."""
        return sum(self._wake(at(moment)) for moment in moments)

    def _wake(self, now: datetime) -> int:
        """What was to go on an earlier day has gone."""
        gone = (delivery.c.state == "ready") & (
            delivery.c.not_before < at_municipal(municipal_day(now), time(0))
        )
        self.tx.connection.execute(
            update(delivery).where(gone).values(state="sent", sent_at=delivery.c.not_before)
        )
        return tick(self.tx, now, Times())

    def wake_daily(self, first: str, last: str, clock: str = "08:00") -> None:
        moment = at(f"{first} {clock}")
        while moment <= at(f"{last} {clock}"):
            self._wake(moment)
            moment = at(f"{municipal_day(moment) + timedelta(days=1)} {clock}")

    def said(self, *kinds: str) -> list[str]:
        """Every message of the kinds in the order they were decided: what, to whom, not before when."""
        names = {one.id: one.key for one in people.everyone(self.tx).values()}
        return [
            f"{one.kind} {names[one.person_id] if one.person_id else one.channel}"
            f" {municipal(one.not_before):%Y-%m-%d %H:%M}"
            for one in reversed(ledger.listed(self.tx, STATES))
            if one.kind in kinds or not kinds
        ]

    def deliver(self, moment: str) -> list[str]:
        """Sends what is due as the deliverer would, and gives what there still was to say."""
        names = {one.id: one.key for one in people.everyone(self.tx).values()}
        sent = []
        while (one := claim_one(self.tx, "test", at(moment))) is not None:
            card = say_now(self.tx, one, at(moment))
            settling.settle(self.tx, one.id, "sent" if card else "cancelled", sent_at=at(moment))
            if card:
                sent.append(f"{one.kind} {names[one.person_id] if one.person_id else one.channel}")
        return sent

    def round(self, month: str) -> Round:
        found = rounds.by_month(self.tx, Month.parse(month))
        assert found is not None
        return found

    def hand_in(self, month: str, *cases: str, moment: str = "2026-11-02 09:00") -> None:
        for task in rounds.tasks(self.tx, [self.round(month).id], at(moment).date()):
            if task.placement.case_reference in cases:
                reports.save(
                    self.tx, task.id, FINE, by_statement=False, author_id=self.people["anna"], now=at(moment)
                )

    def asked(self, month: str) -> set[str]:
        """Who has been asked about which placement."""
        names = {one.id: one.key for one in people.everyone(self.tx).values()}
        tasks = {
            one.id: one for one in rounds.tasks(self.tx, [self.round(month).id], at("2026-11-02").date())
        }
        return {
            f"{names[one.person_id]} {tasks[one.task_id].placement.case_reference}"
            for person_id in names
            for one in rounds.askings(self.tx, self.round(month).id, person_id)
        }

    def away(self, who: str, starts: str, ends: str, substitute: str | None = None) -> None:
        stand_in = self.people[substitute] if substitute else None
        leave = Leave(self.people[who], at(starts).date(), at(ends).date(), stand_in)
        people.record_leave(self.tx, leave, at("2026-10-01"))

    def leaves(self, who: str) -> None:
        self.tx.connection.execute(text("update person set active = false where key = :key"), {"key": who})

    def snooze(self, who: str, day: str, moment: str, month: str = "2026-10") -> None:
        round_ = self.round(month)
        until = snooze_until(at(day).date(), round_)
        rounds.record_snooze(self.tx, self.people[who], round_.id, until, at(moment))

    def reassign(self, case: str, owner: str, since: str) -> None:
        self.register.owner(self.placements[case], self.people[owner], since=since)

    def alert(self, moment: str = "2026-11-06 15:00") -> int:
        """Violence is reported, and the quality team alerted at once."""
        signals.save(
            self.tx,
            VIOLENCE,
            unit_id=self.unit,
            placement_id=None,
            task_id=None,
            author_id=self.people["anna"],
            now=at(moment),
        )
        scored_at_once(self.tx, self.unit, at(moment))
        return alerts.open_alerts(self.tx)[-1].id


@pytest.fixture
def town(tx: Transaction) -> Town:
    """On the eve of the first round that we see, October's."""
    made = Town(tx, Register(tx))
    made.settle()
    made.asked_until("2026-09")
    return made


# The question


def test_each_worker_is_asked_once_about_all_her_placements_when_the_round_opens(town: Town) -> None:
    assert town.wake("2026-11-02 07:59") == 0
    assert town.wake("2026-11-02 08:00") == 2
    assert town.said() == ["prompt anna 2026-11-02 08:00", "prompt bo 2026-11-02 08:00"]
    assert town.asked("2026-10") == {"anna AKT-1", "anna AKT-2", "bo AKT-3"}


def test_waking_again_at_once_later_or_earlier_adds_nothing(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    assert town.wake("2026-11-02 08:00", "2026-11-02 08:01", "2026-10-15 08:00", "2026-11-02 17:30") == 0
    assert len(town.said()) == 2


@pytest.mark.parametrize(
    ("month", "opens"),
    [
        ("2026-11", "2026-12-01"),
        ("2026-12", "2027-01-04"),
        ("2027-04", "2027-05-03"),
        ("2027-12", "2028-01-03"),
        ("2025-12", "2026-01-02"),
    ],
)
def test_the_question_comes_at_eight_on_the_first_working_day(
    tx: Transaction, month: str, opens: str
) -> None:
    town = Town(tx, Register(tx))
    town.settle()
    town.place("AKT-9", "cia", starts="2025-01-01")
    town.asked_until(str(Month.parse(month).previous))
    town.wake(f"{Month.parse(month).last} 12:00", f"{opens} 07:59")
    assert town.said("prompt") == []
    town.wake(f"{opens} 08:00")
    assert f"prompt cia {opens} 08:00" in town.said("prompt")


@pytest.mark.parametrize(
    ("month", "opens_utc"),
    [
        pytest.param("2026-09", "2026-10-01T06:00:00+00:00", id="in summer time"),
        pytest.param("2026-10", "2026-11-02T07:00:00+00:00", id="after the clocks went back"),
        pytest.param("2027-02", "2027-03-01T07:00:00+00:00", id="before they go forward"),
        pytest.param("2027-03", "2027-04-01T06:00:00+00:00", id="after they did"),
    ],
)
def test_the_round_opens_at_the_municipal_hour_whatever_the_clocks_do(
    tx: Transaction, month: str, opens_utc: str
) -> None:
    town = Town(tx, Register(tx))
    town.settle()
    town.asked_until(str(Month.parse(month).previous))
    opens = datetime.fromisoformat(opens_utc)
    tick(tx, opens - timedelta(minutes=1), Times())
    assert town.said("prompt") == []
    tick(tx, opens, Times())
    assert len(town.said("prompt")) == 2


@pytest.mark.parametrize(
    ("night", "asked_until", "morning"),
    [
        pytest.param("2026-10-24T23:30:00+00:00", "2026-08", "2026-10-26 08:00", id="back"),
        pytest.param("2027-03-28T00:30:00+00:00", "2027-01", "2027-03-30 08:00", id="forward"),
    ],
)
def test_waking_through_the_night_that_the_clocks_change_does_nothing_twice(
    tx: Transaction, night: str, asked_until: str, morning: str
) -> None:
    town = Town(tx, Register(tx))
    town.settle()
    town.asked_until(asked_until)
    start = datetime.fromisoformat(night)
    for minutes in range(0, 180, 20):
        tick(tx, start + timedelta(minutes=minutes), Times())
    assert town.said() == [f"prompt anna {morning}", f"prompt bo {morning}"]


def test_the_very_first_wake_asks_about_the_newest_month_only(tx: Transaction) -> None:
    town = Town(tx, Register(tx))
    town.settle()
    town.wake("2026-12-04 10:00")
    assert [str(one.month) for one in rounds.newest(tx, 9)] == ["2026-11"]


def test_a_month_that_was_read_in_as_history_is_asked_about_where_nothing_is_known(town: Town) -> None:
    october = rounds.open_round(
        town.tx, Month(2026, 10), at("2026-11-01"), at("2026-11-01"), at("2026-11-01")
    )
    town.tx.connection.execute(text("update round set asks = false where id = :id"), {"id": october.id})
    rounds.add_task(town.tx, october.id, town.placements["AKT-1"])
    town.hand_in("2026-10", "AKT-1", moment="2026-11-01 12:00")
    town.wake("2026-11-02 08:00")
    assert town.asked("2026-10") == {"anna AKT-2", "bo AKT-3"}


@pytest.mark.parametrize(
    ("starts", "ends", "asked"),
    [
        pytest.param("2026-10-31", None, True, id="began on the last day"),
        pytest.param("2026-11-01", None, False, id="began the day after"),
        pytest.param("2026-08-01", "2026-10-01", True, id="ended on the first day"),
        pytest.param("2026-08-01", "2026-09-30", False, id="ended the day before"),
        pytest.param("2026-10-14", "2026-10-14", True, id="a single day"),
        pytest.param("2026-08-01", "2026-11-20", True, id="ends later"),
    ],
)
def test_a_placement_is_asked_about_when_it_was_open_a_day_of_the_month(
    town: Town, starts: str, ends: str | None, asked: bool
) -> None:
    town.register.placement(town.people["cia"], town.unit, case="AKT-9", starts=starts, ends=ends)
    town.wake("2026-11-02 08:00")
    assert ("cia AKT-9" in town.asked("2026-10")) is asked


def test_a_child_who_moves_within_the_month_gives_a_report_for_each_placement(town: Town) -> None:
    other = town.register.unit("SYD")
    town.register.placement(
        town.people["cia"], town.unit, case="AKT-9", starts="2026-08-01", ends="2026-10-12"
    )
    town.register.placement(town.people["cia"], other, case="AKT-9", starts="2026-10-12")
    town.wake("2026-11-02 08:00")
    tasks = rounds.tasks(town.tx, [town.round("2026-10").id], at("2026-11-02").date())
    assert len([one for one in tasks if one.placement.case_reference == "AKT-9"]) == 2
    assert town.said("prompt").count("prompt cia 2026-11-02 08:00") == 1


def test_own_foster_homes_are_asked_about_by_nobody(town: Town) -> None:
    home = town.register.unit("HEM", form="kommunens_familjehem")
    town.register.placement(town.people["cia"], home, case="AKT-9")
    town.wake_daily("2026-11-02", "2026-11-20")
    assert not any("AKT-9" in one for one in town.asked("2026-10"))
    assert "cia" not in " ".join(town.said())
    assert scores.latest(town.tx, home) is None


def test_a_worker_without_placements_gets_nothing_all_month(town: Town) -> None:
    town.wake_daily("2026-11-02", "2026-11-30")
    assert "cia" not in " ".join(town.said())


def test_a_placement_registered_during_the_month_is_asked_about_at_once(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.place("AKT-9", "anna")
    assert town.wake("2026-11-03 10:00") == 1
    assert town.said("prompt")[-1] == "prompt anna 2026-11-03 10:00"
    assert "anna AKT-9" in town.asked("2026-10")


@pytest.mark.parametrize(
    ("woken", "not_before"),
    [
        ("2026-11-02 08:00", "2026-11-02 08:00"),
        ("2026-11-02 16:59", "2026-11-02 16:59"),
        ("2026-11-02 17:00", "2026-11-03 08:00"),
        ("2026-11-03 02:00", "2026-11-03 08:00"),
        ("2026-11-06 20:00", "2026-11-09 08:00"),
        ("2026-11-08 12:00", "2026-11-09 08:00"),
    ],
)
def test_a_prompt_outside_working_hours_waits_until_the_next_working_morning(
    town: Town, woken: str, not_before: str
) -> None:
    town.wake(woken)
    assert town.said() == [f"prompt anna {not_before}", f"prompt bo {not_before}"]


# After a downtime


def test_after_a_week_down_the_month_is_caught_up_once_with_as_many_working_days_to_answer(
    town: Town,
) -> None:
    town.wake("2026-10-30 12:00")
    town.wake("2026-11-09 10:00", "2026-11-09 10:00", "2026-11-09 10:01")
    assert town.said() == ["prompt anna 2026-11-09 10:00", "prompt bo 2026-11-09 10:00"]
    assert municipal_day(town.round("2026-10").deadline) == at("2026-11-20").date()


def test_after_a_week_down_the_reminders_and_the_managers_list_come_a_week_later(town: Town) -> None:
    town.wake("2026-11-09 10:00")
    town.hand_in("2026-10", "AKT-1", "AKT-2", moment="2026-11-09 11:00")
    town.wake_daily("2026-11-10", "2026-11-27")
    assert town.said("reminder", "escalation") == [
        "reminder bo 2026-11-11 08:00",
        "reminder bo 2026-11-17 08:00",
        "escalation maria 2026-11-23 08:00",
    ]


def test_after_two_months_down_every_missed_month_is_asked_about_once(town: Town) -> None:
    town.wake("2026-10-30 12:00")
    # Beside them the manager is told what each year asks for, since it is January.
    assert town.wake("2027-01-11 08:00", "2027-01-11 08:00", "2027-01-11 16:00") == 3
    assert town.said("prompt") == ["prompt anna 2027-01-11 08:00", "prompt bo 2027-01-11 08:00"]
    for month in ("2026-10", "2026-11", "2026-12"):
        assert town.asked(month) == {"anna AKT-1", "anna AKT-2", "bo AKT-3"}
        assert municipal_day(town.round(month).deadline) == at("2027-01-22").date()


def test_two_open_rounds_give_one_message_a_day_at_most(town: Town) -> None:
    town.wake("2026-11-20 08:00")
    town.deliver("2026-11-20 08:00")
    town.wake_daily("2026-11-23", "2026-12-14")
    days = Counter(one.rpartition(" ")[0] for one in town.said() if " anna " in one)
    assert set(days.values()) == {1}
    assert {one.split()[0] for one in days} == {"prompt", "reminder"}


def test_what_comes_after_the_days_message_is_asked_about_the_next_working_morning(town: Town) -> None:
    town.wake("2026-11-06 10:00")
    town.deliver("2026-11-06 10:00")
    town.place("AKT-9", "anna")
    town.wake("2026-11-06 11:00")
    assert "anna AKT-9" in town.asked("2026-10")
    assert town.said()[-1] == "prompt anna 2026-11-09 08:00"


def test_what_comes_while_the_days_message_waits_to_go_is_in_it(town: Town) -> None:
    town.wake("2026-11-07 10:00")
    town.place("AKT-9", "anna")
    town.wake("2026-11-08 10:00")
    assert "anna AKT-9" in town.asked("2026-10")
    assert town.said() == ["prompt anna 2026-11-09 08:00", "prompt bo 2026-11-09 08:00"]


def test_what_a_round_left_when_the_bot_went_down_is_still_told_to_the_manager(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.wake("2027-01-11 08:00")
    assert town.said("escalation") == ["escalation maria 2027-01-11 08:00"]
    assert town.round("2026-10").escalated_at == at("2027-01-11 08:00")


def test_asked_in_the_evening_the_reminders_are_counted_from_the_next_morning(town: Town) -> None:
    town.wake("2026-11-02 18:00")
    town.wake_daily("2026-11-03", "2026-11-20")
    assert town.said("prompt", "reminder", "escalation")[0::2] == [
        "prompt anna 2026-11-03 08:00",
        "reminder anna 2026-11-05 08:00",
        "reminder anna 2026-11-11 08:00",
        "escalation maria 2026-11-17 08:00",
    ]


def test_who_is_away_on_the_morning_that_a_prompt_waited_for_is_asked_when_she_is_back(town: Town) -> None:
    town.away("anna", "2026-11-09", "2026-11-11", "cia")
    town.wake("2026-11-07 12:00")
    assert town.said("prompt")[0] == "prompt anna 2026-11-09 08:00"
    town.wake("2026-11-09 00:01")
    assert town.deliver("2026-11-09 08:00") == ["prompt bo", "prompt cia"]
    town.wake("2026-11-12 00:01")
    assert town.deliver("2026-11-12 08:00") == ["prompt anna", "reminder bo"]


# Reminders


def test_reminders_come_on_the_third_and_seventh_working_day_to_those_with_something_left(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.hand_in("2026-10", "AKT-3")
    town.wake_daily("2026-11-03", "2026-11-09")
    assert town.said("reminder") == ["reminder anna 2026-11-04 08:00"]
    town.hand_in("2026-10", "AKT-1")
    town.wake_daily("2026-11-10", "2026-11-13")
    assert town.said("reminder") == ["reminder anna 2026-11-04 08:00", "reminder anna 2026-11-10 08:00"]


def test_who_got_the_question_late_the_night_before_is_reminded_the_next_morning(town: Town) -> None:
    """Teams took it after two days of trying: two lists on one day are one too many."""
    town.wake("2026-11-02 08:00")
    late = at("2026-11-04 00:10")
    asked = (delivery.c.kind == "prompt") & (delivery.c.person_id == town.people["bo"])
    town.tx.connection.execute(
        update(delivery).where(asked).values(state="sent", not_before=late, sent_at=late)
    )
    town.wake("2026-11-04 08:00", "2026-11-04 15:00", "2026-11-05 08:00", "2026-11-05 09:00")
    assert town.said("reminder") == ["reminder anna 2026-11-04 08:00", "reminder bo 2026-11-05 08:00"]


@pytest.mark.parametrize("became", ["sent", "uncertain"])
@pytest.mark.parametrize(
    ("went", "reminded"),
    [
        # The reminder of the third working day comes the morning after, or not at all where the list came after it.
        ("2026-11-04 00:10", ["2026-11-05 08:00"]),
        ("2026-11-04 08:20", []),
        ("2026-11-03 23:50", ["2026-11-04 08:00"]),
    ],
)
def test_nobody_gets_two_lists_on_one_day_whenever_the_first_went_and_whether_or_not_it_is_known_to_have_come(
    town: Town, became: DeliveryState, went: str, reminded: list[str]
) -> None:
    """Killed, or refused for a while: what was due on Monday goes on another day, and is of that day."""
    town.wake("2026-11-02 08:00")
    while (one := claim_one(town.tx, "test", at(went))) is not None:
        settling.settle(town.tx, one.id, became, sent_at=at(went) if became == "sent" else None)
    town.wake(
        "2026-11-04 08:00", "2026-11-04 08:30", "2026-11-04 15:00", "2026-11-05 08:00", "2026-11-05 09:00"
    )
    assert town.said("reminder") == [f"reminder {who} {day}" for day in reminded for who in ("anna", "bo")]


@pytest.mark.parametrize(
    ("wakes", "listed", "then", "asked"),
    [
        (["2026-11-02 08:00"], "2026-11-03 07:50", "2026-11-03 09:00", "2026-11-04 08:00"),
        pytest.param(
            ["2026-11-02 08:00", "2026-11-13 08:00"],
            "2026-11-13 08:10",
            "2026-11-13 09:00",
            "2026-11-13 09:00",
            id="the next would be too late",
        ),
    ],
)
def test_what_comes_to_her_on_the_day_of_a_list_in_doubt_is_asked_about_the_next_morning_but_on_the_last_day(
    town: Town, wakes: list[str], listed: str, then: str, asked: str
) -> None:
    town.wake(*wakes)
    while (one := claim_one(town.tx, "test", at(listed))) is not None:
        settling.settle(town.tx, one.id, "uncertain")
    town.place("AKT-9", "anna")
    town.wake(then)
    assert town.said("prompt")[-1] == f"prompt anna {asked}"


def test_her_clocks_that_came_in_the_night_keep_no_reminder_past_the_last_day_to_answer(town: Town) -> None:
    town.wake("2026-11-02 08:00", "2026-11-04 08:00")
    night, clocks = at("2026-11-13 02:00"), ClocksNear(at("2026-11-13").date())
    assert queueing.queue(town.tx, "clocks", clocks, night, person_id=town.people["anna"])
    town.tx.connection.execute(update(delivery).values(state="sent", sent_at=delivery.c.not_before))
    tick(town.tx, at("2026-11-13 08:00"), Times(RoundDays(reminders=(3, 10))))
    assert "reminder anna 2026-11-13 08:00" in town.said("reminder")


def test_nobody_is_reminded_when_everything_is_in(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.hand_in("2026-10", "AKT-1", "AKT-2", "AKT-3")
    town.wake_daily("2026-11-03", "2026-11-30")
    assert town.said("reminder", "escalation", "ownerless") == []


def test_who_missed_both_reminders_gets_one(town: Town) -> None:
    town.wake("2026-11-02 08:00", "2026-11-12 10:00", "2026-11-12 10:01", "2026-11-13 09:00")
    assert town.said("reminder") == ["reminder anna 2026-11-12 10:00", "reminder bo 2026-11-12 10:00"]


def test_a_reminder_that_was_missed_comes_in_working_hours(town: Town) -> None:
    town.wake("2026-11-02 08:00", "2026-11-07 03:00")
    assert town.said("reminder") == ["reminder anna 2026-11-09 08:00", "reminder bo 2026-11-09 08:00"]


def test_no_reminder_waits_until_after_the_last_day_to_answer(town: Town) -> None:
    town.wake("2026-11-02 08:00", "2026-11-04 08:00", "2026-11-13 18:00", "2026-11-16 08:00")
    assert town.said("reminder")[2:] == []
    assert town.said("escalation") == ["escalation maria 2026-11-16 08:00"]


def test_who_is_asked_about_one_more_is_not_reminded_on_the_same_wake(town: Town) -> None:
    town.wake("2026-11-02 08:00", "2026-11-04 08:00")
    town.place("AKT-9", "anna")
    town.wake("2026-11-10 08:00", "2026-11-10 08:01")
    assert town.said("prompt", "reminder")[4:] == [
        "prompt anna 2026-11-10 08:00",
        "reminder bo 2026-11-10 08:00",
    ]


# Snooze


def test_a_snooze_delays_the_reminder_and_ends_with_one_message(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.snooze("anna", "2026-11-06", "2026-11-02 09:00")
    town.wake_daily("2026-11-03", "2026-11-09")
    assert town.said("reminder", "snoozed") == [
        "reminder bo 2026-11-04 08:00",
        "snoozed anna 2026-11-06 08:00",
    ]
    town.wake_daily("2026-11-10", "2026-11-13")
    assert town.said("reminder", "snoozed")[2:] == [
        "reminder anna 2026-11-10 08:00",
        "reminder bo 2026-11-10 08:00",
    ]


def test_a_snooze_to_the_day_of_a_reminder_gives_one_message(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.snooze("anna", "2026-11-10", "2026-11-02 09:00")
    town.wake_daily("2026-11-03", "2026-11-13")
    assert [one for one in town.said("reminder", "snoozed") if "anna" in one] == [
        "snoozed anna 2026-11-10 08:00"
    ]


def test_a_snooze_to_a_sunday_ends_on_the_monday_with_one_message(town: Town) -> None:
    town.asked_until("2027-01")
    town.wake("2027-03-01 08:00")
    town.hand_in("2027-02", "AKT-3", moment="2027-03-01 09:00")
    town.snooze("anna", "2027-03-07", "2027-03-01 09:00", "2027-02")
    town.wake_daily("2027-03-02", "2027-03-07", "20:00")
    town.wake_daily("2027-03-08", "2027-03-09")
    assert town.said("reminder", "snoozed") == [
        "snoozed anna 2027-03-08 08:00",
        "reminder anna 2027-03-09 08:00",
    ]


def test_a_snooze_lasts_at_most_to_the_last_day_to_answer(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.snooze("anna", "2026-11-25", "2026-11-02 09:00")
    town.wake_daily("2026-11-03", "2026-11-20")
    assert [one for one in town.said() if "bo" not in one][1:] == [
        "snoozed anna 2026-11-13 08:00",
        "escalation maria 2026-11-16 08:00",
    ]


def test_a_second_snooze_is_the_one_that_holds(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.snooze("anna", "2026-11-03", "2026-11-02 09:00")
    town.snooze("anna", "2026-11-05", "2026-11-02 09:05")
    town.wake_daily("2026-11-03", "2026-11-09")
    assert [one for one in town.said("reminder", "snoozed") if "anna" in one] == [
        "snoozed anna 2026-11-05 08:00"
    ]


def test_a_snooze_that_ended_while_the_bot_was_down_gives_one_message(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.snooze("anna", "2026-11-05", "2026-11-02 09:00")
    town.wake("2026-11-11 10:00", "2026-11-11 10:01", "2026-11-12 08:00")
    assert [one for one in town.said("reminder", "snoozed") if "anna" in one] == [
        "reminder anna 2026-11-11 10:00"
    ]


def test_a_snooze_that_ends_as_she_is_asked_about_one_more_gives_the_question_only(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.snooze("anna", "2026-11-05", "2026-11-02 09:00")
    town.wake_daily("2026-11-03", "2026-11-04")
    town.place("AKT-9", "anna")
    town.wake("2026-11-05 08:00", "2026-11-05 08:01", "2026-11-06 08:00")
    assert [one for one in town.said() if "anna" in one][1:] == ["prompt anna 2026-11-05 08:00"]


def test_who_has_handed_in_everything_hears_nothing_when_the_snooze_ends(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.snooze("anna", "2026-11-06", "2026-11-02 09:00")
    town.hand_in("2026-10", "AKT-1", "AKT-2")
    town.wake_daily("2026-11-03", "2026-11-13")
    assert "anna" not in " ".join(town.said("reminder", "snoozed"))


# Leave, leaving and reassignment


def test_a_leave_sends_the_task_to_the_substitute_and_it_comes_back_by_itself(town: Town) -> None:
    town.away("anna", "2026-10-30", "2026-11-05", "cia")
    town.wake_daily("2026-11-02", "2026-11-05")
    assert town.said("prompt", "reminder") == [
        "prompt bo 2026-11-02 08:00",
        "prompt cia 2026-11-02 08:00",
        "reminder bo 2026-11-04 08:00",
        "reminder cia 2026-11-04 08:00",
    ]
    town.wake_daily("2026-11-06", "2026-11-13")
    assert [one for one in town.said("prompt", "reminder")[4:] if "bo" not in one] == [
        "prompt anna 2026-11-06 08:00",
        "reminder anna 2026-11-10 08:00",
    ]


def test_who_was_asked_before_her_leave_is_not_asked_again_after_it(town: Town) -> None:
    town.away("anna", "2026-11-05", "2026-11-06", "cia")
    town.wake_daily("2026-11-02", "2026-11-10")
    assert [one for one in town.said("prompt", "reminder") if "bo" not in one] == [
        "prompt anna 2026-11-02 08:00",
        "reminder anna 2026-11-04 08:00",
        "prompt cia 2026-11-05 08:00",
        "reminder anna 2026-11-10 08:00",
    ]


def test_what_the_substitute_has_handed_in_is_not_asked_about_again(town: Town) -> None:
    town.away("anna", "2026-11-01", "2026-11-03", "cia")
    town.wake("2026-11-02 08:00")
    town.hand_in("2026-10", "AKT-1", "AKT-2")
    town.wake_daily("2026-11-03", "2026-11-13")
    assert "anna" not in " ".join(town.said())


def test_a_placement_of_someone_away_without_a_substitute_stands_on_the_managers_list_until_she_is_back(
    town: Town,
) -> None:
    town.away("anna", "2026-11-01", "2026-11-04")
    town.wake_daily("2026-11-02", "2026-11-06")
    assert [one for one in town.said() if "bo" not in one] == [
        "ownerless maria 2026-11-02 08:00",
        "prompt anna 2026-11-05 08:00",
    ]


def test_nobody_is_asked_for_a_worker_who_has_left_and_the_managers_are_told_once(town: Town) -> None:
    town.register.person("olof", "manager", team="Unga")
    town.register.person("petra", "manager", active=False)
    gone = town.register.person("gustav", active=False, manager_id=town.people["maria"])
    town.register.placement(gone, town.unit, case="AKT-9")
    town.wake_daily("2026-11-02", "2026-11-13")
    assert not any("AKT-9" in one for one in town.asked("2026-10"))
    assert town.said("ownerless") == ["ownerless maria 2026-11-02 08:00", "ownerless olof 2026-11-02 08:00"]
    assert not {"gustav", "petra"} & set(" ".join(town.said()).split())


def test_a_second_worker_who_leaves_is_told_of_too_and_the_first_not_again(town: Town) -> None:
    town.leaves("anna")
    town.wake_daily("2026-11-02", "2026-11-04")
    town.leaves("bo")
    town.wake_daily("2026-11-05", "2026-11-06")
    town.hand_in("2026-10", "AKT-3", moment="2026-11-06 12:00")
    town.wake_daily("2026-11-09", "2026-11-13")
    assert town.said("ownerless") == ["ownerless maria 2026-11-02 08:00", "ownerless maria 2026-11-05 08:00"]


def test_what_is_somebodys_again_before_the_morning_is_told_of_when_it_is_nobodys_once_more(
    town: Town,
) -> None:
    town.away("bo", "2026-11-07", "2026-11-08")
    town.wake("2026-11-07 12:00")
    assert "ownerless maria" not in town.deliver("2026-11-09 08:00")
    town.leaves("bo")
    town.wake("2026-11-10 08:00")
    assert town.deliver("2026-11-10 08:00") == ["ownerless maria"]


def test_the_substitute_of_a_placement_answers_when_its_owner_has_left(town: Town) -> None:
    town.people["gustav"] = town.register.person("gustav", active=False)
    town.place("AKT-9", "gustav", substitute="cia")
    town.wake("2026-11-02 08:00")
    assert "cia AKT-9" in town.asked("2026-10")
    assert town.said("ownerless") == []


def test_after_a_reassignment_the_new_owner_is_asked_and_the_old_one_not_again(town: Town) -> None:
    town.wake("2026-11-02 08:00")
    town.reassign("AKT-3", "cia", since="2026-11-05")
    town.wake_daily("2026-11-03", "2026-11-13")
    assert [one for one in town.said("prompt", "reminder") if "anna" not in one] == [
        "prompt bo 2026-11-02 08:00",
        "reminder bo 2026-11-04 08:00",
        "prompt cia 2026-11-05 08:00",
        "reminder cia 2026-11-10 08:00",
    ]


def test_a_placement_that_changes_hands_and_back_is_asked_about_once_by_each(town: Town) -> None:
    town.reassign("AKT-3", "cia", since="2026-11-03")
    town.reassign("AKT-3", "bo", since="2026-11-05")
    town.wake_daily("2026-11-02", "2026-11-06")
    assert [one for one in town.said("prompt") if "anna" not in one] == [
        "prompt bo 2026-11-02 08:00",
        "prompt cia 2026-11-03 08:00",
    ]


def test_who_takes_over_after_the_last_day_to_answer_is_asked_but_not_reminded(town: Town) -> None:
    town.reassign("AKT-3", "cia", since="2026-11-17")
    town.wake_daily("2026-11-02", "2026-11-30")
    assert [one for one in town.said() if "cia" in one] == ["prompt cia 2026-11-17 08:00"]


# The manager's list


def test_after_the_last_day_to_answer_the_manager_gets_the_list_once(town: Town) -> None:
    town.wake("2026-11-02 08:00", "2026-11-13 23:59")
    assert town.said("escalation") == []
    town.wake("2026-11-14 00:00", "2026-11-14 00:00", "2026-11-16 08:00", "2026-11-30 12:00")
    assert town.said("escalation") == ["escalation maria 2026-11-16 08:00"]


@pytest.mark.parametrize(
    ("team", "manager", "told"),
    [
        pytest.param("Barn", "olof", {"olof"}, id="her own manager"),
        pytest.param("Barn", None, {"maria"}, id="the team's when she has none"),
        pytest.param("Barn", "petra", {"maria"}, id="the team's when her own has left"),
        pytest.param(None, None, {"maria", "olof"}, id="every manager when there is no team either"),
    ],
)
def test_what_is_missing_goes_to_the_workers_manager(
    town: Town, team: str | None, manager: str | None, told: set[str]
) -> None:
    town.people["olof"] = town.register.person("olof", "manager", team="Unga")
    town.people["petra"] = town.register.person("petra", "manager", active=False)
    dora = town.register.person("dora", team=team, manager_id=town.people[manager] if manager else None)
    town.register.placement(dora, town.unit, case="AKT-9", starts="2026-08-01")
    town.wake("2026-11-02 08:00")
    town.hand_in("2026-10", "AKT-1", "AKT-2", "AKT-3")
    town.wake("2026-11-16 08:00")
    assert {one.split()[1] for one in town.said("escalation")} == told


def test_two_months_that_are_due_at_once_are_one_message_each_time_to_each(town: Town) -> None:
    """Off for a month: October and November are asked about, reminded of and told of at the same moments."""
    town.leaves("bo")
    town.wake_daily("2026-12-01", "2026-12-18")
    assert town.said("prompt", "reminder", "snoozed") == [
        "prompt anna 2026-12-01 08:00",
        "reminder anna 2026-12-03 08:00",
        "reminder anna 2026-12-09 08:00",
    ]
    assert town.asked("2026-10") == town.asked("2026-11") == {"anna AKT-1", "anna AKT-2"}
    assert town.said("ownerless") == ["ownerless maria 2026-12-01 08:00"]
    assert town.said("escalation") == ["escalation maria 2026-12-15 08:00"]
    [told] = [one for one in ledger.listed(town.tx, STATES) if one.kind == "escalation"]
    card = str(say_now(town.tx, told, at("2026-12-15 08:00")))
    assert card.count(SAY("escalation.about", n=3, deadline=at("2026-12-14").date())) == 2
    assert all(f"Text(text='{month} 2026'" in card for month in ("oktober", "november"))
    [ownerless] = [one for one in ledger.listed(town.tx, STATES) if one.kind == "ownerless"]
    assert SAY("ownerless.title", n=1) in str(say_now(town.tx, ownerless, at("2026-12-01 08:00")))


def test_missing_reports_count_at_their_unit_once_the_time_to_answer_is_over(town: Town) -> None:
    other = town.register.unit("SYD")
    town.register.placement(town.people["cia"], other, case="AKT-9", starts="2026-08-01")
    town.wake("2026-11-02 08:00")
    town.hand_in("2026-10", "AKT-1", "AKT-9")
    town.wake("2026-11-13 12:00")
    before = _today(town, town.unit)
    assert before is not None
    assert (before.n, str(before.as_of)) == (0, "2026-11-02")
    town.wake("2026-11-14 06:00", "2026-11-14 06:01", "2026-11-15 06:00")
    scored = _today(town, town.unit)
    assert scored is not None
    assert (scored.n, str(scored.as_of)) == (0, "2026-11-14")
    assert '"missing":2' in scored.inputs.replace(" ", "")
    elsewhere = _today(town, other)
    assert elsewhere is not None
    assert str(elsewhere.as_of) == "2026-11-02"


def _today(town: Town, unit_id: UnitId) -> StoredScore | None:
    """The unit's newest score that is not a month's end."""
    latest = scores.latest(town.tx, unit_id)
    return None if latest is None or latest.month_end else latest


def test_a_report_that_comes_after_the_last_day_no_longer_counts_as_missing(town: Town) -> None:
    town.wake("2026-11-02 08:00", "2026-11-16 08:00")
    town.hand_in("2026-10", "AKT-1", "AKT-2", moment="2026-11-16 09:00")
    after = rescore(town.tx, town.unit, at("2026-11-16 09:00"))
    assert after is not None
    assert [row.missing for row in read_inputs(after.inputs).exposure][-2:] == [1, 0]


def test_silent_months_are_no_alert_and_stand_in_the_managers_one_message_a_month(town: Town) -> None:
    town.wake_daily("2026-11-02", "2027-01-25")
    assert alerts.of_unit(town.tx, town.unit) == []
    latest = scores.latest(town.tx, town.unit)
    assert latest is not None
    assert (latest.rate_band, latest.shown, latest.enough) == ("green", "green", False)
    escalated = [one for one in ledger.listed(town.tx, STATES) if one.kind == "escalation"]
    said = [str(say_now(town.tx, one, at("2027-01-25"))) for one in escalated]
    assert len(said) == 3
    assert all(SAY("escalation.thin", n=1) in one for one in said)


def test_every_month_end_is_read_once_however_often_and_late_the_bot_wakes(town: Town) -> None:
    town.wake("2026-11-02 08:00", "2026-11-02 08:00", "2027-01-15 08:00", "2027-01-15 09:00")
    ends = [
        row.as_of
        for row in town.tx.connection.execute(
            select(score.c.as_of).where(score.c.month_end, score.c.unit_id == town.unit).order_by(score.c.id)
        )
    ]
    assert [str(day) for day in ends] == [
        "2026-08-31",
        "2026-09-30",
        "2026-10-31",
        "2026-11-30",
        "2026-12-31",
    ]


# Alerts that nobody took


def again(town: Town) -> list[str]:
    return town.said("alert_again")


def test_an_alert_that_nobody_took_within_two_working_days_is_said_once_more(town: Town) -> None:
    town.alert("2026-11-06 15:00")
    assert town.said("alert") == ["alert karin 2026-11-06 15:00"]
    town.wake("2026-11-10 23:59")
    assert again(town) == []
    town.wake("2026-11-11 00:00", "2026-11-11 00:00", "2026-11-12 08:00", "2026-11-20 08:00")
    assert again(town) == ["alert_again karin 2026-11-11 08:00", "alert_again maria 2026-11-11 08:00"]


@pytest.mark.parametrize("ends", ["taken", "closed"])
def test_an_alert_that_is_taken_or_closed_is_not_said_again(town: Town, ends: str) -> None:
    alert_id = AlertId(town.alert())
    karin, moment = town.people["karin"], at("2026-11-10 16:00")
    if ends == "taken":
        alerts.take(town.tx, alert_id, karin, moment)
    else:
        alerts.close(town.tx, alert_id, karin, "Utredd.", moment)
    town.wake("2026-11-11 08:00", "2026-11-20 08:00")
    assert again(town) == []


def test_the_channel_is_told_again_instead_of_each_member_and_the_teams_manager_too(town: Town) -> None:
    address = Address("19:kvalitet", "https://example.invalid")
    conversations.remember(town.tx, address, at("2026-11-01"), channel=QUALITY_CHANNEL)
    town.register.person("olof", "manager", team="Kvalitet")
    town.alert()
    town.wake("2026-11-11 08:00", "2026-11-11 08:01")
    assert again(town) == ["alert_again quality 2026-11-11 08:00", "alert_again olof 2026-11-11 08:00"]


def test_a_channel_that_comes_later_does_not_make_an_alert_said_a_third_time(town: Town) -> None:
    town.alert()
    town.wake("2026-11-11 08:00")
    address = Address("19:kvalitet", "https://example.invalid")
    conversations.remember(town.tx, address, at("2026-11-12"), channel=QUALITY_CHANNEL)
    town.wake("2026-11-12 08:00")
    assert again(town) == ["alert_again karin 2026-11-11 08:00", "alert_again maria 2026-11-11 08:00"]


def test_without_a_quality_team_the_managers_are_told_again(town: Town) -> None:
    town.leaves("karin")
    town.alert()
    town.wake("2026-11-11 08:00")
    assert again(town) == ["alert_again maria 2026-11-11 08:00"]
    assert town.wake("2026-11-11 08:00") == 0


# The yearly selection


def test_the_quality_team_is_told_30_and_7_days_before_and_on_the_day_once_each(town: Town) -> None:
    town.wake_daily("2027-01-25", "2027-03-12")
    assert town.said("selection") == [
        "selection karin 2027-02-01 08:00",
        "selection karin 2027-02-22 08:00",
        "selection karin 2027-03-01 08:00",
    ]


@pytest.mark.parametrize(
    ("woken", "told"),
    [
        pytest.param(["2027-02-10 09:00", "2027-02-11 09:00"], ["2027-02-10 09:00"], id="the first, late"),
        pytest.param(
            ["2027-01-30 09:00", "2027-02-25 09:00"],
            ["2027-02-01 08:00", "2027-02-25 09:00"],
            id="the second",
        ),
        pytest.param(
            ["2027-02-25 09:00", "2027-02-26 09:00"], ["2027-02-25 09:00"], id="both: the newer one"
        ),
        pytest.param(
            ["2027-02-25 09:00", "2027-03-03 09:00", "2027-03-04 09:00"],
            ["2027-02-25 09:00", "2027-03-03 09:00"],
            id="the day itself",
        ),
    ],
)
def test_a_notice_whose_wake_was_missed_is_given_by_the_next(
    town: Town, woken: list[str], told: list[str]
) -> None:
    town.wake(*woken)
    assert town.said("selection") == [f"selection karin {moment}" for moment in told]


def test_a_notice_that_comes_late_gives_the_days_that_are_left_when_it_is_read(town: Town) -> None:
    town.wake("2027-02-06 12:00", "2027-02-25 09:00", "2027-03-03 09:00")
    given = [
        (one.message.due - municipal_day(one.not_before)).days
        for one in reversed(ledger.listed(town.tx, STATES))
        if isinstance(one.message, DateNear)
    ]
    assert given == [21, 4, -2]


def test_without_a_quality_team_the_notices_are_nobodys_and_queue_nothing(town: Town) -> None:
    town.leaves("karin")
    town.wake("2027-02-25 09:00")
    assert town.said("selection") == []
    assert town.wake("2027-02-25 09:00") == 0


def test_a_notice_to_a_team_of_two_counts_as_two_messages(town: Town) -> None:
    town.asked_until("2027-01")
    town.register.person("yusuf", "quality")
    without_digests(town.tx)
    before = len(town.said())
    # The year's base levels are said beside it, once a week, and in February the duty to report.
    queued = town.wake("2027-02-22 09:00")
    assert queued == len(town.said()) - before == 4 + len(town.said("duty_to_report"))
    assert len(town.said("selection")) == 2
