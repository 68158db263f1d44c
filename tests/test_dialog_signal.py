"""A signal that is typed at any time: where it lands, what it weighs, and who is told."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.local.player import inputs_for
from dialogs.messages.message_replies import say_now
from followup import UnitId
from followup.people import Role
from followup.risk.stored_score import StoredScore
from followup.signals.signal import Signal
from followup.times.calendar import municipal_day
from services.risk import scoring
from services.risk.scoring import read_as_of
from storage.alerts import alerts
from storage.engine.database import Database
from storage.register import people, units
from storage.risk import scores
from storage.signals import signals
from tests.support.builders import Register, claim_one
from tests.support.municipality import CASES
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, Chat, Client, october

NUMBER = "20120229-2387"
COMPLAINT = {
    "kind": "complaint",
    "event_on": "2026-10-20",
    "consequence": "2",
    "occurred": "happened",
    "cause": "provider",
    "source": "guardian",
    "text": "Maten är kall.",
}


def unit_id(chat: Chat, key: str) -> UnitId:
    with chat.database.transaction() as tx:
        unit = units.by_key(tx, key)
    assert unit is not None
    return unit.id


@told_once
def signalling(municipality: Database, key: str = "anna") -> Client:
    client = october(municipality).client(key)
    client.say("avvikelse")
    return client


def raised(
    client: Client, typed: Mapping[str, str], unit: str = "NORR", *, again: bool = False
) -> list[Signal]:
    """Hands in the signal at the unit, and gives all that the unit then has."""
    number = unit_id(client.chat, unit)
    if again:
        client.say("avvikelse")
    client.press(SAY("signal.hand_in"), {"unit": str(number), **typed})
    return stored(client.chat, unit)


def stored(chat: Chat, unit: str = "NORR") -> list[Signal]:
    number = unit_id(chat, unit)
    with chat.database.transaction() as tx:
        return signals.of_unit(tx, number, chat.now)


def score(chat: Chat, unit: str = "NORR") -> StoredScore:
    number = unit_id(chat, unit)
    with chat.database.transaction() as tx:
        found = scores.latest(tx, number)
    assert found is not None
    return found


def points_of(chat: Chat, key: str = "NORR") -> float:
    with chat.database.transaction() as tx:
        unit = units.by_key(tx, key)
        assert unit is not None
        return read_as_of(tx, unit, municipal_day(chat.now), chat.now).score.o


def kinds_of_alerts(chat: Chat) -> list[str]:
    with chat.database.transaction() as tx:
        return [one.kind for one in alerts.open_alerts(tx)]


@pytest.mark.parametrize("word", ["Avvikelse", "KLAGOMÅL", "synpunkt!", "omplacering"])
def test_the_form_opens_by_word_and_says_that_it_is_no_lex_sarah_report(
    municipality: Database, word: str
) -> None:
    anna = october(municipality).client("anna")
    anna.say(word)
    assert SAY("signal.not_lex_sarah") in anna.words
    assert {"placement", "unit", "kind", "consequence", "text"} <= set(anna.inputs)


def test_the_form_offers_her_own_placements_and_every_unit(municipality: Database) -> None:
    anna = signalling(municipality)
    assert [case in anna.words for case in CASES] == [True, True, True, False, False]
    assert "Södergården" in anna.words


def test_the_quality_team_chooses_among_units_and_sees_no_placement(municipality: Database) -> None:
    karin = signalling(municipality, "karin")
    assert "placement" not in karin.inputs
    assert not any(case in karin.words for case in CASES)
    assert len(raised(karin, COMPLAINT)) == 1


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ({}, 2),
        ({"consequence": "1"}, 1),
        ({"kind": "deviation", "consequence": "3"}, 3),
        ({"kind": "deviation", "consequence": "2", "source": "provider"}, 1),
        ({"kind": "remark", "tone": "criticism", "consequence": "1"}, 1),
        ({"kind": "remark", "tone": "praise", "consequence": ""}, 0),
        ({"kind": "replacement", "reasons": "dissatisfaction,age", "consequence": "3"}, 3),
        ({"kind": "replacement", "reasons": "quality", "consequence": "3"}, 3),
        ({"kind": "replacement", "reasons": "age", "consequence": "1"}, 0),
        ({"kind": "replacement", "reasons": "planned,home", "consequence": "1"}, 0),
        ({"cause": "authority"}, 0),
        ({"occurred": "tangible_risk"}, 2),
    ],
)
def test_each_signal_weighs_on_its_unit_what_the_method_says(
    municipality: Database, typed: dict[str, str], points: float
) -> None:
    anna = signalling(municipality)
    [signal] = raised(anna, {**COMPLAINT, **typed})
    assert (signal.kind, signal.placement_id) == (typed.get("kind", "complaint"), None)
    assert points_of(anna.chat) == points
    assert SAY("signal.received", number=signal.number, unit="Norrgården") in anna.words


def test_the_placement_says_which_unit(municipality: Database) -> None:
    anna = signalling(municipality)
    placed = anna.chat.task("AKT-3").placement
    anna.press(SAY("signal.hand_in"), {**COMPLAINT, "placement": str(placed.id), "unit": "-"})
    [signal] = stored(anna.chat, "SYD")
    assert (signal.placement_id, signal.unit_id) == (placed.id, placed.unit_id)


def test_a_unit_that_is_not_the_placements_is_told(municipality: Database) -> None:
    anna = signalling(municipality)
    placed = anna.chat.task("AKT-3").placement
    assert raised(anna, {**COMPLAINT, "placement": str(placed.id)}) == []
    assert SAY("signal.unit_differs", unit="Södergården") in anna.words
    assert anna.inputs["text"] == COMPLAINT["text"]


@pytest.mark.parametrize("placement", ["other", "999", "-1", "x", "9" * 30])
def test_a_placement_that_is_not_hers_is_refused_and_not_dropped(
    municipality: Database, placement: str
) -> None:
    anna = signalling(municipality)
    number = str(anna.chat.task("AKT-4").placement.id) if placement == "other" else placement
    assert raised(anna, {**COMPLAINT, "placement": number}, "SYD") == []
    assert SAY("signal.placement_gone") in anna.words


@pytest.mark.parametrize("unit", ["", "-", "-1", "0", "x", "9" * 30])
def test_a_signal_needs_a_unit_that_exists(municipality: Database, unit: str) -> None:
    anna = signalling(municipality)
    anna.press(SAY("signal.hand_in"), {**COMPLAINT, "unit": unit})
    assert (stored(anna.chat), stored(anna.chat, "SYD")) == ([], [])
    assert SAY("form.problems", n=1) in anna.words


def test_all_mistakes_come_at_once_and_nothing_is_stored(municipality: Database) -> None:
    anna = signalling(municipality)
    anna.press(SAY("signal.hand_in"), {"kind": "remark", "event_on": "2026-11-03", "text": f"Om {NUMBER}"})
    wrong = ("form.missing", "form.future_date", "form.personal_number", "signal.tone_needed")
    assert [one for one in wrong if SAY(one) not in anna.words] == []
    assert (anna.inputs["kind"], anna.inputs["text"]) == ("remark", f"Om {NUMBER}")
    assert stored(anna.chat) == []


def test_a_replacement_needs_a_reason(municipality: Database) -> None:
    anna = signalling(municipality)
    assert raised(anna, {**COMPLAINT, "kind": "replacement"}) == []
    assert SAY("signal.reasons_needed") in anna.words


@pytest.mark.parametrize(
    ("day", "accepted"),
    [("2026-11-02", True), ("2026-11-03", False), ("2023-11-02", True), ("1999-12-31", False)],
)
def test_the_day_may_be_old_but_not_to_come(municipality: Database, day: str, accepted: bool) -> None:
    anna = signalling(municipality)
    assert len(raised(anna, {**COMPLAINT, "event_on": day})) == accepted


def test_a_serious_event_of_three_years_ago_alerts_and_weighs_nothing(municipality: Database) -> None:
    anna = signalling(municipality)
    raised(anna, {**SLAP, "event_on": "2023-10-30"})
    assert kinds_of_alerts(anna.chat) == ["event"]
    assert (points_of(anna.chat), score(anna.chat).floor) == (0, "red")


def test_a_serious_event_gives_one_alert_and_a_floor(municipality: Database) -> None:
    anna = signalling(municipality)
    raised(anna, SLAP)
    assert SAY("signal.quality_told") in anna.words
    assert kinds_of_alerts(anna.chat) == ["event"]
    assert (score(anna.chat).floor, score(anna.chat).rate_band, score(anna.chat).shown) == (
        "red",
        "green",
        "red",
    )


def test_an_alert_is_told_of_where_there_is_one_and_not_while_a_large_unit_is_yet_to_be_scored(
    municipality: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "MOST_PLACEMENTS", 0)
    anna = signalling(municipality)
    button = anna.button(SAY("signal.hand_in"))
    typed = inputs_for(anna.card, button, {"unit": str(unit_id(anna.chat, "NORR")), **SLAP})
    anna.send(button, typed)
    assert SAY("signal.quality_has") in anna.words
    # Since it has been scored between the turns.
    assert kinds_of_alerts(anna.chat) == ["event"]
    anna.send(button, typed)
    assert SAY("signal.quality_told") in anna.words


@pytest.mark.parametrize(
    ("typed", "floor"),
    [
        ({"consequence": "4", "marks": ""}, "red"),
        ({"consequence": "2", "marks": "violence"}, "yellow"),
        ({"consequence": "1", "marks": "", "situation": "report_at_provider"}, "yellow"),
        ({"consequence": "3", "marks": ""}, None),
        ({"consequence": "4", "cause": "authority"}, None),
        ({"kind": "remark", "tone": "praise", "consequence": "4"}, None),
    ],
)
def test_only_serious_events_alert(municipality: Database, typed: dict[str, str], floor: str | None) -> None:
    anna = signalling(municipality)
    raised(anna, {**SLAP, **typed})
    assert score(anna.chat).floor == floor
    assert kinds_of_alerts(anna.chat) == (["event"] if floor else [])
    assert (SAY("signal.quality_told") in anna.words) == bool(floor)


def test_the_authoritys_own_fault_goes_to_the_managers_list(municipality: Database) -> None:
    anna = signalling(municipality)
    [signal] = raised(anna, {**COMPLAINT, "cause": "authority"})
    assert points_of(anna.chat) == 0
    anna.chat.deliver()
    [told] = [one for one in anna.chat.client("maria").shown if one.kind == "own_fault"]
    # The home is small: its managers are not told the letter, which tells the kind.
    number = SAY("small.number", number=signal.id)
    assert SAY("own_fault.about", number=number, unit="Norrgården") in told.words
    assert "Maten" not in told.words
    assert "2026-10-20" not in told.words


def test_ten_signals_in_a_minute_give_one_band_alert_and_at_most_ten_of_events(
    municipality: Database,
) -> None:
    anna = signalling(municipality)
    for _ in range(10):
        raised(anna, SLAP, again=True)
    assert len(stored(anna.chat)) == 10
    kinds = kinds_of_alerts(anna.chat)
    assert (kinds.count("band"), kinds.count("event")) == (1, 10)
    anna.chat.deliver()
    channel = anna.chat.client("karin", channel=True)
    assert len([one for one in channel.shown if one.kind == "alert"]) == 11


def test_the_same_signal_sent_twice_is_one_signal(municipality: Database) -> None:
    anna = signalling(municipality)
    found = anna.button(SAY("signal.hand_in"))
    typed = {**COMPLAINT, "unit": str(unit_id(anna.chat, "NORR"))}
    anna.send(found, typed)
    said = anna.words
    anna.send(found, typed)
    assert (anna.words, len(stored(anna.chat))) == (said, 1)


def test_a_corrected_mistake_and_a_second_try_give_one_signal(municipality: Database) -> None:
    anna = signalling(municipality)
    anna.press(SAY("signal.hand_in"), COMPLAINT)
    raised(anna, {})
    assert len(stored(anna.chat)) == 1


def test_cancelling_stores_nothing(municipality: Database) -> None:
    anna = signalling(municipality)
    anna.press(SAY("signal.cancel"))
    assert SAY("signal.cancelled") in anna.words
    assert stored(anna.chat) == []


def test_the_receipt_repeats_nothing_that_was_written(municipality: Database) -> None:
    anna = signalling(municipality)
    raised(anna, SLAP)
    for secret in ("slag", "30 oktober", "2026-10-30", SAY("choice.mark.violence"), *CASES):
        assert secret not in anna.words


def test_the_texts_are_sealed_and_come_back_as_written(municipality: Database) -> None:
    anna = signalling(municipality)
    text = "Åsa 👧 **fet** <b>ja</b> \u202eomvänt"
    [signal] = raised(anna, {**COMPLAINT, "text": text, "action_taken": "Ringt.\x00"})
    with municipality.transaction() as tx:
        assert signals.texts(tx, signal.id) == (text, "Ringt.")
    path = Path(municipality.url.removeprefix("sqlite:///"))
    assert not any(b"Ringt" in one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def test_a_placement_that_ended_lately_can_still_be_chosen(municipality: Database) -> None:
    with municipality.transaction() as tx:
        owner, unit = people.by_key(tx, "anna"), units.by_key(tx, "NORR")
        assert owner is not None
        assert unit is not None
        register = Register(tx)
        register.placement(owner.id, unit.id, case="AKT-SLUT", starts="2026-01-01", ends="2026-08-01")
        register.placement(owner.id, unit.id, case="AKT-GAMMAL", starts="2025-01-01", ends="2025-12-01")
    anna = signalling(municipality)
    assert "AKT-SLUT" in anna.words
    assert "AKT-GAMMAL" not in anna.words


def test_a_manager_may_not_raise_signals_by_typing(municipality: Database) -> None:
    maria = october(municipality).client("maria")
    assert maria.say("signal").text == SAY("refused.role")
    assert maria.chat.refusals() == ["signal"]


def test_what_waits_is_said_as_it_is_when_it_is_sent(municipality: Database) -> None:
    """An alert that was closed before its message went out is not said."""
    anna = signalling(municipality)
    raised(anna, SLAP)
    with municipality.transaction() as tx:
        [alert] = alerts.open_alerts(tx)
        [karin] = people.with_role(tx, Role.QUALITY)
        alerts.close(tx, alert.id, karin.id, "Dubblett.", anna.chat.now)
        waiting = claim_one(tx, "test", anna.chat.now)
        assert waiting is not None
        assert say_now(tx, waiting, anna.chat.now) is None
