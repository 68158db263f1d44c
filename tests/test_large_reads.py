"""What is read for one figure or one unit asks for that alone, and says the same as all that is stored, recounted."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, text, update

from bench.scale_register import Size, fill
from followup import PersonId, RoundId, UnitId
from followup.people import Role
from followup.selection.selection_frame import canonical_frame, hash_of
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick
from services.acting import Acting
from services.clocks.contract_owners import ContractHands
from services.risk.evidence import inputs_of_each
from services.selection.selection_state import state_of
from services.views.clocks import ManagersClocks, done_in_time, managers_clocks
from services.views.overview import status
from services.views.unanswered import to_hand_over, unanswered
from services.views.unit_names import followed_unit
from storage.clocks.contracts import crowded_homes, ending
from storage.engine.database import Database, Transaction
from storage.engine.several_units import Units
from storage.engine.tables import contract, placement, unit
from storage.log import log_chain
from storage.month import reports, rounds
from storage.register import people, units
from storage.risk.evidence import units_missing_in
from storage.selection import selections
from tests.support.builders import Register, at
from tests.support.deeds import acting_as
from tests.support.query_plans import calls, plans
from tests.support.selection_builders import alike, frame
from tests.support.turns import Chat
from tests.test_idle_tick import asked

NOW = at("2026-11-20 09:00")
TODAY = NOW.date()
OPENS = at("2026-11-02 08:00")
UNTIL = TODAY + timedelta(days=90)


def agreed(tx: Transaction, unit_id: UnitId, *, starts: int = -400, ends: int, owner: int | None) -> None:
    """A contract by days from today."""
    number = tx.connection.scalar(text("select count(*) from contract"))
    days = {"starts": TODAY + timedelta(days=starts), "ends": TODAY + timedelta(days=ends)}
    values = {"key": f"A-{number}", "unit_id": unit_id, "form": "ramavtal", "law": "lou", "owner_id": owner}
    tx.connection.execute(insert(contract).values(**values, **days))


# Recounted contract by contract: what ends by the day, is gone on from by none, and is over only where somebody is.
_ENDING = text(
    "select key from contract c where ends <= :until"
    " and not exists (select 1 from contract o where o.unit_id = c.unit_id and o.starts <= c.ends"
    "  and o.id <> c.id and (o.ends is null or o.ends > c.ends))"
    " and (ends >= :today or exists (select 1 from placement p where p.unit_id = c.unit_id"
    "  and p.starts <= :today and (p.ends is null or p.ends >= :today)))"
    " order by ends, key"
)


def test_contracts_that_end_are_found_for_the_one_who_has_them_and_for_the_managers_where_nobody_does(
    database: Database,
) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        maria, other = register.person("maria", "manager"), register.person("malin", "manager")
        karin, gone = register.person("karin", "quality"), register.person("gun", "manager", active=False)
        placed, empty = register.unit("A"), register.unit("B")
        register.placement(register.person(), placed)
        register.placement(register.person("bo"), empty, ends="2026-01-31")
        renewed = register.unit("C")
        register.placement(register.person("cilla"), renewed)
        for owner in (maria, other, karin, gone, None):
            agreed(tx, placed, ends=-10, owner=owner)
            agreed(tx, placed, starts=-300, ends=-10, owner=owner)
            agreed(tx, empty, ends=-10, owner=owner)
            agreed(tx, register.unit(), ends=30, owner=owner)
            agreed(tx, register.unit(), ends=91, owner=owner)
            agreed(tx, renewed, ends=-10, owner=owner)
        agreed(tx, renewed, starts=-15, ends=500, owner=None)
        values = {"until": UNTIL.isoformat(), "today": TODAY.isoformat()}
        if tx.connection.dialect.name == "postgresql":
            values = {"until": UNTIL, "today": TODAY}  # type: ignore[dict-item]
        wanted = list(tx.connection.scalars(_ENDING, values))
        found = ending(tx, TODAY, UNTIL)
        assert [one.key for one in found] == wanted
        assert len(wanted) == 15
        assert {one.key for one in ending(tx, TODAY, UNTIL, maria)} == {
            one.key for one in found if one.owner_id == maria
        }
        told = [Role.MANAGER, Role.WORKER]
        hers = ending(tx, TODAY, UNTIL, maria, not_of=told)
        assert hers == [one for one in found if one.owner_id in {maria, karin, gone, None}]
        assert ending(tx, TODAY, UNTIL, maria, not_of=[]) == found


def test_a_home_is_crowded_by_its_children_on_the_day_and_not_by_how_often_it_is_named(
    database: Database,
) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        anna, unit = register.person(), register.unit(name="Fjordens")
        at_home = {
            "four": [f"AKT-{n}" for n in range(4)],
            "three": [f"AKT-1{n}" for n in range(3)],
            "twice": ["AKT-20", "AKT-20", "AKT-21", "AKT-21"],
            "left": [f"AKT-3{n}" for n in range(4)],
        }
        for home, cases in at_home.items():
            for number, case in enumerate(cases):
                ends = "2026-05-31" if home == "left" and number == 0 else None
                starts = f"2025-0{1 + number}-01"
                own = register.placement(anna, unit, case=case, starts=starts, ends=ends)
                tx.connection.execute(update(placement).where(placement.c.id == own).values(home=home))
        assert crowded_homes(tx, TODAY, 3) == [("Fjordens", 4)]
        assert crowded_homes(tx, date(2026, 5, 31), 3) == [("Fjordens", 4), ("Fjordens", 4)]
        assert crowded_homes(tx, TODAY, 2) == [("Fjordens", 3), ("Fjordens", 3), ("Fjordens", 4)]


def test_the_one_figure_of_clocks_is_the_sum_of_the_teams_on_their_page(database: Database) -> None:
    with database.transaction() as tx:
        fill(tx, SMALL)
        tx.connection.execute(update(placement).values(starts=date(2025, 6, 1)))
        acting = acting_as(tx, "m1", NOW)
        found, page = done_in_time(acting), managers_clocks(acting)
        assert found and isinstance(page, ManagersClocks)
        told = [(one.in_time, one.due_in_year, one.untold) for one in page.teams]
        assert (found.in_time, found.due, found.untold) == tuple(map(sum, zip(*told, strict=True)))
        assert found.due + found.untold > 0
        assert done_in_time(acting_as(tx, "quality", NOW)) is None


def test_a_unit_is_found_by_its_number_alone_where_it_is_followed(database: Database) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        register.person()
        hvb, own = register.unit("A"), register.unit("B", form="kommunens_familjehem")
        acting = acting_as(tx, "anna", NOW)
        assert followed_unit(acting, hvb) in units.followed_units(tx)
        assert [followed_unit(acting, one) for one in (own, UnitId(999_999_999), None)] == [None] * 3
        assert units.of_provider(tx, units.get(tx, hvb).provider_id) == [units.get(tx, hvb)]
        assert units.of_provider(tx, units.get(tx, own).provider_id) == []


SMALL = Size(45)
# As long as there are months, versions and words; people, whom of them messages have reached, and how units stand are
# each a list read once, without scores; and few units are left to be scored at a time.
SHORT = {
    "round",
    "risk_config",
    "base_levels",
    "clock_term",
    "term",
    "CONSTANT",
    "person",
    "reached",
    "standing",
    "unit",
    "left_to_score",
}
# Counted along an index alone, once, to learn that nobody's are not to be looked for.
COUNTED = {"placement", "ownership"}


@pytest.mark.sqlite("läser SQLites frågeplaner")
@pytest.mark.parametrize(
    ("view", "who"),
    [
        (status, "m1"),
        (status, "quality"),
        (unanswered, "m1"),
        (unanswered, "quality"),
        (to_hand_over, "m1"),
        (lambda acting: ContractHands(acting).offered(1), "quality"),
    ],
)
def test_how_it_stands_and_who_is_left_walk_through_nothing(
    on_sqlite: Database, view: Callable[[Acting], object], who: str
) -> None:
    with on_sqlite.transaction() as tx:
        fill(tx, SMALL)
        log_chain.begin(tx, OPENS)
        tick(tx, OPENS, Times())
        acting = acting_as(tx, who, NOW)
        found = plans(tx, lambda: view(acting))
    walked = [one for one in found if one.startswith("SCAN") and "(" not in one]
    tables = {re.sub(r"_\d$", "", one.split()[1]) for one in walked}
    assert tables <= SHORT | COUNTED
    counts = [one for one in walked if one.split()[1] in COUNTED]
    assert len(counts) <= 2 and all("COVERING INDEX" in one for one in counts)


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_what_her_people_answer_for_and_what_is_said_of_it_is_read_once_for_all_figures(
    on_sqlite: Database,
) -> None:
    with on_sqlite.transaction() as tx:
        fill(tx, SMALL)
        with asked(tx) as statements:
            status(acting_as(tx, "m1", NOW))
    assert sum("round.month, report.answers" in one for one in statements) == 1
    assert sum("held.owner_id IN" in one for one in statements) == 1


def test_her_people_are_read_once_however_much_is_counted_of_them(database: Database) -> None:
    with database.transaction() as tx:
        fill(tx, SMALL)
        acting = acting_as(tx, "m1", NOW)
        assert acting.led is acting.led
        assert acting.led == people.led_by(tx, acting.person)


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_what_is_known_of_fifty_units_is_asked_in_as_few_statements_as_of_two(on_sqlite: Database) -> None:
    numbers = []
    with on_sqlite.transaction() as tx:
        fill(tx, Size(22 * 50))
        every = units.followed_units(tx)
        for some in (every[:2], every[:50]):
            with asked(tx) as statements:
                assert len(list(inputs_of_each(tx, some, TODAY, NOW))) == len(some)
            numbers.append(len(statements))
    assert numbers[0] == numbers[1] < 10


@pytest.mark.sqlite("läser SQLites frågeplaner")
@pytest.mark.parametrize(
    "read",
    [
        lambda tx: units_missing_in(tx, RoundId(1), Units([UnitId(1), UnitId(20)])),
        lambda tx: rounds.tasks_that_may_be_of(tx, PersonId(1), NOW, TODAY),
        lambda tx: rounds.unanswered_that_may_be_of(tx, PersonId(1), NOW, TODAY),
        lambda tx: reports.answered_between(tx, PersonId(1), TODAY, Month(2026, 7), Month(2026, 10)),
    ],
)
def test_tasks_are_asked_of_some_placements_and_rounds_and_not_of_a_whole_round_or_of_all_months(
    on_sqlite: Database, read: Callable[[Transaction], object]
) -> None:
    with on_sqlite.transaction() as tx:
        found = plans(tx, lambda: read(tx))
    of_tasks = [one for one in found if " report_task " in one]
    assert len(of_tasks) == 1
    assert of_tasks[0].endswith(("(round_id=? AND placement_id=?)", "(placement_id=? AND round_id=?)"))


@pytest.mark.sqlite("räknar anrop, som SQLites drivrutin gör lika många av varje gång")
def test_a_frame_is_read_and_drawn_once_however_often_its_selection_is_looked_at(tx: Transaction) -> None:
    by = Register(tx).person("karin", "quality")

    def looked_at(units_: int) -> tuple[int, int]:
        rows = alike(*(f"E-{number:03}" for number in range(units_)))
        text = canonical_frame(frame(*rows, largest="top:5", n_spot_general=0, n_spot_risk=0))
        frozen = selections.freeze(
            tx,
            year=2026,
            name=f"{units_}",
            frame=text,
            frame_hash=hash_of(text),
            public_value_name="Lotto",
            person_id=by,
            now=NOW,
        )
        assert frozen
        drawn = replace(frozen, public_value="4 8 15", drawn_at=NOW, drawn_by=by)
        first, again = (calls(lambda: state_of(tx, drawn)) for _ in range(2))
        return first, again

    (few, few_again), (many, many_again) = looked_at(30), looked_at(180)
    assert many_again <= few_again < few < many < 7 * few


@pytest.mark.sqlite("räknar anrop, som SQLites drivrutin gör lika många av varje gång")
def test_a_sentence_reads_the_names_of_all_homes_once_until_one_is_another(on_sqlite: Database) -> None:
    chat = Chat(on_sqlite, NOW)

    def looked(homes: int) -> list[int]:
        names = [f"Hem {homes} {number}" for number in range(homes)]
        row = {"form": "hvb", "ownership": "private", "provider_id": provider_id}
        with on_sqlite.transaction() as tx:
            tx.connection.execute(insert(unit), [{**row, "key": name, "name": name} for name in names])
        maria = chat.client("maria")
        found = [calls(lambda: maria.say("vad blir det för mat")) for _ in range(2)]
        maria.say(f"hur går det för {names[-1]}?")
        assert names[-1] in maria.words
        return found

    with on_sqlite.transaction() as tx:
        Register(tx).person("maria", "manager")
        provider_id = units.get(tx, Register(tx).unit()).provider_id
    looked(2)
    (few, few_again), (many, many_again) = looked(5), looked(150)
    assert many_again <= few_again + 20 < few < many
