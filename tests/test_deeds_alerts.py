"""What is done with an alert without any dialog, by whom it may be done, and what of an alert each may read."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import update

from followup import AlertId
from followup.access.access import ACCESS, DataKind, Reach
from followup.access.municipality import Municipality
from followup.alerts.alert import Alert
from followup.messages.alerts import EvidenceAsked, OwnAlert
from followup.people import Conversation, Role
from followup.times.month import Month
from services.acting import Acting, Reader, Refused, Why
from services.alerts import closing, ownership
from services.alerts.ownership import NOBODY
from services.views import alert_history, alerts, evidence
from storage.alerts import alert_decisions, alert_notes
from storage.alerts import alerts as stored_alerts
from storage.engine.database import Database, Transaction
from storage.engine.tables import placement
from storage.risk import scores
from tests.support.builders import Register, at
from tests.support.deeds import acting_as, entries_of, everything, known, trial
from tests.support.desk import NOT_NOTIFIED, alerted, newest
from tests.support.scored import score_all_left
from tests.support.told_once import told_once

NOW = at("2026-11-02 09:00")
ROLES = {Role.WORKER: "anna", Role.QUALITY: "karin", Role.MANAGER: "maria", Role.ADMIN: "adam"}
NOTED = "Ringde enheten."


def _over(by: Acting, alert_id: AlertId) -> Alert | Refused:
    typed = {"colleague": str(known(by.tx, "kim").id), "message": "Tar du den?"}
    return ownership.hand_over(by, alert_id, typed, {NOBODY})


DEEDS: Mapping[str, Callable[[Acting, AlertId], object]] = {
    "take": ownership.take,
    "hand_over": _over,
    "note": lambda by, alert_id: ownership.note(by, alert_id, {"note": NOTED}),
    "open_notes": lambda by, alert_id: ownership.open_notes(by, alert_id, "Bedöma larmet"),
    "send": lambda by, alert_id: ownership.send_to_own_chat(by, alert_id, OwnAlert(alert_id), "a1"),
    "send_evidence": lambda by, alert_id: ownership.send_to_own_chat(
        by, alert_id, EvidenceAsked(alert_id), "a1"
    ),
    "decide": lambda by, alert_id: closing.decide(by, alert_id, NOT_NOTIFIED),
    "close": lambda by, alert_id: closing.close(by, alert_id, {**NOT_NOTIFIED, "reason": "Utrett."}),
}


@pytest.fixture
def desk(municipality: Database) -> Database:
    return with_an_alert(municipality)


@told_once
def with_an_alert(municipality: Database) -> Database:
    """Violence at Södergården has raised an alert; Kim is in the quality team and Adam an administrator."""
    chat = alerted(municipality)
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    assert newest(chat).id == 1
    return municipality


def the_alert(tx: Transaction) -> Alert:
    found = stored_alerts.get(tx, AlertId(1))
    assert found is not None
    return found


@pytest.mark.parametrize("role", list(ROLES))
def test_the_quality_team_does_each_deed_and_for_others_nothing_is_stored_and_the_refusal_logged(
    desk: Database, role: Role
) -> None:
    for deed in DEEDS.values():
        with trial(desk) as tx:
            before, key = everything(tx), ROLES[role]
            done = deed(acting_as(tx, key, NOW), AlertId(1))
            if role == Role.QUALITY:
                assert isinstance(done, Alert)
                assert everything(tx) != before
            else:
                assert done == Refused(Why.NOT_HERS)
                assert everything(tx) == before
                assert entries_of(tx, key)[-1] == ("refused", "alert:1")


def test_a_deed_on_an_alert_that_there_is_none_of_is_refused_as_that(desk: Database) -> None:
    for deed in DEEDS.values():
        with trial(desk) as tx:
            before = everything(tx)
            assert deed(acting_as(tx, "karin", NOW), AlertId(99)) == Refused(Why.UNKNOWN)
            assert everything(tx) == before
            assert entries_of(tx, "karin")[-1] == ("refused", "alert:99")


def test_who_has_been_deactivated_does_nothing(desk: Database) -> None:
    for deed in DEEDS.values():
        with trial(desk) as tx:
            karin, before = acting_as(tx, "karin", NOW), everything(tx)
            gone = replace(karin, person=replace(karin.person, active=False))
            assert deed(gone, AlertId(1)) == Refused(Why.NOT_HERS)
            assert everything(tx) == before


def test_a_table_that_shows_the_quality_team_no_alerts_lets_it_do_nothing_with_them(desk: Database) -> None:
    sight = {**ACCESS.sight, DataKind.ALERT: {**ACCESS.sight[DataKind.ALERT], Role.QUALITY: Reach.NOTHING}}
    narrow = Municipality(replace(ACCESS, sight=sight))
    for deed in DEEDS.values():
        with trial(desk) as tx:
            assert deed(replace(acting_as(tx, "karin", NOW), municipality=narrow), AlertId(1)) == Refused(
                Why.NOT_HERS
            )


def test_the_verb_alone_gives_nobody_the_thing(desk: Database) -> None:
    verbs = {**ACCESS.conversations, Role.WORKER: frozenset({Conversation.ALERTS, Conversation.ALERT_DESK})}
    wide = Municipality(replace(ACCESS, conversations=verbs))
    for ask in (*DEEDS.values(), alerts.alert, alerts.head, alert_history.history, evidence.evidence):
        with trial(desk) as tx:
            before = everything(tx)
            assert ask(replace(acting_as(tx, "anna", NOW), municipality=wide), AlertId(1)) == Refused(
                Why.NOT_HERS
            )
            assert everything(tx) == before


def test_what_is_taken_is_owned_noted_and_logged_and_taken_once(desk: Database) -> None:
    with trial(desk) as tx:
        taken = ownership.take(acting_as(tx, "karin", NOW), AlertId(1))
        assert isinstance(taken, Alert)
        assert (taken.owner_id, taken.taken_at) == (known(tx, "karin").id, NOW)
        assert entries_of(tx, "karin")[-1] == ("write", "alert:1")
        before = everything(tx)
        assert ownership.take(acting_as(tx, "kim", NOW), AlertId(1)) == Refused(Why.DONE)
        assert everything(tx) == before


def test_handing_over_tells_the_colleague_and_not_where_it_has_another_owner_than_was_seen(
    desk: Database,
) -> None:
    with trial(desk) as tx:
        queued = len(everything(tx)["delivery"])
        given = _over(acting_as(tx, "karin", NOW), AlertId(1))
        assert isinstance(given, Alert)
        assert given.owner_id == known(tx, "kim").id
        assert len(everything(tx)["delivery"]) == queued + 1
        back = {"colleague": str(known(tx, "karin").id)}
        before = everything(tx)
        refused = ownership.hand_over(acting_as(tx, "karin", NOW), AlertId(1), back, {NOBODY})
        assert isinstance(refused, Refused)
        assert [(problem.field, problem.what.id) for problem in refused.problems] == [
            ("colleague", "desk.owner_changed")
        ]
        assert everything(tx) == before
        assert isinstance(
            ownership.hand_over(acting_as(tx, "karin", NOW), AlertId(1), back, {known(tx, "kim").id}), Alert
        )


def test_the_decision_lifts_the_floor_of_an_old_event_and_is_made_once(desk: Database) -> None:
    later = at("2027-01-07 09:00")
    with trial(desk) as tx:
        unit_id = the_alert(tx).unit_id
        lifted = scores.latest(tx, unit_id)
        assert lifted is not None
        assert lifted.floor == "red"
        assert isinstance(closing.decide(acting_as(tx, "karin", later), AlertId(1), NOT_NOTIFIED), Alert)
        score_all_left(tx, later)
        after = scores.latest(tx, unit_id)
        assert after is not None
        assert after.floor is None
        made = alert_decisions.of_alert(tx, AlertId(1))
        assert made is not None
        assert made.recorded_by == known(tx, "karin").id
        assert closing.decide(acting_as(tx, "kim", later), AlertId(1), NOT_NOTIFIED) == Refused(Why.DONE)


@pytest.mark.parametrize("without", [*NOT_NOTIFIED, "reason"])
def test_a_serious_alert_is_not_closed_without_the_whole_decision_and_a_reason(
    desk: Database, without: str
) -> None:
    typed = {name: value for name, value in {**NOT_NOTIFIED, "reason": "Utrett."}.items() if name != without}
    with trial(desk) as tx:
        before = everything(tx)
        refused = closing.close(acting_as(tx, "karin", NOW), AlertId(1), typed)
        assert isinstance(refused, Refused)
        assert [problem.field for problem in refused.problems] == [without]
        assert everything(tx) == before


def test_what_is_closed_is_closed_once_and_can_still_be_noted(desk: Database) -> None:
    with trial(desk) as tx:
        closed = DEEDS["close"](acting_as(tx, "karin", NOW), AlertId(1))
        assert isinstance(closed, Alert)
        assert closed.closed_at == NOW
        assert DEEDS["close"](acting_as(tx, "kim", NOW), AlertId(1)) == Refused(Why.DONE)
        assert _over(acting_as(tx, "kim", NOW), AlertId(1)) == Refused(Why.DONE)
        assert isinstance(ownership.note(acting_as(tx, "kim", NOW), AlertId(1), {"note": NOTED}), Alert)
        assert [one.text for one in alert_notes.of_alert(tx, AlertId(1))] == [NOTED]


def test_notes_are_opened_with_a_reason_in_ones_own_chat_and_until_midnight(desk: Database) -> None:
    with trial(desk) as tx:
        karin = acting_as(tx, "karin", NOW)
        assert ownership.open_notes(karin, AlertId(1), "") == Refused(Why.NO_REASON)
        in_channel = acting_as(tx, "karin", NOW, channel=True)
        assert ownership.open_notes(in_channel, AlertId(1), "Bedöma larmet") == Refused(Why.CHANNEL)
        DEEDS["note"](acting_as(tx, "kim", NOW), AlertId(1))
        assert [one.written for one in read(karin).events] == [None]
        ownership.open_notes(karin, AlertId(1), "Bedöma larmet")
        assert [one.written for one in read(karin).events] == [NOTED]
        assert entries_of(tx, "karin")[-1] == ("read", "alert_notes:1")
        assert [one.written for one in read(acting_as(tx, "karin", at("2026-11-03 09:00"))).events] == [None]


def test_who_wrote_a_note_reads_it_without_a_reason(desk: Database) -> None:
    with trial(desk) as tx:
        karin = acting_as(tx, "karin", NOW)
        DEEDS["note"](karin, AlertId(1))
        assert [one.written for one in read(karin).events] == [NOTED]


def test_where_no_free_text_is_taken_no_note_is_and_no_message(desk: Database) -> None:
    for name in ("note", "hand_over"):
        with trial(desk) as tx:
            before = everything(tx)
            karin = replace(acting_as(tx, "karin", NOW), municipality=Municipality(free_text=False))
            refused = DEEDS[name](karin, AlertId(1))
            assert isinstance(refused, Refused)
            assert refused.why == Why.WRONG
            assert everything(tx) == before


def read(by: Reader) -> alert_history.History:
    found = alert_history.history(by, AlertId(1))
    assert isinstance(found, alert_history.History)
    return found


def test_the_quality_team_reads_all_of_an_alert_and_it_is_logged(desk: Database) -> None:
    with trial(desk) as tx:
        view = alerts.alert(acting_as(tx, "karin", NOW), AlertId(1))
        assert isinstance(view, alerts.AlertView)
        assert view.told is not None
        assert (view.head.kind, view.head.undecided, view.head.handled) == (
            "event",
            "27 kap. 7 § SoL",
            True,
        )
        assert (view.told.event, view.told.consequence) == ("deviation", 4)
        assert view.ask == alerts.WhomToAsk("Anna Test", None)
        assert entries_of(tx, "karin")[-1] == ("read", "alert:1")


@pytest.mark.parametrize(("key", "channel"), [("maria", False), ("karin", True), (None, True)])
def test_of_a_small_unit_others_read_only_that_there_is_an_alert(
    desk: Database, key: str | None, channel: bool
) -> None:
    """No day, no kind and no history is in the view, when two of the home's three children have moved."""
    with trial(desk) as tx:
        moved = {"ends": at("2026-10-01").date(), "end_reason": "planned"}
        tx.connection.execute(update(placement).where(placement.c.id.in_([4, 5])).values(**moved))
        reader = Reader(tx, known(tx, key) if key else None, NOW, channel=channel)
        view = alerts.alert(reader, AlertId(1))
        assert isinstance(view, alerts.AlertView)
        assert (view.told, view.ask, view.head.kind, view.head.undecided) == (None, None, None, None)
        assert view.head.raised == Month(2026, 11)


@pytest.mark.parametrize(("key", "told"), [("anna", False), ("maria", True), ("adam", False)])
def test_who_may_not_know_of_alerts_reads_none_and_that_is_logged(
    desk: Database, key: str, told: bool
) -> None:
    with trial(desk) as tx:
        by = acting_as(tx, key, NOW)
        views = (alerts.alert(by, AlertId(1)), alerts.head(by, AlertId(1)), alerts.open_alerts(by))
        assert [isinstance(one, Refused) for one in views] == [not told] * 3
        acts = entries_of(tx, key)[-3:]
        assert acts == [("read" if told else "refused", one) for one in ("alert:1", "alert:1", "alerts")]


@pytest.mark.parametrize("key", ["anna", "maria", "adam"])
def test_evidence_and_history_are_for_the_quality_team(desk: Database, key: str) -> None:
    with trial(desk) as tx:
        by = acting_as(tx, key, NOW)
        assert evidence.evidence(by, AlertId(1)) == Refused(Why.NOT_HERS)
        assert alert_history.history(by, AlertId(1)) == Refused(Why.NOT_HERS)
        assert entries_of(tx, key)[-2:] == [("refused", "alert:1"), ("refused", "alert_history:1")]


def test_evidence_is_never_shown_where_others_look_on_and_is_logged_with_how_many_items(
    desk: Database,
) -> None:
    with trial(desk) as tx:
        in_channel = acting_as(tx, "karin", NOW, channel=True)
        assert evidence.evidence(in_channel, AlertId(1)) == Refused(Why.CHANNEL)
        assert alert_history.history(in_channel, AlertId(1)) == Refused(Why.CHANNEL)
        view = evidence.evidence(acting_as(tx, "karin", NOW), AlertId(1))
        assert isinstance(view, evidence.EvidenceView)
        assert view.numbers == ["A-1"]
        assert entries_of(tx, "karin")[-1] == ("read", "evidence:unit:SYD")
