"""The overview without a dialog: each deed by each role, done or refused, and each view as its reader may see it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

import pytest

from followup.access.access import ACCESS, DataKind, Reach
from followup.access.municipality import Municipality
from followup.overview.digest import WEEK, DigestChoice
from followup.people import Role
from followup.provider import Unit
from followup.risk.risk_config import RiskConfig
from services.acting import Acting, Reader, Refused, Why
from services.overview.digest_choice import choose, chosen
from services.publishing import NotPublished, publish_as_ready
from services.risk.threshold import Preview, adopt, base_config, preview_for
from services.signals.judging import change
from services.signals.raising import raise_signal
from services.views.digest import Digest, digest_now, digest_since
from services.views.overview import Status, status
from services.views.units import HIDDEN, ProviderView, ShortWhy, UnitView, UnitWhy, provider, rows_in_bands
from storage.engine.database import Database
from storage.register import units
from storage.risk import risk_configs
from storage.signals import signals
from tests.support.access_watch import with_reach
from tests.support.builders import Register
from tests.support.deeds import acting, logged_by, tried
from tests.support.scored import scored_at_once
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, Chat, october

EVERYBODY = ("anna", "karin", "maria", "adam")
LOWER = {"yellow_pt": Decimal("0.35")}
ADOPTION = {"valid_from": "2026-11-02", "why": "Fler ska följas upp."}
REVIEWED = {"reviewed_by": "Eva Jurist", "reviewed_on": "2026-11-01"}


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return with_two_told_of(municipality)


@told_once
def with_two_told_of(municipality: Database) -> Chat:
    """Violence is told of at Södergården, and at a home with one child."""
    with municipality.transaction() as tx:
        register = Register(tx, count(100))
        register.person("adam", "admin")
        alone = register.unit("ENSAM", name="Ensamgården")
        register.placement(None, alone, case="AKT-9")
    chat = october(municipality)
    with acting(municipality, "karin", chat.now) as karin:
        for key in ("SYD", "ENSAM"):
            told = raise_signal(karin, {**SLAP, "unit": str(unit(karin, key).id)})
            assert not isinstance(told, Refused)
    return chat


def unit(reader: Reader, key: str) -> Unit:
    found = units.by_key(reader.tx, key)
    assert found is not None
    return found


# Each deed, who may do it, what it then gives, and what it is logged as refused by for all the others.
DEEDS: dict[str, tuple[Callable[[Acting], Any], tuple[str, ...], type, str]] = {
    "adopt": (lambda by: adopt(by, LOWER, ADOPTION, 2), ("karin",), RiskConfig, "risk_config"),
    "preview": (lambda by: preview_for(by, LOWER), ("karin",), Preview, "risk_config"),
    "choose": (lambda by: choose(by, weekday=4), ("karin", "maria"), DigestChoice, "digest"),
    "publish": (
        lambda by: publish_as_ready(by, 2025, 0, {}, None),
        ("karin",),
        NotPublished,
        "edition:2025",
    ),
    "status": (status, ("karin", "maria"), Status, "status"),
    "digest": (digest_now, ("karin", "maria"), Digest, "digest"),
    "provider": (
        lambda by: provider(by, [unit(by, "SYD")], in_full=1),
        ("anna", "karin", "maria"),
        ProviderView,
        "provider:",
    ),
}


@pytest.mark.parametrize("key", EVERYBODY)
@pytest.mark.parametrize("name", DEEDS)
def test_it_is_done_for_those_who_may_and_else_refused_logged_and_nothing_stored(
    chat: Chat, name: str, key: str
) -> None:
    deed, who, done, refusal = DEEDS[name]
    found = tried(chat.database, key, chat.now, deed)
    if key in who:
        assert (type(found.outcome), found.refused) == (done, [])
    else:
        assert (found.outcome, found.unchanged) == (Refused(Why.NOT_HERS), True)
        assert [one.startswith(refusal) for one in found.refused] == [True]


def test_a_change_is_adopted_with_who_and_why_and_the_next_must_know_of_it(chat: Chat) -> None:
    with acting(chat.database, "karin", chat.now) as karin:
        config = adopt(karin, LOWER, ADOPTION, 2)
        assert isinstance(config, RiskConfig)
        assert (config.id, config.decided_by) == ("risk-3", karin.person.name)
        assert logged_by(karin.tx, "write", karin.person.id)[-1] == "risk_config:risk-3"
        stale = adopt(karin, LOWER, {**ADOPTION, "valid_from": "2026-11-03"}, 2)
        assert isinstance(stale, Refused)
        assert stale.why == Why.CHANGED
        assert base_config(karin.tx) == config


def test_all_that_is_wrong_with_an_adoption_comes_at_once_and_nothing_is_adopted(chat: Chat) -> None:
    with acting(chat.database, "karin", chat.now) as karin:
        refused = adopt(karin, LOWER, {"valid_from": "2026-10-01", "why": " "}, 2)
        assert isinstance(refused, Refused)
        assert {one.field for one in refused.problems} == {"valid_from", "why"}
        assert len(risk_configs.adopted(karin.tx)) == 1


def test_what_is_not_chosen_about_the_digest_stays(chat: Chat) -> None:
    with acting(chat.database, "maria", chat.now) as maria:
        assert choose(maria, weekday=3) == DigestChoice(weekday=3)
        assert choose(maria, wanted=False) == DigestChoice(wanted=False, weekday=3)
        assert choose(maria, weekday=9) == chosen(maria) == DigestChoice(wanted=False, weekday=3)


def test_a_report_is_not_published_over_another_edition_nor_before_its_review(chat: Chat) -> None:
    with acting(chat.database, "karin", chat.now) as karin:
        assert publish_as_ready(karin, 2025, 1, REVIEWED, None) == NotPublished("other")
        wrong = publish_as_ready(karin, 2025, 0, {}, None)
        assert isinstance(wrong, NotPublished)
        assert {one.field for one in wrong.problems} == {"reviewed_by", "reviewed_on"}
        assert publish_as_ready(karin, 2025, 0, REVIEWED, None) == NotPublished("moved")


def seen(chat: Chat, reader: str, key: str) -> UnitView:
    with acting(chat.database, reader, chat.now) as by:
        found = provider(by, [unit(by, key)], in_full=1)
    assert isinstance(found, ProviderView)
    return found.in_full[0]


@pytest.mark.parametrize("key", ["SYD", "ENSAM"])
def test_the_quality_team_sees_all_of_every_unit(chat: Chat, key: str) -> None:
    view = seen(chat, "karin", key)
    assert view.placed == {"SYD": 3, "ENSAM": 1}[key]
    assert isinstance(view.why, UnitWhy)
    assert [number for _, number, _ in view.why.kinds] == [1]
    assert (view.signals, view.index is None, view.trend is None) == ((("deviation", 1),), False, False)
    assert isinstance(view.coverage, Fraction | str)
    assert not view.open_to_all


def test_why_not_all_that_is_known_counts_is_told_to_the_quality_team_alone(chat: Chat) -> None:
    """A manager of a unit that is not small sees how many raise the ratio, and of the others nothing."""
    with acting(chat.database, "karin", chat.now) as karin:
        told = raise_signal(karin, {**SLAP, "unit": str(unit(karin, "SYD").id)})
        assert not isinstance(told, Refused)
        judged = change(karin, told.id, "dismiss", {"why": "Inget hände."}, 1)
        assert not isinstance(judged, Refused)
    why = {who: seen(chat, who, "SYD").why for who in ("karin", "maria", "anna")}
    assert isinstance(why["karin"], UnitWhy)
    assert isinstance(why["maria"], UnitWhy)
    assert [SAY.say(one) for one in why["karin"].differences or ()] == [
        "2 avvikelser i allt, 1 räknas: 1 har avskrivits."
    ]
    assert (why["maria"].kinds, why["maria"].differences, why["anna"]) == (why["karin"].kinds, None, None)


def test_a_manager_sees_of_a_small_unit_a_word_where_she_else_sees_a_number(chat: Chat) -> None:
    large, small = seen(chat, "maria", "SYD"), seen(chat, "maria", "ENSAM")
    assert (large.placed, large.index is None, large.signals) == (3, False, (("deviation", 1),))
    assert (small.placed, small.index, small.signals, small.trend) == ("few", None, None, None)
    assert (small.coverage in ("enough", "not_enough"), small.placements, small.why) == (True, None, HIDDEN)
    assert small.band == seen(chat, "karin", "ENSAM").band


@pytest.mark.parametrize("key", ["SYD", "ENSAM"])
def test_a_worker_sees_the_same_little_of_every_unit(chat: Chat, key: str) -> None:
    view = seen(chat, "anna", key)
    hidden = (view.placed, view.index, view.coverage, view.signals, view.trend, view.why, view.contracts)
    assert hidden == (None,) * 7
    assert view.open_to_all


def test_how_it_stands_counts_every_followed_unit_and_says_why_to_those_who_may_know(chat: Chat) -> None:
    with acting(chat.database, "maria", chat.now) as maria:
        found = status(maria)
        assert isinstance(found, Status)
        assert logged_by(maria.tx, "read", maria.person.id)[-2:] == ["status", "clocks"]
        assert sum(found.bands.values()) == len(units.followed_units(maria.tx)) == 3
    why = {row.unit.key: row.why for row in found.to_follow.rows}
    assert why["ENSAM"] == HIDDEN
    assert isinstance(why["SYD"], ShortWhy)
    assert "AKT" not in repr(found)


def test_a_table_that_gives_a_role_no_units_tells_her_nothing_of_any(chat: Chat) -> None:
    blind = Municipality(with_reach(ACCESS, Role.MANAGER, DataKind.UNIT, Reach.NOTHING))
    with acting(chat.database, "maria", chat.now, municipality=blind) as maria:
        own = [unit(maria, "SYD")]
        assert status(maria) == Refused(Why.NOT_HERS)
        assert provider(maria, own, in_full=1) == Refused(Why.NOT_HERS)
        assert logged_by(maria.tx, "refused", maria.person.id) == ["status", f"provider:{own[0].provider_id}"]
        assert digest_since(maria, maria.now - WEEK).raised == []


def test_a_channel_is_told_the_bands_and_not_why_of_a_small_unit(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        channel = Reader(tx, None, chat.now, channel=True)
        rows = rows_in_bands(channel, ("red", "yellow", "insufficient", "green")).rows
    why = {row.unit.key: row.why for row in rows}
    assert (why["ENSAM"], isinstance(why["SYD"], ShortWhy)) == (None, True)


def test_the_digest_tells_of_decisions_at_a_small_unit_to_the_quality_team_alone(chat: Chat) -> None:
    with acting(chat.database, "karin", chat.now) as karin:
        for one in signals.of_unit(karin.tx, unit(karin, "SYD").id, signals.ALL_KNOWN) + signals.of_unit(
            karin.tx, unit(karin, "ENSAM").id, signals.ALL_KNOWN
        ):
            change = {"dismissed": True}
            signals.revise(karin.tx, one.id, change, reason="x", author_id=karin.person.id, now=karin.now)
            scored_at_once(karin.tx, one.unit_id, karin.now)
    told = {}
    for key in ("karin", "maria"):
        with acting(chat.database, key, chat.now + timedelta(minutes=1)) as by:
            found = digest_now(by)
            assert isinstance(found, Digest)
            assert logged_by(by.tx, "read", by.person.id)[-1] == "digest"
            told[key] = [(one.unit, one.outcomes) for one in found.led_to.decided]
            assert found.raised == []
    dismissed = [("deviation", True, 1)]
    assert told["karin"] == [("Ensamgården", dismissed), ("Södergården", dismissed)]
    assert told["maria"] == [("Södergården", dismissed)]


def test_the_digest_names_what_went_up_and_is_logged_as_the_message_that_it_is_when_it_is_sent(
    chat: Chat,
) -> None:
    with acting(chat.database, "karin", chat.now) as karin:
        found = digest_since(karin, karin.now - WEEK)
        assert "digest" not in logged_by(karin.tx, "read", karin.person.id)
    assert [(one.unit.key, one.after) for one in found.raised] == [("ENSAM", "red"), ("SYD", "red")]
    assert [(one.answered, one.asked) for one in found.rates] == [(0, 6)]
