"""A unit that becomes the municipality's own after it was selected, alerted about or followed up (R21)."""

import pytest
from sqlalchemy import update

from followup.follow_ups.checklist import evidence_of
from followup.people import Person
from followup.selection.cycle import Cycle, SelectionRefusedError
from services.selection.selecting import Plan, WantedAdjustment, adjust, draw, freeze, lock
from storage.engine.database import Database, Transaction
from storage.engine.tables import unit
from storage.follow_ups import follow_ups
from storage.register import units
from tests.support.builders import at
from tests.support.desk import alerted, newest
from tests.support.selection_builders import fill_town, somebody
from tests.support.turns import SAY, Chat

NOW = at("2026-11-23 12:00")


def becomes_own(tx: Transaction, key: str) -> None:
    tx.connection.execute(update(unit).where(unit.c.key == key).values(form="kommunens_familjehem"))


def drawn(tx: Transaction) -> tuple[Cycle, Person]:
    """A selection with Aspen in it, which then becomes the municipality's own."""
    fill_town(tx)
    karin = somebody(tx)
    cycle = freeze(tx, Plan(2026, "Lotto"), karin, NOW)
    assert "ASPEN" in [one.unit for one in draw(tx, cycle, "4", karin, NOW).selected]
    becomes_own(tx, "ASPEN")
    return cycle, karin


def test_it_can_be_taken_out_of_the_selection_and_not_be_put_in_again(tx: Transaction) -> None:
    cycle, karin = drawn(tx)
    state = adjust(tx, cycle, WantedAdjustment("remove", "ASPEN", "Har blivit kommunens eget."), karin, NOW)
    assert "ASPEN" not in [one.unit for one in state.selected]
    with pytest.raises(SelectionRefusedError) as refused:
        adjust(tx, cycle, WantedAdjustment("add", "ASPEN", "Ändå."), karin, NOW)
    assert [one.id for one in refused.value.problems] == ["selection.refused.unknown_unit"]


def test_its_follow_up_can_be_opened_with_nothing_filled_in(database: Database) -> None:
    with database.transaction() as tx:
        cycle, karin = drawn(tx)
        lock(tx, cycle, karin, NOW)
        aspen = units.by_key(tx, "ASPEN")
        assert aspen
        [opened] = follow_ups.of_unit(tx, aspen.id)
    client = Chat(database, NOW).client("karin")
    client.forge("show_follow_up", {"follow_up": opened.id})
    assert SAY("follow_up.title", number=opened.number, unit="Hemmet Aspen") in client.words
    areas = ("indicators", "deviations", "inspectorate")
    assert client.inputs == dict.fromkeys([*areas, *(evidence_of(one) for one in areas)], "")


def test_its_alert_is_still_shown_and_said_again_with_the_last_reading(municipality: Database) -> None:
    chat = alerted(municipality)
    number = newest(chat).number
    with municipality.transaction() as tx:
        becomes_own(tx, "SYD")
    karin = chat.client("karin")
    karin.forge("show_alert", {"alert": newest(chat).id})
    assert SAY("alert.event", kind="avvikelse", consequence=SAY("risk.consequence.4")) in karin.words
    chat.wake("2026-11-05 08:00")
    channel = chat.client("karin", channel=True)
    [again] = [one for one in channel.shown if one.kind == "alert_again"]
    assert number in again.words
    karin.press(SAY("alert.evidence"))
    assert "Södergården" in karin.words
