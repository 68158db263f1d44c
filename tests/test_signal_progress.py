"""Who has a signal and how far it has come: given in turn, taken, ended with a reason, and true of what was before."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from dialogs.alerts.evidence_card import evidence_card
from dialogs.card import ListRow
from followup import PersonId, SignalId
from followup.access.municipality import Municipality
from followup.people import Leave
from followup.signals.progress import InTurn, SignalProgress, is_news, next_in_turn, overdue_since
from followup.signals.signal import Signal
from followup.times.calendar import at_municipal
from scheduler.jobs import Times
from scheduler.waking import tick
from services.acting import Refused, Why
from services.alerts import closing, ownership
from services.signals.judging import Judged, change
from services.signals.own_faults import end_own, take_own
from services.signals.progress import end, take
from services.signals.raising import raise_signal
from services.views.evidence import EvidenceView, evidence
from storage.alerts import alerts
from storage.engine import schema
from storage.engine.database import Database
from storage.engine.vault import Vault, new_key
from storage.register import people, units
from storage.signals import progress, signals
from tests.support.builders import Register, at
from tests.support.deeds import acting, everything, logged_by, tried
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, Chat, october

WHY = {"why": "Uppgiften var fel."}
MILD = {**SLAP, "consequence": "2", "marks": ""}
REMEDIED = {"how": "remedied", "end_reason": "Rutinen är ändrad."}
HANDED_ON = {"how": "handed_on", "receiver": "police", "end_reason": "De utreder."}
ENDED = {"remedied": REMEDIED, "handed_on": HANDED_ON}
CLOSING = {
    "reason": "Uppföljt.",
    "notified": "no",
    "decision_reason": "Inte allvarligt.",
    "decided_on": "2026-11-02",
    "decided_by": "Karin",
}


@pytest.mark.parametrize(
    ("came", "last"),
    [
        ("2026-11-02", "2026-11-16"),
        ("2026-11-06", "2026-11-20"),
        ("2026-11-07", "2026-11-20"),
        # Christmas: 24–26 and 31 December, New Year and Epiphany are days off.
        ("2026-12-18", "2027-01-08"),
        ("2027-03-24", "2027-04-09"),
    ],
)
def test_it_is_to_be_decided_within_ten_working_days(came: str, last: str) -> None:
    one = SignalProgress(SignalId(1), "quality", "received", PersonId(1), at(came))
    on, after = date.fromisoformat(last), date.fromisoformat(last) + timedelta(days=1)
    assert (one.last_day, one.is_overdue(on), one.is_overdue(after)) == (on, False, True)
    ended = SignalProgress(SignalId(1), "quality", "remedied", PersonId(1), at(came), at(last))
    assert not ended.is_overdue(after)


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(0, 40))
def test_what_came_by_the_day_that_is_asked_for_is_overdue_and_nothing_later(today: date, ago: int) -> None:
    came = today - timedelta(days=ago)
    one = SignalProgress(SignalId(1), "quality", "investigating", PersonId(1), at_municipal(came))
    assert one.is_overdue(today) == (came <= overdue_since(today))


@given(st.lists(st.integers(1, 6), min_size=1, unique=True), st.integers(1, 60))
def test_the_turn_is_fair(team: list[int], number: int) -> None:
    last = dict.fromkeys(team, 0)
    for nth in range(1, number + 1):
        given_to = next_in_turn([InTurn(PersonId(one), last[one]) for one in team])
        assert given_to is not None
        last[given_to] = nth
    had = Counter(one for one in last if last[one])
    assert max(last.values()) == number
    assert len(had) == min(number, len(team))
    # Nobody has one again before all the others have had theirs.
    assert all(number - nth < len(team) for nth in last.values()) or number < len(team)
    assert next_in_turn([]) is None


def test_of_what_a_file_tells_thirty_days_are_news() -> None:
    read_in = date(2026, 11, 30)
    assert [is_news(read_in - timedelta(days=days), read_in) for days in (0, 30, 31)] == [True, True, False]


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return with_three_in_the_team(municipality)


@told_once
def with_three_in_the_team(municipality: Database) -> Chat:
    """Karin, Kim and Quinn are the quality team, and Adam the administrator."""
    with municipality.transaction() as tx:
        register = Register(tx)
        register.person("kim", "quality")
        register.person("quinn", "quality")
        register.person("adam", "admin")
    return october(municipality)


def unit_id(chat: Chat, key: str = "SYD") -> int:
    with chat.database.transaction() as tx:
        found = units.by_key(tx, key)
    assert found is not None
    return found.id


def raised(chat: Chat, by: str = "anna", *, official: str = "", **typed: str) -> SignalId:
    unit = str(unit_id(chat))
    with acting(chat.database, by, chat.now, municipality=Municipality(official=official)) as person:
        signal = raise_signal(person, {**MILD, "unit": unit, **typed})
    assert isinstance(signal, Signal), signal
    return signal.id


def standing(chat: Chat, signal_id: SignalId) -> SignalProgress:
    with chat.database.transaction() as tx:
        found = progress.of_signal(tx, signal_id)
    assert found is not None
    return found


def owner(chat: Chat, signal_id: SignalId) -> str | None:
    with chat.database.transaction() as tx:
        found = progress.of_signal(tx, signal_id)
        assert found is not None
        return None if found.owner_id is None else people.everyone(tx)[found.owner_id].key


def where(chat: Chat, signal_id: SignalId) -> tuple[str, str, str | None]:
    found = standing(chat, signal_id)
    return found.desk, found.state, owner(chat, signal_id)


def person_id(chat: Chat, key: str) -> int:
    with chat.database.transaction() as tx:
        found = people.by_key(tx, key)
    assert found is not None
    return found.id


def test_each_new_one_is_given_to_the_team_in_turn(chat: Chat) -> None:
    given_to = [owner(chat, raised(chat)) for _ in range(7)]
    assert Counter(given_to[:3]) == {"karin": 1, "kim": 1, "quinn": 1}
    assert given_to[:3] == given_to[3:6]
    assert given_to[6] == given_to[0]
    assert where(chat, SignalId(1))[:2] == ("quality", "received")


def test_the_official_has_each_where_she_handles_signals_and_else_the_team(chat: Chat) -> None:
    assert {owner(chat, raised(chat, official="quinn")) for _ in range(3)} == {"quinn"}
    # A manager has no desk for signals, and nobody has the key nemo.
    for official in ("maria", "nemo"):
        assert {owner(chat, raised(chat, official=official)) for _ in range(3)} == {"karin", "kim", "quinn"}


def test_whoever_is_away_is_given_none_and_the_turn_waits_for_her(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        kim = people.by_key(tx, "kim")
        assert kim is not None
        people.record_leave(tx, Leave(kim.id, chat.now.date(), chat.now.date(), None), chat.now)
    assert {owner(chat, raised(chat)) for _ in range(4)} == {"karin", "quinn"}
    chat.now += timedelta(days=1)
    assert [owner(chat, raised(chat)) for _ in range(2)].count("kim") == 1


def test_a_fault_of_our_own_is_the_managers_and_comes_back_when_the_cause_is_elsewhere(chat: Chat) -> None:
    own = raised(chat, cause="authority")
    assert where(chat, own) == ("managers", "received", "maria")
    with acting(chat.database, "karin", chat.now) as karin:
        assert take(karin, own, ownership.NOBODY) == end(karin, own, REMEDIED) == Refused(Why.DONE)
        assert isinstance(change(karin, own, "clear", WHY, 1), Judged)
    assert where(chat, own)[:2] == ("quality", "received")
    with acting(chat.database, "karin", chat.now) as karin:
        assert isinstance(change(karin, own, "authority", WHY, 2), Judged)
    assert where(chat, own) == ("managers", "received", "maria")


@pytest.mark.parametrize("key", ["anna", "bilal", "maria", "adam"])
def test_only_the_team_takes_and_ends(chat: Chat, key: str) -> None:
    number = raised(chat)
    for nth, deed in enumerate(
        (lambda by: take(by, number, ownership.NOBODY), lambda by: end(by, number, REMEDIED)), start=1
    ):
        found = tried(chat.database, key, chat.now, deed)
        assert (found.outcome, found.refused, found.unchanged) == (
            Refused(Why.NOT_HERS),
            [f"signal:{number}"] * nth,
            True,
        )
    with acting(chat.database, "karin", chat.now, channel=True) as karin:
        assert take(karin, number, ownership.NOBODY) == end(karin, number, REMEDIED) == Refused(Why.NOT_HERS)


def test_whoever_takes_it_has_it_and_of_two_who_take_it_at_once_the_second_is_told(chat: Chat) -> None:
    number = raised(chat)
    seen = standing(chat, number).owner_id or PersonId(0)
    first, second = [one for one in ("karin", "kim", "quinn") if person_id(chat, one) != seen]
    with acting(chat.database, first, chat.now) as by:
        assert isinstance(take(by, number, seen), Signal)
        assert take(by, number, seen) == Refused(Why.DONE)
        assert logged_by(by.tx, "write", by.person.id) == [f"signal:{number}:progress"]
    with acting(chat.database, second, chat.now) as by:
        assert take(by, number, seen) == Refused(Why.CHANGED)
    assert where(chat, number) == ("quality", "investigating", first)


def test_it_ends_with_a_reason_once_for_every_report_of_the_event(chat: Chat) -> None:
    one, two = raised(chat), raised(chat, "bilal")
    with acting(chat.database, "karin", chat.now) as karin:
        assert isinstance(change(karin, one, "link", {**WHY, "same_as": str(two)}, 1), Judged)
        before = everything(karin.tx)
        wrong = end(karin, one, {"end_reason": "Gäller 20120229-2387."})
        assert isinstance(wrong, Refused)
        assert {problem.field for problem in wrong.problems} == {"how", "end_reason"}
        assert everything(karin.tx) == before
        assert isinstance(end(karin, one, REMEDIED), Signal)
        assert end(karin, one, REMEDIED) == end(karin, two, REMEDIED) == Refused(Why.DONE)
    for number in (one, two):
        found = standing(chat, number)
        assert (found.state, found.ended_at) == ("remedied", chat.now)
        with chat.database.transaction() as tx:
            last = progress.last_step(tx, number)
        assert last is not None
        assert (last.reason, last.person_id) == (REMEDIED["end_reason"], person_id(chat, "karin"))


def test_a_serious_one_ends_with_its_alert_and_follows_who_has_that(chat: Chat) -> None:
    number = raised(chat, consequence="4", marks="violence")
    with acting(chat.database, "karin", chat.now) as karin:
        [alert] = alerts.open_alerts(karin.tx)
        waits = end(karin, number, REMEDIED)
        assert isinstance(waits, Refused)
        assert [problem.what.id for problem in waits.problems] == ["signals.close_alert_first"]
        assert not isinstance(ownership.take(karin, alert.id), Refused)
    assert where(chat, number) == ("quality", "investigating", "karin")
    with acting(chat.database, "karin", chat.now) as karin:
        kim = people.by_key(karin.tx, "kim")
        assert kim is not None
        given_to = {"colleague": str(kim.id)}
        assert not isinstance(ownership.hand_over(karin, alert.id, given_to, [karin.person.id]), Refused)
    assert where(chat, number) == ("quality", "investigating", "kim")
    with acting(chat.database, "kim", chat.now) as by:
        assert not isinstance(closing.close(by, alert.id, CLOSING), Refused)
    assert where(chat, number) == ("quality", "remedied", "kim")


def test_ending_a_serious_one_without_an_open_alert_is_the_decision_its_floor_waits_for(chat: Chat) -> None:
    number = raised(chat, consequence="4", marks="violence")
    with acting(chat.database, "karin", chat.now) as karin:
        [alert] = alerts.open_alerts(karin.tx)
        closing.close(karin, alert.id, CLOSING)
        assert isinstance(take(karin, number, standing_of(karin, number)), Signal)
        signals.revise(
            karin.tx, number, {"decided": False}, reason=None, author_id=karin.person.id, now=karin.now
        )
        assert isinstance(end(karin, number, REMEDIED), Signal)
        assert signals.get(karin.tx, number).decided


def standing_of(by: Any, number: SignalId) -> PersonId:
    found = progress.of_signal(by.tx, number)
    assert found is not None
    return found.owner_id or PersonId(0)


def test_dismissing_ends_it_and_taking_it_up_again_opens_it_for_who_does(chat: Chat) -> None:
    number = raised(chat)
    with acting(chat.database, "kim", chat.now) as kim:
        assert isinstance(change(kim, number, "dismiss", WHY, 1), Judged)
    assert where(chat, number)[1] == "dismissed"
    with acting(chat.database, "kim", chat.now) as kim:
        assert take(kim, number, standing_of(kim, number)) == end(kim, number, REMEDIED) == Refused(Why.DONE)
        assert isinstance(change(kim, number, "restore", WHY, 2), Judged)
    assert where(chat, number)[1] == "investigating"


def test_what_nobody_has_any_longer_is_given_to_another_at_the_next_wake(chat: Chat) -> None:
    numbers = [raised(chat) for _ in range(3)]
    gone = owner(chat, numbers[0])
    with chat.database.transaction() as tx:
        tx.connection.execute(text("update person set active = false where key = :key"), {"key": gone})
        tick(tx, chat.now, Times())
    assert gone not in {owner(chat, one) for one in numbers}
    with chat.database.transaction() as tx:
        before = everything(tx)["signal_step"]
        tick(tx, chat.now + timedelta(minutes=1), Times())
        assert everything(tx)["signal_step"] == before


def words_of(chat: Chat, key: str, number: int) -> str:
    client = chat.client(key)
    client.say(f"signal {number}")
    return client.words


def test_the_card_says_who_has_it_and_by_when_and_takes_and_ends_it(chat: Chat) -> None:
    """signals.state., signals.with, signals.decide_by and signals.overdue, each where it is so and nowhere else."""
    number = raised(chat)
    name = f"{(owner(chat, number) or '').capitalize()} Test" if owner(chat, number) != "karin" else "Karin"
    first = words_of(chat, "karin", number)
    assert SAY("signals.state.received") in first
    assert name in first
    assert SAY("signals.decide_by", day=standing(chat, number).last_day) in first
    karin = chat.client("karin")
    if SAY("signals.take") in first:
        karin.press(SAY("signals.take"))
    assert SAY("signals.state.investigating") in karin.words
    assert SAY("signals.take") not in karin.words
    chat.now = at("2026-11-30 10:00")
    assert SAY("signals.overdue", day=standing(chat, number).last_day) in words_of(chat, "karin", number)
    karin.press(SAY("signals.end"))
    karin.press(SAY("signals.end.send"), {"how": "", "end_reason": ""})
    assert SAY("signals.end.title", number=f"A-{number}", unit="Södergården") in karin.words
    karin.press(SAY("signals.end.send"), REMEDIED)
    assert SAY("signals.ended") in karin.words
    assert SAY("signals.state.remedied") in karin.words
    assert SAY("signals.because", reason=REMEDIED["end_reason"]) in karin.words
    assert SAY("signals.overdue", day=standing(chat, number).last_day) not in karin.words
    assert REMEDIED["end_reason"] not in words_of(chat, "kim", number)
    # signals.ended_meanwhile and signals.handled_meanwhile: older cards are pressed after that.
    kim = chat.client("kim")
    assert SAY("signals.ended_meanwhile") in kim.forge("end_signal", {"signal": number}, REMEDIED).notice
    answer = kim.forge("take_signal", {"signal": number, "seen_with": 0})
    assert SAY("signals.handled_meanwhile") in str(answer.card)


def test_what_is_nobodys_says_so(chat: Chat) -> None:
    """signals.with_nobody: while there is no team, and no longer once there is one."""
    with chat.database.transaction() as tx:
        tx.connection.execute(text("update person set active = false where role = 'quality'"))
    number = raised(chat)
    assert owner(chat, number) is None
    with chat.database.transaction() as tx:
        tx.connection.execute(text("update person set active = true where key = 'karin'"))
    assert SAY("signals.with_nobody") in words_of(chat, "karin", number)
    with chat.database.transaction() as tx:
        tick(tx, chat.now, Times())
    assert SAY("signals.with_nobody") not in words_of(chat, "karin", number)


BEFORE_IT = "0028"
# What stood before signals were handled: each signal's versions, its alert, and what is then true of it.
WORDS = (
    "'deviation', '{event}', 2, 'happened', '{cause}', 'child', '', 0, '', {linked}, {dismissed}, {decided}"
)
BEFORE: dict[int, tuple[dict[str, Any], tuple[Any, Any] | None, tuple[str, str, int | None] | None]] = {
    1: ({}, None, ("received", "quality", None)),
    2: ({"dismissed": 1}, None, ("dismissed", "quality", None)),
    3: ({}, (10, None), ("investigating", "quality", 10)),
    4: ({}, (None, None), ("received", "quality", None)),
    5: ({"decided": 1}, (10, "2026-10-20"), ("remedied", "quality", 10)),
    6: ({"cause": "authority"}, None, ("received", "managers", None)),
    7: ({"file": "F-1", "event": "2026-10-20"}, None, ("received", "quality", None)),
    8: ({"file": "F-2", "event": "2026-01-20"}, None, None),
    9: ({"file": "F-3", "event": "2026-10-20", "decided": 1}, None, None),
    11: ({"decided": 1}, (10, None), ("investigating", "quality", 10)),
}


def test_what_was_raised_before_gets_the_state_that_is_true_of_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}", Vault([new_key()]))
    config = schema._config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE_IT)
        _put_in(connection)
    schema.migrate(database)
    assert schema.drift(database) == []
    with database.transaction() as tx:
        rows = tx.connection.execute(text("select * from signal_progress")).all()
    database.close()
    found = {row.signal_id: (row.state, row.desk, row.owner_id) for row in rows}
    assert found == {number: true for number, (_, _, true) in BEFORE.items() if true}
    assert {row.signal_id for row in rows if row.ended_at} == {2, 5}
    [closed] = [row.ended_at for row in rows if row.signal_id == 5]
    assert str(closed).startswith("2026-10-20")


def _put_in(connection: Any) -> None:
    moment = "2026-11-01 09:00:00.000000"
    for statement in (
        "insert into provider (id, org_number, name) values (1, '1', 'U')",
        "insert into unit (id, key, provider_id, name, form, ownership) values (1, 'E1', 1, 'E', 'hvb', 'privat')",
        "insert into person (id, key, name, role, language, active, tenant)"
        " values (10, 'k', 'K', 'quality', 'sv', 1, '')",
    ):
        connection.execute(text(statement))
    _put_score(connection, moment)
    for number, (given_words, alert, _) in BEFORE.items():
        words = {
            "event": "2026-10-30",
            "cause": "provider",
            "linked": "null",
            "dismissed": 0,
            "decided": 0,
            **given_words,
        }
        connection.execute(
            text("insert into signal (id, unit_id, import_key) values (:id, 1, :file)"),
            {"id": number, "file": words.get("file")},
        )
        connection.execute(
            text(
                "insert into signal_version (signal_id, version, kind, event_on, consequence, occurred, cause, source,"
                " marks, praise, reasons, event, dismissed, decided, imported, known_at, recorded_at) values"
                f" ({number}, 1, {WORDS.format(**words)}, {int('file' in words)}, '{moment}', '{moment}')"
            )
        )
        if alert is not None:
            owner_id, closed = alert
            connection.execute(
                text(
                    "insert into alert (unit_id, kind, episode, score_id, signal_id, band_before, band_after,"
                    " raised_at, owner_id, closed_at)"
                    " values (1, 'event', :episode, 1, :signal, 'green', 'red', :at, :owner, :closed)"
                ),
                {
                    "episode": f"event-{number}",
                    "signal": number,
                    "at": moment,
                    "owner": owner_id,
                    "closed": f"{closed} 09:00:00.000000" if closed else None,
                },
            )


def _put_score(connection: Any, moment: str) -> None:
    columns = {row.name: row for row in connection.execute(text("pragma table_info(score)"))}
    for statement in (
        f"insert into risk_config (id, valid_from, decided_by, parameters) values ('1', '{moment[:10]}', 'N', '{{}}')",
        f"insert into base_levels (id, valid_from, levels) values ('1', '{moment[:10]}', '{{}}')",
    ):
        connection.exec_driver_sql(statement)
    values = {
        name: "1" if row.type in ("INTEGER", "FLOAT", "BOOLEAN") else f"'{moment[:10]}'"
        for name, row in columns.items()
        if row.notnull
    }
    quoted = '"{}"'.format
    values |= {"config_id": "'1'", "base_levels_id": "'1'", "scored_at": f"'{moment}'"}
    connection.execute(
        text(f"insert into score ({', '.join(map(quoted, values))}) values ({', '.join(values.values())})")
    )


def test_the_manager_takes_a_fault_of_our_own_and_ends_it_with_a_reason(chat: Chat) -> None:
    number = raised(chat, cause="authority")
    maria = chat.client("maria")
    maria.say("brister")
    assert SAY("signals.state.received") in maria.words
    maria.press(SAY("own_faults.take"))
    assert where(chat, number) == ("managers", "investigating", "maria")
    maria.press(SAY("signals.end"))
    maria.press(SAY("signals.end.send"), {"how": "remedied", "end_reason": ""})
    assert where(chat, number)[1] == "investigating"
    maria.press(SAY("signals.end.send"), REMEDIED)
    assert where(chat, number) == ("managers", "remedied", "maria")
    assert SAY("signals.state.remedied") in maria.words
    assert REMEDIED["end_reason"] not in maria.words
    chat.now = at("2026-11-05 10:00")
    chat.deliver()
    assert [
        SAY("led_to.remedied") in one.words for one in chat.client("anna").shown if one.kind == "led_to"
    ] == [True]


@pytest.mark.parametrize("key", ["anna", "karin", "adam"])
def test_a_fault_of_our_own_is_only_the_managers_to_take_and_end(chat: Chat, key: str) -> None:
    number = raised(chat, cause="authority")
    for nth, deed in enumerate(
        (lambda by: take_own(by, number), lambda by: end_own(by, number, REMEDIED)), start=1
    ):
        found = tried(chat.database, key, chat.now, deed)
        assert (found.outcome, found.unchanged) == (Refused(Why.NOT_HERS), True)
        assert found.refused == [f"signal:{number}"] * nth


def test_another_managers_fault_and_one_that_is_the_providers_are_not_known_to_her(chat: Chat) -> None:
    own, ordinary = raised(chat, cause="authority"), raised(chat)
    with chat.database.transaction() as tx:
        Register(tx).person("mona", "manager", team="Vuxna")
    with acting(chat.database, "mona", chat.now) as mona:
        assert take_own(mona, own) == Refused(Why.UNKNOWN)
    with acting(chat.database, "maria", chat.now) as maria:
        assert take_own(maria, ordinary) == end_own(maria, ordinary, REMEDIED) == Refused(Why.UNKNOWN)
        assert end_own(maria, own, {}) != Refused(Why.DONE)
        assert isinstance(end_own(maria, own, REMEDIED), Signal)
        assert end_own(maria, own, REMEDIED) == Refused(Why.DONE)


@pytest.mark.parametrize("how", ["remedied", "handed_on"])
def test_whoever_raised_it_is_told_once_how_it_ended_and_of_no_reason(chat: Chat, how: str) -> None:
    number = raised(chat)
    with acting(chat.database, "karin", chat.now) as karin:
        assert isinstance(end(karin, number, {**ENDED[how]}), Signal)
        take(karin, number, standing_of(karin, number))
        assert isinstance(end(karin, number, {**ENDED[how]}), Signal)
    chat.now = at("2026-11-05 10:00")
    chat.deliver()
    [told] = [one.words for one in chat.client("anna").shown if one.kind == "led_to"]
    assert (SAY("signals.handed_to.police") if how == "handed_on" else SAY("led_to.remedied")) in told
    assert REMEDIED["end_reason"] not in told


def test_the_units_evidence_says_what_each_signal_led_to(chat: Chat) -> None:
    ordinary, event = raised(chat), raised(chat, consequence="4", marks="violence")
    with acting(chat.database, "karin", chat.now) as karin:
        [alert] = alerts.open_alerts(karin.tx)
        assert isinstance(end(karin, ordinary, REMEDIED), Signal)
        seen = evidence(karin, alert.id)
        assert isinstance(seen, EvidenceView)
        assert {id_: here.state for id_, here in seen.led_to.items()} == {
            ordinary: "remedied",
            event: "received",
        }
    said = evidence_card(seen, SAY, alert.id)
    rows = {one.title: one.subtitle for one in said.parts if isinstance(one, ListRow)}
    assert SAY("signals.state.remedied") in rows[f"A-{ordinary}"]
    assert SAY("signals.state.received") in rows[f"A-{event}"]
    assert REMEDIED["end_reason"] not in str(rows)


def test_what_is_handed_on_says_to_whom_wherever_its_end_is_told(chat: Chat) -> None:
    """signals.handed_to.: required, on the card, in the list, in the evidence and to the one who raised it."""
    number = raised(chat)
    with acting(chat.database, "karin", chat.now) as karin:
        for receiver in ("", "somebody"):
            refused = end(karin, number, {**HANDED_ON, "receiver": receiver})
            assert isinstance(refused, Refused)
            assert [one.field for one in refused.problems] == ["receiver"]
        assert isinstance(end(karin, number, HANDED_ON), Signal)
    said = SAY("signals.handed_to.police")
    assert said in words_of(chat, "karin", number)
    desk = chat.client("kim")
    desk.say("signaler överlämnade")
    assert said in desk.words
    chat.now = at("2026-11-05 10:00")
    chat.deliver()
    [told] = [one.words for one in chat.client("anna").shown if one.kind == "led_to"]
    assert said in told


def test_what_was_handed_on_before_that_was_asked_says_only_that_and_nothing_else_has_a_receiver(
    chat: Chat,
) -> None:
    number = raised(chat)
    with acting(chat.database, "karin", chat.now) as karin:
        # A receiver that came with another end is none of it.
        assert isinstance(end(karin, number, {**REMEDIED, "receiver": "police"}), Signal)
    assert standing(chat, number).receiver is None
    with acting(chat.database, "karin", chat.now) as karin:
        take(karin, number, standing_of(karin, number))
        assert isinstance(end(karin, number, HANDED_ON), Signal)
        take(karin, number, standing_of(karin, number))
    assert standing(chat, number).receiver is None
    before = replace(standing(chat, number), state="handed_on", ended_at=chat.now)
    with chat.database.transaction() as tx:
        progress.go_on(tx, before, None, chat.now)
    assert SAY("signals.state.handed_on") in words_of(chat, "karin", number)


@pytest.mark.parametrize(("others", "whole"), [(6, True), (0, False)])
def test_a_manager_reads_to_whom_a_fault_was_handed_on_unless_the_unit_is_small(
    chat: Chat, others: int, whole: bool
) -> None:
    with chat.database.transaction() as tx:
        register, anna = Register(tx, count(500)), people.by_key(tx, "anna")
        assert anna is not None
        small = register.unit("LITEN")
        for _ in range(others):
            register.placement(anna.id, small)
    number = raised(chat, cause="authority", unit=str(unit_id(chat, "LITEN")))
    with acting(chat.database, "maria", chat.now) as maria:
        assert isinstance(end_own(maria, number, HANDED_ON), Signal)
    maria_reads = chat.client("maria")
    maria_reads.say("brister")
    assert SAY("signals.handed_to.police" if whole else "signals.state.handed_on") in maria_reads.words
