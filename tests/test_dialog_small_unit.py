"""What leaves the bot about a small unit: told as the table says, and the same whatever is hidden."""

import json
import shutil
from collections.abc import Mapping
from datetime import date
from itertools import count
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import update

from dialogs.commands.registered import VERBS
from followup import PersonId, UnitId
from followup.access.small_unit import Audience, Matter, Telling, told
from followup.people import Conversation
from storage.alerts import alerts
from storage.engine.database import Database
from storage.engine.tables import placement
from storage.risk import scores
from tests.conftest import open_file
from tests.support.builders import Register
from tests.support.desk import NOT_NOTIFIED, in_channel
from tests.support.logged_acts import acts
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, Chat, Client, october

HOME = "Norrgården"
EVENT = "2026-10-20"
# The days on which the children of the home came, and whether what happened on the event's day is of a small unit.
HOMES: Mapping[str, tuple[list[str], bool]] = {
    "nobody": ([], True),
    "one": (["2025-01-01"], True),
    "two": (["2025-01-01"] * 2, True),
    "three": (["2025-01-01"] * 3, False),
    "two more came the day after": (["2025-01-01", "2026-10-21", "2026-10-21"], True),
    "two more came two years before": (["2020-01-01", "2024-10-01", "2024-10-01"], False),
    "one is to come": (["2025-01-01", "2025-01-01", "2026-12-01"], True),
}
SAID: Mapping[Matter, str] = {
    Matter.LEVEL: SAY("evidence.index"),
    Matter.EVIDENCE: SAY("risk.kinds.deviation"),
    Matter.ANSWERS: SAY("provider.plans"),
}


@told_once
def filled(database: Database, starts: list[str]) -> Chat:
    with database.transaction() as tx:
        register = Register(tx)
        maria = register.person("maria", "manager")
        for key in ("karin", "kim"):
            register.person(key, "quality", manager_id=maria)
        anna, home = register.person("anna", manager_id=maria), register.unit("NORR", name=HOME)
        for day in starts:
            register.placement(anna, home, starts=day)
    return october(database)


def tell(chat: Chat, **typed: str) -> None:
    """Anna hands in a signal about the home."""
    anna = chat.client("anna")
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**SLAP, "event_on": EVENT, "unit": "1", **typed})
    chat.deliver()


def asks(chat: Chat, key: str, words: str) -> str:
    client = chat.client(key)
    client.say(words)
    return client.words.lower()


@pytest.mark.parametrize("home", HOMES)
def test_each_reads_of_the_unit_what_the_table_says(database: Database, home: str) -> None:
    starts, small = HOMES[home]
    chat = filled(database, starts)
    tell(chat)
    for key, audience in (("karin", Audience.QUALITY), ("maria", Audience.MANAGER)):
        words = asks(chat, key, f"utförare {HOME}")
        for matter, said in SAID.items():
            whole = told(audience, matter, small=small) == Telling.ALL
            assert (said.lower() in words) == whole, (audience, matter)
        assert (SAY("small.quality_reads").lower() in words) == (small and audience == Audience.MANAGER)
        assert (
            any(one["type"] == "Chart.Line" for one in chat.client(key).card["body"])
            == (audience == Audience.QUALITY or not small)
            or not starts
        )


@pytest.mark.parametrize("home", HOMES)
def test_the_channel_and_the_managers_get_one_title_and_band_of_a_small_unit(
    database: Database, home: str
) -> None:
    small = HOMES[home][1]
    chat = filled(database, HOMES[home][0])
    tell(chat)
    shown = chat.client("karin", channel=True).shown[-1]
    title = SAY("small.alert_title", number="L-1", unit=HOME)
    assert (title in shown.words) == small
    assert ("katastrofal" in shown.words) == (not small)
    assert (SAY("evidence.completeness") in shown.words) == (not small)
    assert (title.lower() in asks(chat, "maria", "larm")) == small
    karin = asks(chat, "karin", "larm")
    assert SAY("alert.title.event", number="L-1", unit=HOME).lower() in karin
    if small:
        told_of = [SAY("evidence.band"), SAY("band.mark.red"), f"⚠ {SAY('alert.nobody')}"]
        buttons = [SAY("alert.take"), SAY("alerts.open")]
        assert set(shown.words.split("\n")) == {SAY("alert.summary"), title, *told_of, *buttons}


def test_from_the_channel_the_whole_alert_comes_in_ones_own_chat(database: Database) -> None:
    chat = filled(database, ["2025-01-01"])
    tell(chat)
    answer = in_channel(chat, "kim").press(SAY("alerts.open"))
    assert (answer.card, answer.notice) == (None, SAY("alert.sent"))
    chat.deliver()
    kim = chat.client("kim")
    assert kim.shown[-1].kind == "own_alert"
    assert "katastrofal" in kim.look().words
    kim.press(SAY("alert.evidence"))
    assert EVENT in kim.words


# The forms that stood open in the channel while the unit was not small, with what is typed in them.
FORMS = {
    "desk.add_note": ("desk.note_send", {"note": "Ringt mormor."}),
    "desk.hand_over": ("desk.hand_over_send", {"message": "Ring mormor."}),
    "desk.decide": ("desk.decision_send", {**NOT_NOTIFIED, "decision_reason": "Mormor vet."}),
    "desk.close": ("desk.close_send", {**NOT_NOTIFIED, "reason": "Mormor vet."}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_from_before_the_unit_became_small_stays_and_says_that_it_is_not_saved(
    database: Database, form: str
) -> None:
    chat = filled(database, ["2025-01-01"] * 3)
    tell(chat)
    kim = in_channel(chat, "kim")
    kim.press(SAY("alert.take"))
    kim.press(SAY(form))
    send, typed = FORMS[form]
    with database.transaction() as tx:
        tx.connection.execute(
            update(placement)
            .where(placement.c.id > 1)
            .values(ends=date(2026, 1, 1), end_reason="planned_end")
        )
        before = acts(tx, "write")
    answer = kim.press(SAY(send), {name: typed.get(name, value) for name, value in kim.inputs.items()})
    assert answer.card is None
    assert answer.notice == f"{SAY('alert.done_in_own_chat')} {SAY('press.not_saved')}"
    with database.transaction() as tx:
        assert acts(tx, "write") == before
    chat.deliver()
    assert chat.client("kim").shown[-1].kind == "own_alert"
    chat.client("kim").look().press(SAY(form))
    assert kim.inputs.keys() == chat.client("kim").inputs.keys()


@pytest.mark.parametrize(
    "verb", [verb for verb, one in VERBS.items() if one.conversation == Conversation.ALERT_DESK]
)
def test_no_press_in_the_channel_tells_more_of_a_small_unit(database: Database, verb: str) -> None:
    chat = filled(database, ["2025-01-01"])
    tell(chat)
    kim = chat.client("kim", channel=True)
    typed = {
        **NOT_NOTIFIED,
        "reason": "Klart.",
        "note": "Ringt.",
        "why_read": "assess_alert",
        "colleague": "x",
    }
    answer = kim.forge(verb, {"alert": 1, "signal": 1, "unit": 1}, typed)
    for secret in ("avvikelse", "katastrofal", EVENT, "20 oktober", "IVO", "händelse", "Risktal", "A-1"):
        assert secret not in json.dumps([answer.card, answer.notice, answer.text], ensure_ascii=False)


@pytest.mark.parametrize("children", [1, 3])
def test_an_own_fault_at_a_small_unit_has_neither_kind_nor_letter(database: Database, children: int) -> None:
    chat = filled(database, ["2025-01-01"] * children)
    tell(chat, cause="authority", consequence="2", marks="")
    words = asks(chat, "maria", "brister")
    assert ("a-1 · norrgården" in words, "avvikelse" in words) == (children == 3, children == 3)
    assert ("nr 1 · norrgården" in words) == (children == 1)


# What is hidden outside the quality team: two worlds that differ in it alone look the same there.
Hidden = dict[str, str]
KINDS, SOURCES = ("deviation", "complaint"), ("child", "guardian", "staff")
MARKS = ("violence", "abuse", "injury", "serious_wrong")


def hidden(chance: Random, serious: bool) -> Hidden:
    """Another kind, day, source, mark, grade and text; a serious one sets the same floor."""
    return {
        "kind": chance.choice(KINDS),
        "event_on": f"2026-10-{chance.randrange(1, 20):02d}",
        "source": chance.choice(SOURCES),
        "consequence": "4" if serious else chance.choice("123"),
        "marks": chance.choice(MARKS) if serious else "",
        "text": f"Text {chance.random()}",
        "occurred": chance.choice(("happened", "tangible_risk")),
    }


def outside(chat: Chat, told_of: list[tuple[Hidden, str]]) -> list[str]:
    """All that a manager and the channel are shown while the signals come, are judged, and more children come."""
    for typed, cause in told_of:
        tell(chat, **typed, cause=cause)
    seen = [*_asked(chat)]
    channel = chat.client("kim", channel=True)
    channel.card = chat.client("karin", channel=True).shown[-1].card
    channel.press(SAY("alert.take"))
    seen.append(_drawn(channel))
    karin = chat.client("karin")
    karin.forge("close_alert", {"alert": 1}, {**NOT_NOTIFIED, "reason": "Klart."})
    with chat.database.transaction() as tx:
        register = Register(tx, count(100))
        for _ in range(2):
            register.placement(PersonId(3), UnitId(1), starts="2026-11-03")
    chat.wake("2026-11-10 08:00")
    seen += _asked(chat)
    for reader in (chat.client("maria"), chat.client("karin", channel=True)):
        seen += [json.dumps([one.card, one.summary], ensure_ascii=False) for one in reader.shown]
    return seen


def _asked(chat: Chat) -> list[str]:
    maria = chat.client("maria")
    seen = []
    for words in ("läge", f"utförare {HOME}", "larm", "brister", "veckobrev"):
        maria.say(words)
        seen.append(_drawn(maria))
    maria.press(SAY("digest.now"))
    seen.append(_drawn(maria))
    channel = chat.client("kim", channel=True)
    channel.say("larm")
    return [*seen, _drawn(channel)]


def _drawn(client: Client) -> str:
    return json.dumps(client.card, ensure_ascii=False)


def standing(chat: Chat) -> tuple[object, ...]:
    """What may be seen: how many alerts there are, and the bands at every month's end and now."""
    with chat.database.transaction() as tx:
        latest = scores.latest(tx, UnitId(1))
        bands = [(day, one.shown, one.enough) for day, one in scores.month_ends(tx, UnitId(1)).items()]
        return len(alerts.of_unit(tx, UnitId(1))), bands, latest and latest.shown


@pytest.mark.sqlite("går genom genererade städer och månader, som bara SQLite har tid med")
@pytest.mark.parametrize("seed", range(8))
def test_two_worlds_that_differ_in_what_is_hidden_look_the_same_outside_the_quality_team(
    migrated: Path, tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    children, causes = chance.choice([0, 1, 2]), [chance.choice(("provider", "authority")) for _ in range(2)]
    seen, stood = [], []
    for world in range(2):
        path = tmp_path / f"{world}.db"
        shutil.copy(migrated, path)
        database = open_file(path)
        try:
            chat = filled(database, ["2025-01-01"] * children)
            # The first is serious in both worlds, so that the band is red in both.
            signals = [(hidden(chance, True), "provider"), *((hidden(chance, False), one) for one in causes)]
            seen.append(outside(chat, signals))
            stood.append(standing(chat))
        finally:
            database.close()
    assert stood[0] == stood[1]
    for one, other in zip(*seen, strict=True):
        assert one == other
