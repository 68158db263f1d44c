"""The quality team sees the year's base levels, who would change band by them, and adopts them; nobody else does."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import delete

from followup import PersonId, UnitId
from followup.messages.operation import BaseLevelsDue
from followup.wording.wording import wording
from scheduler.base_levels import remind_of_base_levels
from services.acting import Acting, Refused, Why
from services.risk.base_levels import adopt, in_force, not_to_decide
from storage.engine.database import Database, Transaction
from storage.engine.tables import conversation
from storage.imports import imports
from storage.register import people
from storage.risk import base_levels, scores
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.desk import slap
from tests.support.logged_acts import acts
from tests.support.scored import scored_at_once
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat, Client, logged, not_saved, october
from texts.catalogue import Texts

NUMBER = "20120229-2387"
REASON = {"why": "Beslut i teamet."}


@pytest.fixture
def january(municipality: Database) -> Chat:
    return in_january(municipality)


@told_once
def in_january(municipality: Database) -> Chat:
    """A town with three deviations in October; nobody has been asked since."""
    with municipality.transaction() as tx:
        Register(tx).measured()
        Register(tx).person("kim", "quality")
    chat = october(municipality)
    for _ in range(3):
        slap(chat, consequence="2", marks="")
    chat.now = at("2027-01-25 09:00")
    return chat


def versions(chat: Chat) -> list[str]:
    with chat.database.transaction() as tx:
        return [one.levels.id for one in base_levels.adopted(tx)]


def looking(chat: Chat, key: str = "karin") -> Client:
    client = chat.client(key)
    client.say("basnivå")
    return client


@pytest.mark.parametrize("words", ["basnivå", "Basnivåer", "base levels", "basniva"])
def test_the_levels_that_hold_and_the_proposal_are_shown(january: Chat, words: str) -> None:
    karin = january.client("karin")
    karin.say(words)
    assert (
        SAY("base_levels.holding", version="bas-2026", day=date(2026, 1, 1), who="startvärden") in karin.words
    )
    assert SAY("base_levels.proposal", version="bas-2027", year=2026, day=date(2027, 1, 21)) in karin.words
    assert "0,24 → " in karin.words
    assert SAY("threshold.today") in karin.words
    assert versions(january) == ["bas-2026"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_named_person_adopts_them_and_they_hold_for_what_is_scored_from_then_on(
    january: Chat, language: str
) -> None:
    say = Texts(language)
    with january.database.transaction() as tx:
        Register(tx).person("quinn", "quality", language=language)
    quinn = looking(january, "quinn")
    quinn.press(say("base_levels.adopt"), REASON)
    assert (
        say("base_levels.holding", version="bas-2027", day=date(2027, 1, 25), who="Quinn Test") in quinn.words
    )
    assert versions(january) == ["bas-2026", "bas-2027"]
    with january.database.transaction() as tx:
        ids = {scores.method_on(tx, date(2027, 1, day))[1].id for day in (24, 25)}
        newest = [scores.latest(tx, UnitId(unit_id)) for unit_id in (1, 2)]
        kept = tx.connection.exec_driver_sql("select reason from base_levels where id = 'bas-2027'")
        assert tx.vault.open(kept.scalar_one()) == REASON["why"]
        assert logged(tx, "write").count("base_levels:bas-2027") == 1
    assert ids == {"bas-2026", "bas-2027"}
    assert all(one is None or '"id":"bas-2027"' in one.inputs for one in newest)
    quinn.press(say("base_levels.back"))
    assert say("base_levels.stand", version="bas-2027", year=2027) in quinn.words


def test_one_press_twice_adopts_once_and_tells_the_same(january: Chat) -> None:
    karin = looking(january)
    form = karin.card
    karin.press(SAY("base_levels.adopt"), REASON)
    karin.card = form
    assert karin.press(SAY("base_levels.adopt"), REASON).again
    assert SAY("base_levels.adopted_title") in karin.words
    assert versions(january) == ["bas-2026", "bas-2027"]


def test_who_looked_before_anothers_adoption_is_told_whose_it_was(january: Chat) -> None:
    kim = looking(january, "kim")
    looking(january).press(SAY("base_levels.adopt"), REASON)
    told = kim.press(SAY("base_levels.adopt"), REASON).notice
    assert SAY("base_levels.stand", version="bas-2027", year=2027) in told
    assert SAY("base_levels.holding", version="bas-2027", day=date(2027, 1, 25), who="Karin Test") in told
    assert SAY("press.not_saved") in told
    assert versions(january) == ["bas-2026", "bas-2027"]


def test_a_proposal_that_the_register_has_moved_since_is_shown_anew_and_not_adopted(january: Chat) -> None:
    karin = looking(january)
    with january.database.transaction() as tx:
        tx.connection.exec_driver_sql("update placement set starts = '2026-06-01'")
    karin.press(SAY("base_levels.adopt"), REASON)
    assert SAY("base_levels.moved") in karin.words
    assert versions(january) == ["bas-2026"]
    karin.press(SAY("base_levels.adopt"), REASON)
    assert versions(january) == ["bas-2026", "bas-2027"]


def test_what_comes_after_the_day_moves_the_proposal_no_more(january: Chat) -> None:
    before = looking(january).words
    with january.database.transaction() as tx:
        complaint = {"kind": "complaint", "occurred": "happened", "cause": "provider", "source": "child"}
        signals.save(
            tx,
            {**complaint, "event_on": "2026-12-01", "consequence": "4"},
            unit_id=UnitId(1),
            placement_id=None,
            task_id=None,
            author_id=PersonId(1),
            now=at("2027-01-22 08:00"),
        )
    after = looking(january).words
    row = SAY("base_levels.proposal", version="bas-2027", year=2026, day=date(2027, 1, 21))
    assert row in before
    assert [word for word in before.split() if word.startswith("0,")][:6] == [
        word for word in after.split() if word.startswith("0,")
    ][:6]


@pytest.mark.parametrize(("why", "said"), [("", SAY("form.missing")), (NUMBER, SAY("form.personal_number"))])
def test_a_reason_is_asked_for(january: Chat, why: str, said: str) -> None:
    karin = looking(january)
    karin.press(SAY("base_levels.adopt"), {"why": why})
    assert said in karin.words
    assert versions(january) == ["bas-2026"]


@pytest.mark.parametrize("levels", [None, "x", [["hvb", "9"]], [[1], {}, ["q"]], {}])
def test_forged_numbers_are_never_adopted(january: Chat, levels: object) -> None:
    karin = january.client("karin")
    karin.forge("adopt_base_levels", {"levels": levels}, REASON)
    assert versions(january) == ["bas-2026"]
    assert SAY("base_levels.moved") in karin.words


@pytest.mark.parametrize("key", ["anna", "maria"])
def test_only_the_quality_team_sees_and_adopts_them(january: Chat, key: str) -> None:
    client = january.client(key)
    assert client.say("basnivå").text == SAY("refused.role")
    for verb in ("base_levels", "adopt_base_levels"):
        answer = client.forge(verb, {"levels": []}, REASON)
        assert (answer.card, answer.notice) == (None, not_saved("refused.role"))
    with january.database.transaction() as tx:
        who = next(one for one in people.everyone(tx).values() if one.key == key)
        refused = adopt(Acting(tx, who, january.now), REASON, {}, None)
        assert isinstance(refused, Refused)
        assert refused.why == Why.NOT_HERS
        assert (who.id, None, "base_levels") in acts(tx, "refused")
        assert in_force(tx).levels.id == "bas-2026"


def test_in_a_channel_they_are_neither_shown_nor_adopted(january: Chat) -> None:
    carried = looking(january).button(SAY("base_levels.adopt")).action["data"]["card"]
    onlooked = january.client("karin", channel=True)
    assert onlooked.say("basnivå").text == SAY("refused.channel")
    answer = onlooked.forge("adopt_base_levels", carried, REASON)
    assert (answer.card, answer.notice) == (None, not_saved("refused.channel"))
    assert versions(january) == ["bas-2026"]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-12-31 12:00", {"id": "base_levels.stand", "version": "bas-2026", "year": 2026}),
        ("2027-01-20 12:00", {"id": "base_levels.too_early", "day": date(2027, 1, 21)}),
    ],
)
def test_before_its_day_there_is_no_proposal_and_it_says_why(
    january: Chat, now: str, said: Mapping[str, object]
) -> None:
    january.now = at(now)
    karin = looking(january)
    values = {name: value for name, value in said.items() if name != "id"}
    assert SAY(str(said["id"]), **values) in karin.words
    assert "adopt_base_levels" not in str(karin.card)


@pytest.mark.parametrize("since", [None, "2027-01"])
def test_where_nothing_was_measured_the_year_before_nothing_is_proposed(
    tx: Transaction, since: str | None
) -> None:
    if since:
        Register(tx).measured(since)
    assert not_to_decide(tx, at("2027-03-01")) == wording("base_levels.nothing_measured", year=2026)


def test_the_digest_reminds_the_quality_team_until_they_are_adopted_and_nobody_else(january: Chat) -> None:
    reminder = SAY("to_do.base_levels", year=2027)

    def digests() -> dict[str, bool]:
        found = {}
        for key in ("karin", "maria"):
            client = january.client(key)
            client.say("veckobrev")
            client.press(SAY("digest.now"))
            found[key] = reminder in client.words
        return found

    assert digests() == {"karin": True, "maria": False}
    looking(january).press(SAY("base_levels.adopt"), REASON)
    assert digests() == {"karin": False, "maria": False}


def test_units_are_scored_anew_in_pieces_where_the_levels_of_today_are_others(january: Chat) -> None:
    with january.database.transaction() as tx:
        assert imports.unscored(tx) == []
        scored_at_once(tx, UnitId(1), january.now)
    looking(january).press(SAY("base_levels.adopt"), REASON)
    with january.database.transaction() as tx:
        found = scores.latest(tx, UnitId(1))
        assert found is not None
        assert '"id":"bas-2027"' in found.inputs


def reminders(chat: Chat, key: str) -> int:
    return sum(one.kind == BaseLevelsDue.kind for one in chat.client(key).shown)


def asked_about_december(chat: Chat) -> None:
    """In time, so that its last day comes before the day of the proposal."""
    for moment in ("2026-12-01 09:00", "2027-01-04 09:00", "2027-01-20 09:00"):
        chat.wake(moment)


def without_channel(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        tx.connection.execute(delete(conversation).where(conversation.c.channel.is_not(None)))


def test_outside_the_digest_the_team_is_reminded_once_a_week_until_they_are_adopted(january: Chat) -> None:
    without_channel(january)
    asked_about_december(january)
    told = [reminders(january, "karin")]
    for moment in (
        "2027-01-21 09:00",
        "2027-01-21 10:00",
        "2027-01-27 16:00",
        "2027-01-28 09:00",
        "2027-02-14 12:00",
        "2027-02-15 09:00",
    ):
        january.wake(moment)
        told.append(reminders(january, "karin"))
    # 14 February is a Sunday: what is due then is said on the Monday.
    assert told == [0, 1, 1, 1, 2, 2, 3]
    assert (reminders(january, "kim"), reminders(january, "maria"), reminders(january, "anna")) == (3, 0, 0)
    at_reminder = [one.kind for one in january.client("karin").shown].index(BaseLevelsDue.kind)
    karin = january.client("karin").look(at_reminder)
    karin.press(SAY("base_levels.back"))
    karin.press(SAY("base_levels.adopt"), REASON)
    january.wake("2027-03-08 09:00")
    assert reminders(january, "karin") == 3


def test_a_reminder_that_waits_while_they_are_adopted_is_not_said(january: Chat) -> None:
    without_channel(january)
    with january.database.transaction() as tx:
        remind_of_base_levels(tx, at("2027-01-23 09:00"))
    january.now = at("2027-01-23 10:00")
    looking(january).press(SAY("base_levels.adopt"), REASON)
    january.wake("2027-01-25 09:00")
    assert reminders(january, "karin") == 0


def test_in_the_teams_channel_the_reminder_has_no_number_and_no_button(january: Chat) -> None:
    asked_about_december(january)
    january.wake("2027-01-25 09:00")
    channel = january.client("karin", channel=True)
    [shown] = [one for one in channel.shown if SAY("base_levels.wait.do") in one.words]
    assert "0,24" not in shown.words
    assert "base_levels" not in str(shown.card)
    assert reminders(january, "karin") == 0
