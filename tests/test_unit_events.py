"""What is registered of a unit beside the evidence: shown where the unit is judged, and never counted."""

from datetime import date

import pytest
from sqlalchemy import select

from followup.follow_ups.prefill import sentences
from followup.follow_ups.unit_events import EVENT_KINDS, IVO_DECISIONS, UnitEvent, read_event
from services.follow_ups.following_up import evidence_of
from services.risk.scoring import read_as_of
from storage.engine import tables
from storage.engine.database import Database
from storage.follow_ups import unit_events
from storage.register import units
from tests.support.builders import at
from tests.support.builders_register import Register
from tests.support.turns import SAY, Chat, Client, logged

NOW = at("2026-11-23 12:00")
TYPED = {
    "unit": "Södergården",
    "kind": "ivo_fault",
    "happened_on": "2026-10-12",
    "source": "3.5.1-12345/2026",
    "checked_on": "2026-11-20",
}


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return Chat(municipality, NOW)


def registered(chat: Chat, **typed: str) -> Client:
    karin = chat.client("karin")
    karin.say("händelse Södergården")
    karin.press(SAY("unit_event.save"), {**TYPED, **typed})
    return karin


def stored(chat: Chat) -> list[UnitEvent]:
    with chat.database.transaction() as tx:
        ids = [one.id for one in units.all_units(tx)]
        return unit_events.of_units(tx, ids, date(2020, 1, 1), date(2026, 12, 31), NOW)


def test_the_quality_team_registers_what_it_knows_of_a_unit(chat: Chat) -> None:
    karin = registered(chat)
    [event] = stored(chat)
    assert (event.kind, event.happened_on, event.source) == ("ivo_fault", date(2026, 10, 12), TYPED["source"])
    assert SAY("unit_event.saved", kind="IVO: tillsyn med brist") in karin.words
    assert "12 oktober 2026: IVO: tillsyn med brist. Källa: 3.5.1-12345/2026." in karin.words
    assert SAY("supplementary.checked", day=date(2026, 11, 20)) in karin.words
    with chat.database.transaction() as tx:
        assert f"unit_event:{event.unit_id}" in logged(tx, "write")


def test_the_same_event_is_registered_once_and_that_is_said(chat: Chat) -> None:
    registered(chat)
    karin = registered(chat)
    assert len(stored(chat)) == 1
    assert SAY("unit_event.there_already") in karin.words


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"unit": "Ingenstans"}, "Ingen eller flera enheter"),
        ({"kind": ""}, SAY("form.missing")),
        ({"happened_on": "2026-11-24"}, SAY("form.future_date")),
        ({"source": ""}, SAY("form.missing")),
        ({"source": "x" * 301}, SAY("form.too_long", length=301, longest=300)),
        ({"source": "Om barnet 20120229-2387"}, SAY("form.personal_number")),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(
    chat: Chat, typed: dict[str, str], problem: str
) -> None:
    karin = registered(chat, **typed)
    assert problem in karin.words
    assert stored(chat) == []
    assert karin.inputs["happened_on"] == typed.get("happened_on", TYPED["happened_on"])


@pytest.mark.parametrize("key", ["anna", "maria"])
def test_nobody_else_registers_or_is_offered_to(chat: Chat, key: str) -> None:
    client = chat.client(key)
    client.say("händelse Södergården")
    assert SAY("unit_event.title") not in client.words
    client.forge("save_unit_event", {}, TYPED)
    assert stored(chat) == []


def test_it_stands_on_the_units_card_in_the_evidence_and_in_area_six_and_counts_in_nothing(
    chat: Chat,
) -> None:
    with chat.database.transaction() as tx:
        unit = next(one for one in units.all_units(tx) if one.name == "Södergården")
        before = read_as_of(tx, unit, NOW.date(), NOW)
    karin = registered(chat)
    said = "12 oktober 2026: IVO: tillsyn med brist. Källa: 3.5.1-12345/2026."
    for key in ("karin", "maria"):
        asked = chat.client(key)
        asked.say("utförare södergården")
        assert said in asked.words
        assert SAY("supplementary.title") in asked.words
    anna = chat.client("anna")
    anna.say("utförare södergården")
    assert "tillsyn med brist" not in anna.words
    with chat.database.transaction() as tx:
        after = read_as_of(tx, unit, NOW.date(), NOW)
        assert (after.score, after.judgement) == (before.score, before.judgement)
        told = [SAY.say(one) for one in sentences("inspectorate", evidence_of(tx, unit, NOW))]
    assert told[0] == said
    assert karin.chat is chat


def test_what_is_registered_later_was_not_known_before(chat: Chat) -> None:
    registered(chat)
    with chat.database.transaction() as tx:
        ids = [one.id for one in units.all_units(tx)]
        first, last = date(2020, 1, 1), date(2026, 12, 31)
        assert unit_events.of_units(tx, ids, first, last, at("2026-11-23 11:59")) == []
        assert unit_events.of_units(tx, ids, first, date(2026, 10, 11), NOW) == []


def test_the_two_files_are_put_in_once_and_a_later_check_is_a_change(register_files: Register) -> None:
    imported = register_files.put_in()
    assert (imported.counts["ivo_decisions"].created, imported.counts["events"].created) == (1, 1)
    again = register_files.put_in()
    assert (again.counts["ivo_decisions"].unchanged, again.counts["events"].unchanged) == (1, 1)
    kinds = {row["kind"] for row in register_files.rows(tables.unit_event)}
    assert kinds == {"ivo_fault", "new_director"}
    assert not register_files.put_in().unit_ids


@pytest.fixture
def register_files(register: Register) -> Register:
    register.write_all()
    return register


def test_every_kind_can_be_typed_and_is_either_the_inspectorates_or_not() -> None:
    for kind in EVENT_KINDS:
        event, problems = read_event({**TYPED, "kind": kind}, NOW.date())
        assert (event and event.kind, problems) == (kind, [])
    assert set(IVO_DECISIONS) < set(EVENT_KINDS)


def test_nothing_registered_can_be_read_outside_storage_but_by_what_was_known(chat: Chat) -> None:
    registered(chat)
    with chat.database.transaction() as tx:
        [row] = tx.connection.execute(select(tables.unit_event)).all()
    assert (row.author_id is not None, row.known_at, row.import_id) == (True, NOW, None)
