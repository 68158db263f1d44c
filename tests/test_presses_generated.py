"""Buttons of one old card pressed again over HTTP, whatever has come in between: what is said is what is stored.

Each deed is pressed three times from the same card: as it was, once more after something has come in between, and
with other content. What is stored is read by plain SQL beside the bot.
"""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import update

from bot.local.player import Player, inputs_for
from bot.local.terminal import actions_of, inputs_of
from followup import PersonId, PlacementId
from followup.times.calendar import municipal_day
from storage.engine.database import Database
from storage.engine.tables import person, placement
from storage.register import people
from tests.support.as_file import connected, rows_of
from tests.support.builders import Register, at, without_digests
from tests.support.stage import SAY, Stage, on_stage, words
from tests.support.turns import ANEW, SLAP

NOW = "2026-11-02 08:00"
CASE, OTHER_CASE = "AKT-3", "AKT-1"
EVENTS = ("nothing", "handed over", "demoted", "closed", "new version", "moved")
# The tables that a deed writes in, by plain SQL.
STORED = {
    "signal": "select v.id, v.signal_id, v.kind, v.consequence, v.author_id from signal_version v order by v.id",
    "report": "select r.id, r.task_id, r.version, r.feels_safe, r.author_id from report r order by r.id",
    "leave": "select id, starts, ends, cancelled_at is null, person_id from leave order by id",
    "snooze": "select id, round_id, until, 1, person_id from snooze order by id",
}
Rows = Mapping[str, list[tuple[object, ...]]]


@dataclass(frozen=True)
class Deed:
    """How its form is opened, which button hands it in, and two contents."""

    opened_by: str
    title: str
    row: str
    first: Mapping[str, str]
    other: Mapping[str, str]


def deeds(chance: Random, ids: Mapping[str, int]) -> dict[str, Deed]:
    kinds = chance.sample(["deviation", "complaint"], 2)
    days = chance.sample(range(4, 7), 2)
    south, bilal = str(ids["SYD"]), str(ids["bilal"])
    first, other = (
        {**SLAP, "kind": kind, "consequence": chance.choice("1234"), "unit": south} for kind in kinds
    )
    safe = chance.sample(["yes", "partly", "no"], 2)
    return {
        "signal": Deed("avvikelse", "signal.hand_in", "", first, other),
        "report": Deed("mina", "report.hand_in", CASE, *({**ANEW, "feels_safe": one} for one in safe)),
        "leave": Deed(
            "ledig",
            "leave.send",
            "",
            *(
                {"starts": f"2026-12-0{day}", "ends": "2026-12-11", "substitute": bilal}
                for day in chance.sample(range(1, 8), 2)
            ),
        ),
        "snooze": Deed("påminn", "snooze.send", "", *({"day": f"2026-11-0{day}"} for day in days)),
        "ticks": Deed(
            "mina", "list.send", "", {f"normal{ids[CASE]}": "true"}, {f"normal{ids[OTHER_CASE]}": "true"}
        ),
    }


@dataclass
class Old:
    """Anna's phone, which shows the card as it was, and the database that the bot writes in."""

    stage: Stage
    database: Database
    deed: Deed
    # How many reports there were before her first press.
    known: int = 0

    @property
    def anna(self) -> Player:
        return self.stage.player("anna")

    async def open(self) -> None:
        corrects = self.deed.row and len(self.stored()["report"]) > self.known
        await self.anna.say("rätta" if corrects else self.deed.opened_by)
        if self.deed.row:
            await self.anna.press(SAY("correct.open" if corrects else "list.open_form"), row=self.deed.row)
        shown = self.anna.newest()
        self.id, self.card = shown.id, deepcopy(shown.card)

    async def press(self, typed: Mapping[str, str], key: str = "anna") -> tuple[str, bool]:
        """What is said in answer, and whether it is a form; another may have got hold of her button."""
        assert self.card is not None
        [button] = [one for one in actions_of(self.card) if one.title == SAY(self.deed.title)]
        inputs = inputs_for(self.card, button, typed)
        player = self.stage.player(key)
        number = self.id if key == "anna" else player.newest().id
        notice = await self.stage.stand_in.press(key, number, button.action, inputs)
        await self.stage.settle()
        if notice is not None:
            return notice.text, False
        answer = next(one for one in player.messages() if one.id == number)
        return words(answer), bool(answer.card and inputs_of(answer.card))

    def stored(self) -> Rows:
        connection = connected(rows_of(self.database))
        return {name: connection.execute(query).fetchall() for name, query in STORED.items()}


async def in_between(old: Old, database: Database, event: str, ids: Mapping[str, int]) -> None:
    """Something that others do, or she herself from another card, while the phone shows what it did."""
    if event == "closed":
        await old.stage.wake_at(at("2026-12-02 08:00"))
    if event == "new version":
        other = Old(old.stage, old.database, old.deed, old.known)
        await other.open()
        await other.press({**old.deed.other, "text": "En annan text."})
    with database.transaction() as tx:
        if event == "handed over":
            Register(tx).owner(PlacementId(ids["placement"]), PersonId(ids["bilal"]), since="2026-11-01")
        if event == "moved":
            ended = {"ends": at("2026-09-15").date(), "end_reason": "planned_end"}
            tx.connection.execute(update(placement).where(placement.c.id == ids["placement"]).values(ended))
        if event == "demoted":
            tx.connection.execute(update(person).where(person.c.key == "anna").values(role="manager"))


def ids_of(database: Database) -> dict[str, int]:
    with database.transaction() as tx:
        without_digests(tx)
        found = {one.key: one.id for one in people.everyone(tx).values()}
    with closing(sqlite3.connect(rows_of(database))) as connection:
        query = (
            "select p.case_reference, t.id, p.id from report_task t join placement p on p.id = t.placement_id"
        )
        tasks = connection.execute(
            f"{query} join round r on r.id = t.round_id where r.month = '2026-10'"
        ).fetchall()
        units = connection.execute("select key, id from unit").fetchall()
    of_case = {case: task for case, task, _ in tasks}
    return {**found, **dict(units), **of_case, "placement": next(p for case, _, p in tasks if case == CASE)}


def added(before: Rows, after: Rows) -> list[tuple[str, tuple[object, ...]]]:
    known = {(name, row[0]) for name, rows in before.items() for row in rows}
    return [(name, row) for name, rows in after.items() for row in rows if (name, row[0]) not in known]


def assert_true(said: str, rows: Rows, anna: int, tasks: Mapping[str, int]) -> None:
    """Whatever an answer names as hers is hers, and is stored as it says."""
    authors = {row[1]: row[-1] for row in reversed(rows["signal"])}
    for number in re.findall(r"(?<![\w-])[AKSO]-(\d+)", said):
        assert authors[int(number)] == anna, said
    versions = [int(one) for one in re.findall(r"version (\d+)", said)]
    newest = [row[2] for row in rows["report"]]
    assert set(versions) <= set(newest), said
    if any(one in said for one in ("Du är ledig", "Jag påminner dig")):
        assert any(one in said for one in _promises(rows, anna, SAY("receipt.changed") in said)), said
    for case in re.findall(r"Rapporten för (AKT-\d)", said):
        assert [row for row in rows["report"] if row[1] == tasks[case] and row[-1] == anna], said


def _promises(rows: Rows, anna: int, changed_since: bool) -> list[str]:
    """What the leaves and reminders that stand would be told as, or those that stood before."""
    leaves = [row for row in rows["leave"] if (row[3] or changed_since) and row[-1] == anna]
    days = [[date.fromisoformat(str(day)) for day in (row[1], row[2])] for row in leaves]
    written = [SAY("leave.written", starts=one, ends=other, substitute="Bilal Test") for one, other in days]
    untils = [datetime.fromisoformat(f"{row[2]}+00:00") for row in rows["snooze"] if row[-1] == anna]
    reminders = [SAY("snooze.done", day=SAY.weekday(municipal_day(one))) for one in untils]
    return [*(SAY("leave.done", leave=one) for one in written), *reminders]


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("name", ["signal", "report", "leave", "snooze", "ticks"])
async def test_a_press_does_and_says_the_same_thing_whatever_came_in_between(
    municipality: Database, tmp_path: Path, name: str, event: str
) -> None:
    chance = Random(f"{name} {event}")
    async with on_stage(municipality, at(NOW), tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(at(NOW))
        ids = ids_of(municipality)
        old = Old(stage, municipality, deeds(chance, ids)[name])
        old.known = len(old.stored()["report"])
        await old.open()
        before = old.stored()
        told, _ = await old.press(old.deed.first)
        assert [row[-1] for _, row in added(before, old.stored())] == [ids["anna"]], told
        await in_between(old, municipality, event, ids)

        before = old.stored()
        said, _ = await old.press(old.deed.first)
        assert old.stored() == before, said
        assert event != "nothing" or said == told
        assert_true(said, before, ids["anna"], ids)

        said, _ = await old.press(old.deed.first, "bilal")
        new = added(before, old.stored())
        assert {row[-1] for _, row in new} <= {ids["bilal"]}, said
        assert_true(said, old.stored(), ids["bilal"], ids)

        before = old.stored()
        said, asks = await old.press(old.deed.other)
        after = old.stored()
        new = added(before, after)
        assert_true(said, after, ids["anna"], ids)
        assert {row[-1] for _, row in new} <= {ids["anna"]}
        assert len(new) <= 1
        if event == "demoted":
            assert after == before
        if after == before:
            # Shown beside what is stored, told that it stands already, or refused: never a bare receipt.
            assert asks or said, said
            assert SAY("signal.received_title") not in said
        if event == "nothing":
            assert len(new) == 1, said
