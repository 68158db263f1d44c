"""What people choose for themselves: language, quiet days and what breaks them, and the digest, in one card."""

from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from followup import AlertId, RoundId, UnitId
from followup.messages.alerts import AlertAgain, AlertRaised, EvidenceAsked, SignalsOfDay
from followup.messages.every import EveryMessage
from followup.messages.month import Prompt, Reminder, Snoozed
from followup.messages.quiet import told_from
from followup.overview.digest import DigestChoice
from services.acting import Refused, Why
from services.overview.settings import PersonalSettings, choose_settings, settings, waits_until
from services.signals.raising import raise_signal
from storage.engine.database import Database
from storage.engine.tables import alert, person
from storage.register import people
from tests.support.builders import Register, at
from tests.support.deeds import acting, tried
from tests.support.turns import SAY, SLAP, october
from texts.catalogue import Texts

EN, OPEN = Texts("en"), RoundId(1)
MONDAY, FRIDAY = at("2026-11-02 09:00"), at("2026-11-06 09:00")


@pytest.mark.parametrize(
    ("quiet", "now", "told"),
    [
        pytest.param({5}, FRIDAY, at("2026-11-09 08:00"), id="after the weekend"),
        pytest.param({1, 5}, FRIDAY, at("2026-11-10 08:00"), id="not on the next quiet day either"),
        pytest.param({1, 2, 3, 5}, FRIDAY, at("2026-11-12 08:00"), id="the one day that is left"),
        pytest.param({4}, FRIDAY, None, id="today is not quiet"),
        pytest.param(set(), FRIDAY, None, id="none is quiet"),
        pytest.param({1, 2, 3, 4, 5}, FRIDAY, None, id="never silent for ever"),
        pytest.param({4}, at("2026-12-24 09:00"), at("2026-12-28 08:00"), id="Christmas is no working day"),
        pytest.param({4}, at("2026-11-05 23:30"), at("2026-11-06 08:00"), id="still the day before midnight"),
    ],
)
def test_on_a_quiet_day_she_is_told_from_the_next_working_day_that_is_not(
    quiet: set[int], now: datetime, told: datetime | None
) -> None:
    assert told_from(quiet, now) == told


@pytest.fixture
def alert_id(municipality: Database) -> AlertId:
    october(municipality)
    with acting(municipality, "karin", MONDAY) as karin:
        told = raise_signal(karin, {**SLAP, "unit": "1"})
        assert not isinstance(told, Refused)
        return AlertId(karin.tx.connection.execute(select(alert.c.id)).scalars().one())


@pytest.mark.parametrize(
    ("kind", "breaks"), [("event", True), ("safety", True), ("band", False), ("silence", False)]
)
def test_only_an_event_or_a_child_who_feels_unsafe_breaks_a_quiet_day_unasked(
    municipality: Database, alert_id: AlertId, kind: str, breaks: bool
) -> None:
    asked: list[EveryMessage] = [EvidenceAsked(alert_id), Snoozed(OPEN)]
    unasked: list[EveryMessage] = [Prompt(OPEN), Reminder(OPEN), SignalsOfDay(MONDAY, MONDAY)]
    with acting(municipality, "karin", FRIDAY) as karin:
        chosen = choose_settings(karin, quiet_days={5})
        assert not isinstance(chosen, Refused)
        karin.tx.connection.execute(update(alert).values(kind=kind))
    with acting(municipality, "karin", FRIDAY) as karin:

        def waits(message: EveryMessage) -> bool:
            return waits_until(karin.tx, karin.person, message, FRIDAY) is not None

        assert {waits(AlertRaised(alert_id)), waits(AlertAgain(alert_id))} == {not breaks}
        assert not any(map(waits, asked))
        assert all(map(waits, unasked))
        assert waits_until(karin.tx, karin.person, Prompt(OPEN), MONDAY) is None


@pytest.mark.parametrize(("kinds", "breaks"), [(("band", "event"), True), (("band", "silence"), False)])
def test_several_that_are_said_again_on_one_card_break_it_where_one_of_them_does(
    municipality: Database, alert_id: AlertId, kinds: tuple[str, str], breaks: bool
) -> None:
    with acting(municipality, "karin", FRIDAY) as karin:
        assert not isinstance(choose_settings(karin, quiet_days={5}), Refused)
        row = dict(karin.tx.connection.execute(select(alert)).one()._mapping)
        other = AlertId(row.pop("id") + 1)
        karin.tx.connection.execute(update(alert).values(kind=kinds[0]))
        again = {"id": other, "episode": "another", "kind": kinds[1]}
        karin.tx.connection.execute(insert(alert).values(**{**row, **again}))
    with acting(municipality, "karin", FRIDAY) as karin:
        said: list[EveryMessage] = [AlertAgain(alert_id, (other,)), AlertAgain(other, (alert_id,))]
        # So do those of one unit that are told of in one message the first time.
        said += [AlertRaised(one, UnitId(1), (two,)) for one, two in permutations((alert_id, other))]
        for message in said:
            assert (waits_until(karin.tx, karin.person, message, FRIDAY) is None) == breaks


def test_what_is_chosen_holds_and_all_else_stays(municipality: Database) -> None:
    chat = october(municipality)
    with acting(municipality, "karin", chat.now) as karin:
        assert settings(karin) == PersonalSettings("sv", frozenset(), DigestChoice())
        choose_settings(karin, quiet_days={3, 9}, weekday=4)
    with acting(municipality, "karin", chat.now) as karin:
        choose_settings(karin, language="en", wanted=False)
    with acting(municipality, "karin", chat.now) as karin:
        kept = PersonalSettings("en", frozenset({3}), DigestChoice(False, 4))
        assert settings(karin) == kept
        refused = choose_settings(karin, language="sv", quiet_days={1, 2, 3, 4, 5})
        assert isinstance(refused, Refused)
        assert (refused.why, [one.field for one in refused.problems]) == (Why.WRONG, ["quiet_days"])
        assert settings(karin) == kept
        # What the register says of her later changes nothing of it.
        karin.tx.connection.execute(update(person).values(language="sv"))
        assert people.by_id(karin.tx, karin.person.id) == karin.person


@pytest.mark.parametrize("key", ["anna", "karin", "maria", "adam"])
def test_everybody_has_settings_and_only_some_a_digest(municipality: Database, key: str) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    chat = october(municipality)
    found = tried(municipality, key, chat.now, lambda by: choose_settings(by, language="en", weekday=2))
    assert found.outcome == PersonalSettings(
        "en", frozenset(), DigestChoice(weekday=2) if key in ("karin", "maria") else None
    )


@pytest.mark.parametrize("typed", ["språk engelska", "Språk Engelska!", "language english"])
def test_the_language_is_changed_by_a_word_and_the_answer_speaks_it(
    municipality: Database, typed: str
) -> None:
    chat = october(municipality)
    anna = chat.client("anna")
    answer = anna.say(typed)
    assert EN("settings.speaks", language="English") in anna.words
    assert answer.card is not None and answer.card["lang"] == "en"
    anna.say("hjälp")
    assert EN("help.title", name="Anna") in anna.words
    chat.wake("2026-11-11 08:00")
    assert chat.client("anna").shown[-1].card["lang"] == "en"
    anna.say("språk svenska")
    assert SAY("settings.speaks", language="svenska") in anna.words


@pytest.mark.parametrize(
    ("typed", "filled_in"),
    [("english please", "en"), ("byt språk till engelska", "en"), ("språk", "sv"), ("inställningar", "sv")],
)
def test_what_is_said_in_other_words_is_filled_in_and_saved_by_a_press(
    municipality: Database, typed: str, filled_in: str
) -> None:
    anna = october(municipality).client("anna")
    anna.say(typed)
    assert anna.inputs == {"language": filled_in, "quiet_days": ""}
    anna.say("hjälp")
    assert SAY("help.title", name="Anna") in anna.words
    anna.say(typed)
    anna.press(SAY("settings.save"), {"language": "en"})
    assert EN("settings.speaks", language="English") in anna.words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [({"quiet_days": "3,5"}, "3,5"), ({"quiet_days": "1,2,3,4,5"}, ""), ({"quiet_days": "7,x,,5 "}, "")],
)
def test_quiet_days_are_chosen_in_the_card_and_one_day_is_left(
    municipality: Database, typed: dict[str, Any], kept: str
) -> None:
    anna = october(municipality).client("anna")
    anna.say("inställningar")
    assert SAY("settings.quiet_days") in anna.words
    anna.press(SAY("settings.save"), typed)
    told = SAY("settings.quiet", days="onsdag, fredag") if kept == "3,5" else SAY("settings.not_quiet")
    assert (told in anna.words) == (typed["quiet_days"] != "1,2,3,4,5")
    assert (SAY("settings.all_quiet") in anna.words) == (typed["quiet_days"] == "1,2,3,4,5")
    anna.say("inställningar")
    assert anna.inputs["quiet_days"] == kept
    # A press of a card that has no such field leaves them.
    anna.forge("save_settings", {}, {"language": "sv"})
    assert anna.inputs["quiet_days"] == kept


def test_settings_are_nobody_elses_so_they_are_not_shown_in_a_channel(municipality: Database) -> None:
    channel = october(municipality).client("karin", channel=True)
    assert channel.say("inställningar").text == SAY("refused.channel")
