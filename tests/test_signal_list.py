"""The quality team's list of signals by what is typed after the word, and the one message a day about ordinary ones."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, text

from followup import PersonId, SignalId, UnitId
from followup.log.subject import What
from followup.signals.filters import Phrase, SignalFilter, read_filter
from followup.terms import SignalCode
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick
from services.acting import Refused, Why
from services.signals.judging import change
from services.signals.progress import end, take
from services.signals.raising import raise_signal
from services.views.signal_list import SignalList, signal_list
from storage.engine.database import Database
from storage.engine.tables import signal, signal_version
from storage.register import units
from storage.signals import progress
from tests.support.builders import Register, at, without_digests
from tests.support.deeds import acting, logged_by
from tests.support.municipality import CASES
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, Chat, october

MILD = {**SLAP, "consequence": "2", "marks": ""}
NOVEMBER = Month(2026, 11)
WORDS = {
    "klagomål": Phrase("kind", frozenset({"complaint"})),
    "avvikelser": Phrase("kind", frozenset({"deviation"})),
    "södergården": Phrase("unit", frozenset({1})),
    "norra huset": Phrase("unit", frozenset({2})),
    "norra": Phrase("unit", frozenset({2, 3})),
    "mina": Phrase("owner", frozenset({7})),
    "karin": Phrase("owner", frozenset({8})),
    "försenade": Phrase("overdue", frozenset({True})),
    "åtgärdade": Phrase("state", frozenset({"remedied"})),
    "utreds": Phrase("state", frozenset({"investigating"})),
    "november": Phrase("month", frozenset({11})),
    "december": Phrase("month", frozenset({12})),
    "hos": Phrase(),
}


@pytest.mark.parametrize(
    ("typed", "wanted", "unknown"),
    [
        ("", SignalFilter(), []),
        ("klagomål", SignalFilter(kinds=frozenset(map(SignalCode, {"complaint"}))), []),
        (
            "Klagomål, avvikelser!",
            SignalFilter(kinds=frozenset(map(SignalCode, {"complaint", "deviation"}))),
            [],
        ),
        ("norra", SignalFilter(units=frozenset(map(UnitId, {2, 3}))), []),
        # The longest that fits is what was meant.
        ("norra huset", SignalFilter(units=frozenset(map(UnitId, {2}))), []),
        ("hos karin", SignalFilter(owners=frozenset(map(PersonId, {8}))), []),
        (
            "mina försenade klagomål södergården",
            SignalFilter(
                kinds=frozenset(map(SignalCode, {"complaint"})),
                owners=frozenset(map(PersonId, {7})),
                units=frozenset(map(UnitId, {1})),
                overdue=True,
            ),
            [],
        ),
        ("åtgärdade utreds", SignalFilter(states=frozenset({"remedied", "investigating"})), []),
        ("november", SignalFilter(months=frozenset({NOVEMBER})), []),
        # December has not begun.
        ("december", SignalFilter(months=frozenset({Month(2025, 12)})), []),
        ("november 2025", SignalFilter(months=frozenset({Month(2025, 11)})), []),
        ("2026-10 november", SignalFilter(months=frozenset({Month(2026, 10), NOVEMBER})), []),
        (
            "klagomål fladdermus 2026-13",
            SignalFilter(kinds=frozenset(map(SignalCode, {"complaint"}))),
            ["fladdermus", "2026-13"],
        ),
        ("2025", SignalFilter(), ["2025"]),
        (", .", SignalFilter(), []),
    ],
)
def test_the_words_narrow_what_is_asked_for(typed: str, wanted: SignalFilter, unknown: list[str]) -> None:
    assert read_filter(typed.split(), WORDS, NOVEMBER) == (wanted, unknown)


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return with_two_in_the_team(municipality)


@told_once
def with_two_in_the_team(municipality: Database) -> Chat:
    """Karin and Kim are the quality team."""
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality")
        without_digests(tx)
    return october(municipality)


def raised(chat: Chat, unit: str = "SYD", **typed: str) -> SignalId:
    with chat.database.transaction() as tx:
        found = units.by_key(tx, unit)
    assert found is not None
    with acting(chat.database, "anna", chat.now) as anna:
        signal_ = raise_signal(anna, {**MILD, "unit": str(found.id), **typed})
    assert not isinstance(signal_, Refused), signal_
    return signal_.id


def shown(chat: Chat, words: str = "", key: str = "karin") -> list[str]:
    """The numbers that the list shows."""
    client = chat.client(key)
    client.say(f"signaler {words}".strip())
    return numbers_in(client.words)


def numbers_in(words: str) -> list[str]:
    return [one.split(" · ")[0] for one in words.splitlines() if " · " in one and ": " not in one]


def test_hers_come_first_and_then_all_that_is_undecided(chat: Chat) -> None:
    numbers = [raised(chat) for _ in range(4)]
    assert sorted(shown(chat)) == [f"A-{one}" for one in numbers]
    karin = chat.client("karin")
    lines = karin.words.splitlines()
    hers = lines.index(SAY("signals.list.hers"))
    assert hers < lines.index(SAY("signals.list.others"))
    with chat.database.transaction() as tx:
        said = "select count(*) from signal_progress where ended_at is null"
        count = tx.connection.execute(text(said)).scalar_one()
        own = tx.connection.execute(
            text(
                "select signal_id from signal_progress where owner_id = (select id from person where key = 'karin')"
            )
        ).scalars()
        first = [f"A-{one}" for one in own]
    assert SAY("signals.list.total", n=count) in karin.words
    assert shown(chat)[: len(first)] == first


def test_each_filter_gives_what_it_says_and_nothing_else(chat: Chat) -> None:
    deviation = raised(chat)
    complaint = raised(chat, kind="complaint", source="guardian")
    elsewhere = raised(chat, "NORR")
    with acting(chat.database, "kim", chat.now) as kim:
        here = progress.of_signal(kim.tx, complaint)
        assert here is not None
        take(kim, complaint, here.owner_id or PersonId(0))
        end(kim, deviation, {"how": "remedied", "end_reason": "Klart."})
    assert shown(chat, "klagomål") == [f"K-{complaint}"]
    assert shown(chat, "avvikelser") == [f"A-{elsewhere}"]
    assert shown(chat, "Södergården") == [f"K-{complaint}"]
    assert shown(chat, "hos kim utreds") == [f"K-{complaint}"]
    assert shown(chat, "mina", "kim")[0] == f"K-{complaint}"
    assert shown(chat, "åtgärdade") == shown(chat, "avslutade avvikelser") == [f"A-{deviation}"]
    assert set(shown(chat, "alla")) == {f"A-{deviation}", f"K-{complaint}", f"A-{elsewhere}"}
    assert shown(chat, "försenade") == []
    assert SAY("signals.list.none_undecided") in chat.client("karin").words
    assert shown(chat, "alla om våld") == []
    assert SAY("signals.list.none_such") in chat.client("karin").words
    beaten = raised(chat, marks="violence,serious_wrong")
    assert (
        shown(chat, "om våld")
        == shown(chat, "på Södergården om allvarligt missförhållande")
        == [f"A-{beaten}"]
    )
    chat.client("karin").say("visa signaler om våld")
    assert numbers_in(chat.client("karin").words) == [f"A-{beaten}"]
    came = SAY.write(Month.of(chat.now.date()))
    assert set(shown(chat, came)) == {f"K-{complaint}", f"A-{elsewhere}", f"A-{beaten}"}
    assert SAY("signals.list.title_of", words=came) in chat.client("karin").words
    assert shown(chat, "februari") == []
    chat.now += timedelta(days=40)
    assert set(shown(chat, "försenade")) == {f"K-{complaint}", f"A-{elsewhere}", f"A-{beaten}"}


def test_every_kind_state_and_person_can_be_typed_in_both_languages(chat: Chat) -> None:
    raised(chat)
    for words in ("complaints november overdue", "received", "Karin Test", "kim", "handed on", "with me"):
        chat.client("karin").say(f"signaler {words}")
        assert SAY("signals.list.how") in chat.client("karin").words
        assert SAY("signals.list.title_of", words=words) in chat.client("karin").words


def test_a_word_that_stands_for_nothing_is_named_and_nothing_is_listed(chat: Chat) -> None:
    raised(chat)
    answer = chat.client("karin").say("signaler klagomål fladdermus")
    assert answer.card is None
    assert SAY("signals.list.unknown", words="fladdermus") in answer.text


def test_a_long_list_is_gone_through_a_page_at_a_time_with_the_same_words(chat: Chat) -> None:
    numbers = {f"A-{raised(chat)}" for _ in range(23)}
    raised(chat, kind="complaint")
    first = set(shown(chat, "avvikelser"))
    karin = chat.client("karin")
    karin.press(SAY("list.more", n=3))
    second = set(numbers_in(karin.words))
    assert (len(first), first | second, first & second) == (20, numbers, set())


def test_the_list_is_the_teams_alone_logged_and_in_no_channel(chat: Chat) -> None:
    raised(chat)
    for key in ("anna", "maria"):
        with acting(chat.database, key, chat.now) as by:
            assert signal_list(by, SignalFilter(), 0, 20) == Refused(Why.NOT_HERS)
            assert logged_by(by.tx, "refused", by.person.id) == [What.SIGNALS]
    with acting(chat.database, "karin", chat.now, channel=True) as karin:
        assert signal_list(karin, SignalFilter(), 0, 20) == Refused(Why.NOT_HERS)
    with acting(chat.database, "karin", chat.now) as karin:
        assert isinstance(signal_list(karin, SignalFilter(), 0, 20), SignalList)
        assert logged_by(karin.tx, "read", karin.person.id) == [What.SIGNALS]
    shown(chat)
    for secret in (*CASES, "slag", "Anna"):
        assert secret not in chat.client("karin").words


def test_nothing_waits_is_said_where_nothing_does(chat: Chat) -> None:
    shown(chat)
    assert SAY("signals.list.none") in chat.client("karin").words
    raised(chat)
    shown(chat)
    assert SAY("signals.list.none") not in chat.client("karin").words


def told(chat: Chat, moment: str) -> dict[str, list[str]]:
    """The day's message at the next wake, by who got it."""
    for client in chat.clients.values():
        client.shown.clear()
    chat.wake(moment)
    return {
        key: [one.words for one in client.shown if one.kind == "signals_day"]
        for key, client in chat.clients.items()
        if any(one.kind == "signals_day" for one in client.shown)
    }


def test_ordinary_ones_are_told_in_one_message_a_day_to_each_of_the_team(chat: Chat) -> None:
    """signals.day.came, hers, undecided and overdue against what was raised, and an event's alert not among them."""
    for key in ("karin", "kim"):
        chat.client(key)
    told(chat, "2026-11-03 08:00")
    for _ in range(3):
        raised(chat)
    raised(chat, consequence="4", marks="violence")
    # Not the same day again, whatever comes.
    told(chat, "2026-11-03 16:00")
    assert told(chat, "2026-11-03 16:30") == {}
    chat.now = at("2026-11-03 18:00")
    raised(chat, kind="complaint")
    morning = told(chat, "2026-11-04 08:00")
    assert {key: len(found) for key, found in morning.items()} == {"karin": 1, "kim": 1}
    for words in (one for found in morning.values() for one in found):
        assert "Södergården" not in words
        assert not any(case in words for case in CASES)
    assert told(chat, "2026-11-04 08:01") == {}
    assert told(chat, "2026-11-05 08:00") == {}


def test_the_days_message_counts_what_came_whose_it_is_and_what_is_overdue(chat: Chat) -> None:
    for key in ("karin", "kim"):
        chat.client(key)
    told(chat, "2026-11-03 08:00")
    chat.now = at("2026-11-03 19:00")
    for _ in range(3):
        raised(chat)
    [words] = told(chat, "2026-11-04 08:00")["karin"]
    with chat.database.transaction() as tx:
        count = text(
            "select count(*) from signal_progress p join person o on o.id = p.owner_id"
            " where o.key = 'karin' and p.ended_at is null"
        )
        own = tx.connection.execute(count).scalar_one()
    assert SAY("signals.day.came", n=3) in words
    assert SAY("signals.day.hers", n=own) in words
    assert SAY("signals.day.undecided", n=own) in words
    # The tenth working day is 17 November; nothing new has come, and on the 18th hers are overdue.
    for day in range(5, 18):
        assert told(chat, f"2026-11-{day:02d} 09:00") == {}
    late = told(chat, "2026-11-18 09:00")
    assert set(late) == {"karin", "kim"}
    [words] = late["karin"]
    assert SAY("signals.day.overdue", n=own) in words
    assert told(chat, "2026-11-19 09:00") == {}


def test_what_was_dismissed_before_the_morning_is_told_of_no_more(chat: Chat) -> None:
    for key in ("karin", "kim"):
        chat.client(key)
    told(chat, "2026-11-03 08:00")
    chat.now = at("2026-11-03 19:00")
    number = raised(chat)
    with acting(chat.database, "karin", chat.now) as karin:
        change(karin, number, "dismiss", {"why": "Fel enhet."}, 1)
    assert told(chat, "2026-11-04 08:00") == {}


@pytest.mark.parametrize(
    ("event_on", "decided", "handled"),
    [("2026-10-30", False, True), ("2026-10-30", True, False), ("2026-09-01", False, False)],
)
def test_history_from_a_file_does_not_nag_and_news_from_one_is_given_to_somebody(
    chat: Chat, event_on: str, decided: bool, handled: bool
) -> None:
    with chat.database.transaction() as tx:
        unit_id = units.by_key(tx, "SYD")
        assert unit_id is not None
        row = insert(signal).values(unit_id=unit_id.id, import_key="F-1").returning(signal.c.id)
        number = tx.connection.execute(row).scalar_one()
        tx.connection.execute(
            insert(signal_version).values(
                signal_id=number,
                version=1,
                kind="complaint",
                event_on=date.fromisoformat(event_on),
                consequence=2,
                occurred="happened",
                cause="provider",
                source="guardian",
                marks="",
                praise=False,
                reasons="",
                dismissed=False,
                decided=decided,
                imported=True,
                known_at=chat.now,
                recorded_at=chat.now,
            )
        )
        # As when an import becomes valid.
        tx.connection.execute(text("update person set name = name where key = 'kim'"))
        tick(tx, chat.now, Times())
        found = progress.of_signal(tx, number)
    assert (found is not None) == handled
    assert found is None or found.owner_id is not None
    assert shown(chat) == ([f"K-{number}"] if handled else [])
    card = chat.client("karin")
    card.say(f"signal {number}")
    if not handled:
        assert SAY("signals.state.decided" if decided else "signals.state.history") in card.words
