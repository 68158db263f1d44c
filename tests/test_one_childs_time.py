"""One child from placement through re-placement, LVU 3 §, övervägande, omprövning, the end and after-care.

Every working morning the real clock wakes the bot; what each person then gets is all that is said unasked.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from followup import PersonId
from followup.month.closing_report import named_in_report
from followup.month.rounds import Task
from followup.times.calendar import is_working_day, nth_working_day
from followup.times.month import Month
from storage.engine.database import Database
from storage.engine.tables import person, placement, unit
from storage.month import reports, rounds
from tests.support.builders import Register, at, without_digests
from tests.support.municipality import STEADY
from tests.support.turns import ANEW, SAY, Client
from tests.test_clock_reminders import QUIET, ClockChat
from tests.test_closing_report import END

CASE = "AKT-1"
CLOCKS = {
    code: SAY(f"clock.{code}")
    for code in (
        "consideration",
        "reconsideration",
        "move_reasons",
        "closing_report",
        "after_care_3",
        "after_care_6",
    )
}


@pytest.fixture
def chat(database: Database) -> ClockChat:
    with database.transaction() as tx:
        register = Register(tx)
        maria = register.person("maria", "manager")
        register.person("karin", "quality")
        anna = register.person("anna", manager_id=maria)
        north = register.unit("NORR", name="Norrgården")
        register.unit("SYD", name="Södergården")
        placed = register.placement(anna, north, case=CASE, starts="2026-01-15")
        tx.connection.execute(
            update(placement)
            .where(placement.c.id == placed)
            .values(contract_form="framework", born=tx.vault.seal("2012-05-17"), **QUIET)
        )
        register.measured("2026-03")
        # No round is asked about before May's.
        rounds.open_round(tx, Month(2026, 4), at("2026-05-01"), at("2026-05-02"), at("2026-05-03"))
        without_digests(tx)
    return ClockChat(database, at("2026-05-28"))


class Told:
    """What each person has got, day by day: its kind, and which of the child's clocks it names."""

    def __init__(self, chat: ClockChat) -> None:
        self.chat = chat
        self.got: list[tuple[str, str, str, tuple[str, ...]]] = []

    def live(self, until: str) -> None:
        """Each working morning to the day, the last one included; Anna answers each month as it is asked."""
        day = self.chat.now.date() + timedelta(days=1)
        while day <= date.fromisoformat(until):
            if is_working_day(day):
                self._morning(day)
            day += timedelta(days=1)

    def _morning(self, day: date) -> None:
        seen = {key: len(client.shown) for key, client in self.chat.clients.items()}
        self.chat.wake(f"{day} 08:05")
        for key, client in sorted(self.chat.clients.items()):
            for shown in client.shown[seen.get(key, 0) :]:
                named = tuple(
                    sorted(code for code, word in CLOCKS.items() if f"{word}\n" in shown.words.lower() + "\n")
                )
                self.got.append((str(day), key, shown.kind, named))
                if shown.kind == "prompt":
                    self._answer()

    def _answer(self) -> None:
        """Every month alike; the last month's by the form, which asks about the end."""
        with self.chat.database.transaction() as tx:
            [anna] = tx.connection.scalars(select(person.c.id).where(person.c.key == "anna"))
            now, asked = self.chat.now, rounds.asking_rounds(tx, self.chat.now)
            left = [one for one in rounds.tasks(tx, [r.id for r in asked], now.date()) if not one.answered]
            for task in left:
                if task.ended_on is None:
                    reports.save(tx, task.id, STEADY, by_statement=False, author_id=PersonId(anna), now=now)
        for task in left:
            if task.ended_on is not None:
                self._answer_last(task)

    def _answer_last(self, task: Task) -> None:
        anna = self.chat.client("anna")
        anna.say("mina")
        anna.press(SAY("list.open_form"), row=CASE)
        days = {
            "private_talk_on": str(task.month.first),
            "provider_report_on": str(self.chat.now.date()),
        }
        anna.press(
            SAY("report.hand_in"),
            {**STEADY, **ANEW, **days, **named_in_report({**END, "reasons": "dissatisfaction"})},
        )
        assert SAY("report.received", case=CASE, month=task.month, version=1) in anna.words

    def of(self, key: str) -> list[tuple[str, str, tuple[str, ...]]]:
        """But for the months' prompts in which nothing else stands, and the year's dates."""
        return [
            (day, kind, named)
            for day, who, kind, named in self.got
            if who == key and (kind, named) != (PROMPT, ()) and kind not in OF_NO_CHILD
        ]


def done(chat: ClockChat, code: str, day: str) -> None:
    """Anna records the committee's day."""
    anna = frister(chat)
    row = f"{CASE}: {CLOCKS[code]}"
    anna.press(SAY("clock.done"), row=row)
    body = {"body": "Sociala utskottet"} if "body" in anna.inputs else {}
    anna.press(SAY("clock.save"), {"done_on": day, **body})
    assert SAY("clock.saved", clock=CLOCKS[code], day=date.fromisoformat(day)) in anna.words


def frister(chat: ClockChat) -> Client:
    anna = chat.client("anna")
    anna.say("frister")
    return anna


def ends(chat: ClockChat, day: str, reason: str) -> None:
    with chat.database.transaction() as tx:
        going_on = (placement.c.case_reference == CASE) & placement.c.ends.is_(None)
        values = {"ends": date.fromisoformat(day), "end_reason": reason}
        tx.connection.execute(update(placement).where(going_on).values(**values))


def moves(chat: ClockChat, day: str) -> None:
    """To Södergården, under LVU 3 §, carried out the same day."""
    with chat.database.transaction() as tx:
        south = tx.connection.scalars(select(unit.c.id).where(unit.c.key == "SYD")).one()
        anna = tx.connection.scalars(select(person.c.id).where(person.c.key == "anna")).one()
        moved = Register(tx).placement(anna, south, case=CASE, starts=day)
        tx.connection.execute(
            update(placement)
            .where(placement.c.id == moved)
            .values(
                legal_ground="lvu_3",
                executed_on=date.fromisoformat(day),
                contract_form="framework",
                born=tx.vault.seal("2012-05-17"),
                **QUIET,
            )
        )


# The year's dates are of no child.
OF_NO_CHILD = frozenset({"selection", "base_levels"})
NEAR, PROMPT, LATE = "clocks_near", "prompt", "clocks_late"
# Beside the month's question, which came on the first working day of each month.
GOT = {
    "anna": [
        # 45 days before 15 July is a Sunday.
        ("2026-05-29", NEAR, ("consideration",)),
        ("2026-07-01", PROMPT, ("consideration",)),
        # Why the child was moved on the last of July is asked with the first list after it.
        ("2026-08-03", PROMPT, ("move_reasons",)),
        # Six months after the care under LVU 3 § was carried out: 1 February.
        ("2026-12-18", NEAR, ("reconsideration",)),
        ("2027-01-18", NEAR, ("reconsideration",)),
        ("2027-02-02", "duty_to_report", ()),
        # After the end on 31 January: 30 April, and 31 July, a Saturday.
        ("2027-03-16", NEAR, ("after_care_3",)),
        ("2027-04-16", NEAR, ("after_care_3",)),
        ("2027-06-16", NEAR, ("after_care_6",)),
        ("2027-07-16", NEAR, ("after_care_6",)),
        ("2027-07-30", NEAR, ("after_care_6",)),
    ],
    "maria": [
        ("2027-01-05", "yearly_list", ()),
        ("2027-02-02", "duty_to_report", ()),
        ("2027-08-02", LATE, ()),
    ],
    # That a signal of the move came, and that it waits.
    "karin": [
        ("2026-08-05", "signals_day", ()),
        ("2026-08-19", "signals_day", ()),
        ("2027-02-02", "duty_to_report", ()),
    ],
}


def tells_of_the_move(chat: ClockChat) -> None:
    anna = frister(chat)
    anna.press(SAY("closing.tell_move"), row=f"{CASE}: {CLOCKS['move_reasons']}")
    why = {
        "consequence": "1",
        "occurred": "happened",
        "cause": "other",
        "source": "child",
        "reasons": "other",
    }
    anna.press(SAY("signal.hand_in"), {**why, "text": "Närmare skolan."})


def test_every_message_that_each_person_got_and_never_two_a_day(chat: ClockChat) -> None:
    told = Told(chat)
    told.live("2026-07-06")
    done(chat, "consideration", "2026-07-02")
    told.live("2026-07-31")
    ends(chat, "2026-07-31", "moved_otherwise")
    moves(chat, "2026-08-01")
    told.live("2026-08-04")
    tells_of_the_move(chat)
    told.live("2027-01-20")
    done(chat, "reconsideration", "2027-01-19")
    told.live("2027-01-29")
    ends(chat, "2027-01-31", "moved_home")
    told.live("2027-04-20")
    done(chat, "after_care_3", "2027-04-19")
    told.live("2027-08-06")
    assert {key: told.of(key) for key in ("anna", "maria", "karin")} == GOT
    # The months that the child was placed in, each asked about once, on the first working day after it.
    months = [Month(2026, 5).plus(number) for number in range(9)]
    asked = [str(nth_working_day(month.next, 1)) for month in months]
    assert [(day, key) for day, key, kind, _ in told.got if kind == PROMPT] == [
        (day, "anna") for day in asked
    ]
    # The year's dates, of no child, are the quality team's; of all else nobody gets two a day.
    counted = Counter((day, key) for day, key, kind, _ in told.got if kind not in OF_NO_CHILD)
    assert max(counted.values()) == 1
    assert not {key for _, key, kind, _ in told.got if kind in OF_NO_CHILD} - {"karin"}
    assert all(
        "AKT-" not in shown.words for key in ("maria", "karin") for shown in told.chat.client(key).shown
    )
