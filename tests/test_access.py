"""The table of who may see what, row by row against the law, and what is told unasked."""

import pytest

from dialogs.messages.message_replies import say_now
from followup import PlacementId, UnitId
from followup.access.access import ACCESS, IN_CHANNEL, DataKind, Reach
from followup.messages.follow_ups import DateNear
from followup.people import Leave, Role
from storage.engine.database import Database
from storage.engine.tables import person
from storage.messages import ledger, queueing
from storage.month import awaiting
from storage.register import people
from tests.support.builders import Register, at
from tests.support.builders_register import example
from tests.support.turns import SAY, october
from tests.test_commands import UNIT, Shell, filled, shell

__all__ = ["filled", "shell"]
CHILD = (
    DataKind.CASE_REFERENCE,
    DataKind.ALIAS,
    DataKind.ANSWERS,
    DataKind.REPORT_TEXT,
    DataKind.EVENT_DAY,
    DataKind.SIGNAL_TEXT,
)


@pytest.mark.parametrize("kind", DataKind)
def test_every_kind_of_data_has_its_reach_for_every_role(kind: DataKind) -> None:
    assert set(ACCESS.sight[kind]) == set(Role)


@pytest.mark.parametrize("kind", CHILD)
def test_a_manager_and_an_administrator_see_nothing_of_a_child(kind: DataKind) -> None:
    assert {ACCESS.reach(role, kind) for role in (Role.MANAGER, Role.ADMIN)} == {Reach.NOTHING}


def test_the_quality_team_opens_a_case_reference_only_with_a_reason() -> None:
    assert ACCESS.reach(Role.QUALITY, DataKind.CASE_REFERENCE) == Reach.WITH_REASON
    assert ACCESS.reach(Role.QUALITY, DataKind.ALIAS) == Reach.NOTHING


def test_a_worker_sees_of_children_only_her_own() -> None:
    assert {ACCESS.reach(Role.WORKER, kind) for kind in CHILD} == {Reach.OWN, Reach.OWNED}


def test_an_administrator_sees_the_register_the_log_and_what_is_to_be_deleted_and_nothing_else() -> None:
    seen = {kind for kind in DataKind if ACCESS.reach(Role.ADMIN, kind) != Reach.NOTHING}
    assert seen == {DataKind.REGISTER, DataKind.ACCESS_LOG, DataKind.RETENTION}


def test_a_channel_sees_units_and_alerts_only() -> None:
    assert {DataKind.UNIT, DataKind.ALERT} == IN_CHANNEL


def test_who_has_changed_role_is_not_told_what_the_old_role_was_to_know(municipality: Database) -> None:
    chat = october(municipality)
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        near = DateNear("proposal", chat.now.date())
        queueing.queue(tx, "test", near, chat.now, person_id=karin.id)
        [queued] = [one for one in ledger.listed(tx, ("ready",)) if one.key == "test"]
        assert say_now(tx, queued, chat.now) is not None
        tx.connection.execute(person.update().where(person.c.id == karin.id).values(role="worker"))
        assert say_now(tx, queued, chat.now) is None


def test_a_press_of_ones_own_is_not_repeated_where_others_look_on(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna").look()
    carried = anna.button(SAY("list.send")).action["data"]["card"]
    inputs = dict.fromkeys(anna.inputs, "true")
    assert "AKT-1" in str(anna.forge("hand_in_statements", carried, inputs).card)
    answer = chat.client("anna", channel=True).forge("hand_in_statements", carried, inputs)
    assert (answer.card, answer.notice) == (None, SAY("refused.channel"))


def test_a_substitutes_placement_is_not_shown_to_a_second_substitute(municipality: Database) -> None:
    """The leave's substitute goes before the placement's own."""
    with municipality.transaction() as tx:
        register, now = Register(tx), at("2026-11-02 08:00")
        anna, bilal = people.by_key(tx, "anna"), people.by_key(tx, "bilal")
        assert anna is not None
        assert bilal is not None
        register.person("cecilia")
        cecilia = people.by_key(tx, "cecilia")
        assert cecilia is not None
        register.owner(PlacementId(1), anna.id, substitute_id=cecilia.id, since="2026-01-01")
        people.record_leave(tx, Leave(anna.id, now.date(), now.date(), bilal.id), now)
    october(municipality)
    with municipality.transaction() as tx:
        his, hers = (
            [task.placement.id for task in awaiting.of_person(tx, one, now)] for one in (bilal, cecilia)
        )
    assert 1 in his
    assert hers == []


def test_a_manager_sees_how_her_own_people_have_answered_and_the_quality_team_how_all_have(
    municipality: Database,
) -> None:
    with municipality.transaction() as tx:
        register = Register(tx)
        olof = register.person("olof", "manager", team="Unga")
        ylva = register.person("ylva", team="Unga", manager_id=olof)
        for number in (6, 7):
            register.placement(ylva, UnitId(1), case=f"AKT-{number}")
    chat = october(municipality)
    rates = {}
    for key in ("maria", "olof", "karin"):
        client = chat.client(key)
        client.say("läge")
        rates[key] = [all_ for all_ in ("0 av 5", "0 av 2", "0 av 7") if all_ in client.words]
    assert rates == {"maria": ["0 av 5"], "olof": ["0 av 2"], "karin": ["0 av 7"]}
    assert SAY("responses.own") in chat.client("olof").words
    chat.client("olof").say("obesvarade")
    assert "Ylva" in chat.client("olof").words
    assert "Anna" not in chat.client("olof").words


@pytest.mark.parametrize(
    "words", [("risk", UNIT), ("risk", "--all"), ("outbox",), ("check",), ("log", "review"), ("round",)]
)
def test_nothing_that_the_command_line_prints_names_a_child(filled: Shell, words: tuple[str, ...]) -> None:
    """What is exported from the server is checked like what is shown in the chat."""
    filled.run("wake", "--at", "2026-12-01 08:00")
    printed = filled.run(*words).output + filled.run(*words, "--json").output
    assert printed
    placement, signal = example("placeringar"), example("signaler")
    secrets = (placement["Aktreferens"], placement["Alias"], placement["Födelsedatum"], signal["Text"])
    assert [one for one in secrets if one in printed] == []
