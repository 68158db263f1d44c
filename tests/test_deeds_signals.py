"""Signals without a dialog: each deed by each role, done or refused, and each view as its reader may see it."""

from collections.abc import Callable
from typing import Any

import pytest

from followup import SignalId, UnitId
from followup.access.municipality import Municipality
from followup.people import Role
from followup.signals.signal import Signal
from followup.terms import SignalCode
from services.acting import Acting, Reader, Refused, Why
from services.signals.judging import ALONE, Judged, SignalChange, change
from services.signals.opened_text import open_text
from services.signals.raising import raise_signal
from services.views.own_faults import OwnFaultSeen, own_faults
from services.views.signals import (
    SignalText,
    SignalView,
    ToChange,
    cases_to_choose,
    own_text,
    signal,
    text,
    to_change,
)
from storage.engine.database import Database
from storage.register import units
from storage.signals import signals
from tests.support.builders import Register
from tests.support.deeds import acting, everything, logged_by, tried
from tests.support.told_once import told_once
from tests.support.turns import SLAP, Chat, october

EVERYBODY = ("anna", "bilal", "karin", "maria", "adam")
WHY = {"why": "Uppgiften var fel."}
OWN = {**SLAP, "cause": "authority", "marks": "", "consequence": "2"}


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return with_two_told_of(municipality)


@told_once
def with_two_told_of(municipality: Database) -> Chat:
    """Anna has told of two events at Södergården, the second the authority's own fault."""
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    chat = october(municipality)
    unit_id = unit(chat, "SYD")
    with acting(municipality, "anna", chat.now) as anna:
        for typed in (SLAP, OWN):
            assert isinstance(raise_signal(anna, {**typed, "unit": str(unit_id)}), Signal)
    return chat


def unit(chat: Chat, key: str) -> UnitId:
    with chat.database.transaction() as tx:
        found = units.by_key(tx, key)
    assert found is not None
    return found.id


def changed(by: Acting, wanted: SignalChange, **typed: str) -> Judged | Refused:
    stored = signals.get(by.tx, SignalId(1))
    return change(by, SignalId(1), wanted, {**WHY, **typed}, stored.version)


# Each deed, who may do it, what it then gives, and what it is logged as refused by for all the others.
DEEDS: dict[str, tuple[Callable[[Acting], Any], tuple[str, ...], type, str]] = {
    "raise": (
        lambda by: raise_signal(by, {**SLAP, "unit": "2"}),
        ("anna", "bilal", "karin"),
        Signal,
        "signal",
    ),
    "regrade": (lambda by: changed(by, "regrade", consequence="1"), ("karin",), Judged, "signal:1"),
    "link": (lambda by: changed(by, "link", same_as="2"), ("karin",), Judged, "signal:1"),
    "authority": (lambda by: changed(by, "authority"), ("karin",), Judged, "signal:1"),
    "dismiss": (lambda by: changed(by, "dismiss"), ("karin",), Judged, "signal:1"),
    "open the text": (
        lambda by: open_text(by, SignalId(1), "Ska bedöma."),
        ("karin",),
        Signal,
        "signal_text:1",
    ),
    "see": (lambda by: signal(by, SignalId(1)), ("karin",), SignalView, "signal:1"),
    "see the form": (lambda by: to_change(by, SignalId(1)), ("karin",), ToChange, "signal:1"),
    "see one's own text": (lambda by: own_text(by, SignalId(1)), ("anna",), SignalText, "signal_text:1"),
    "see own faults": (own_faults, ("maria",), list, "own_faults"),
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
        assert isinstance(found.outcome, Refused)
        assert (found.refused, found.unchanged) == ([refusal], True)


@pytest.mark.parametrize("name", ["regrade", "link", "authority", "dismiss", "open the text", "see"])
def test_nothing_of_a_signal_is_done_or_shown_where_others_look_on(chat: Chat, name: str) -> None:
    with acting(chat.database, "karin", chat.now, channel=True) as karin:
        assert isinstance(DEEDS[name][0](karin), Refused)


def test_a_signal_that_there_is_none_of_is_refused_and_logged(chat: Chat) -> None:
    with acting(chat.database, "karin", chat.now) as karin:
        assert (
            change(karin, SignalId(99), "dismiss", WHY, 1)
            == signal(karin, SignalId(99))
            == Refused(Why.UNKNOWN)
        )
        assert logged_by(karin.tx, "refused", karin.person.id) == ["signal:99", "signal:99"]


def test_each_change_is_a_version_with_its_reason_and_the_unit_is_scored_anew(chat: Chat) -> None:
    with acting(chat.database, "karin", chat.now) as karin:
        graver = changed(karin, "regrade", consequence="1")
        linked = changed(karin, "link", same_as="2")
        alone = changed(karin, "link", same_as=ALONE)
        gone = changed(karin, "dismiss")
        back = changed(karin, "restore")
        versions = [
            one.signal.version for one in (graver, linked, alone, gone, back) if isinstance(one, Judged)
        ]
    assert versions == [2, 3, 4, 5, 6]
    assert isinstance(gone, Judged)
    assert isinstance(back, Judged)
    assert (gone.signal.dismissed, back.signal.dismissed) == (True, False)
    assert back.before == gone.after


def test_what_another_has_changed_is_seen_first_and_what_is_done_is_not_done_again(chat: Chat) -> None:
    with acting(chat.database, "karin", chat.now) as karin:
        changed(karin, "regrade", consequence="1")
        stale = change(karin, SignalId(1), "regrade", {**WHY, "consequence": "3"}, 1)
        assert isinstance(stale, Refused)
        assert [one.what.id for one in stale.problems] == ["signals.changed_meanwhile"]
        changed(karin, "dismiss")
        assert changed(karin, "dismiss") == Refused(Why.DONE)
        assert signals.get(karin.tx, SignalId(1)).version == 3


@pytest.mark.parametrize(
    ("wanted", "typed", "wrong"),
    [
        ("regrade", {}, {"consequence"}),
        ("regrade", {"consequence": "4", "why": ""}, {"consequence", "why"}),
        ("link", {"same_as": "17"}, {"same_as"}),
        ("dismiss", {"why": ""}, {"why"}),
        ("dismiss", {"why": "Gäller 20120229-2387."}, {"why"}),
    ],
)
def test_all_that_is_wrong_comes_at_once_and_nothing_is_stored(
    chat: Chat, wanted: SignalChange, typed: dict[str, str], wrong: set[str]
) -> None:
    with acting(chat.database, "karin", chat.now) as karin:
        before = everything(karin.tx)
        refused = changed(karin, wanted, **typed)
        assert isinstance(refused, Refused)
        assert ({one.field for one in refused.problems}, everything(karin.tx) == before) == (wrong, True)


def test_where_free_text_is_not_kept_a_change_needs_no_reason_and_takes_none(chat: Chat) -> None:
    without = Municipality(free_text=False)
    with acting(chat.database, "karin", chat.now, municipality=without) as karin:
        assert isinstance(changed(karin, "dismiss"), Refused)
        assert isinstance(change(karin, SignalId(1), "dismiss", {}, 1), Judged)


def test_a_signal_is_seen_without_its_child_and_its_reasons_after_a_reason(chat: Chat) -> None:
    with acting(chat.database, "bilal", chat.now) as bilal:
        raised = raise_signal(bilal, {**SLAP, "placement": str(cases_to_choose(bilal)[0].id)})
        assert isinstance(raised, Signal)
    with acting(chat.database, "karin", chat.now) as karin:
        done = change(karin, raised.id, "regrade", {**WHY, "consequence": "1"}, 1)
        assert isinstance(done, Judged)
        own = signal(karin, raised.id)
        assert isinstance(own, SignalView)
        assert (own.signal.placement_id, own.signal.author_id) == (None, None)
        assert [(one.number, one.by, one.why) for one in own.versions] == [
            (2, Role.QUALITY, WHY["why"]),
            (1, Role.WORKER, None),
        ]
    with chat.database.transaction() as tx:
        Register(tx).person("kim", "quality")
    with acting(chat.database, "kim", chat.now) as kim:
        view = signal(kim, raised.id, size=1)
        assert isinstance(view, SignalView)
        assert ([one.why for one in view.versions], view.hidden, view.total) == ([None], 1, 2)
        assert text(kim, raised) == Refused(Why.NO_REASON)
        assert open_text(kim, raised.id, "") == Refused(Why.NO_REASON)
        assert isinstance(open_text(kim, raised.id, "Ska bedöma."), Signal)
        read = text(kim, raised, "Ska bedöma.")
        assert isinstance(read, SignalText)
        assert (read.happened, read.opened) == (SLAP["text"], True)
        again = signal(kim, raised.id)
        assert isinstance(again, SignalView)
        assert (again.versions[0].why, again.hidden) == (WHY["why"], 0)
        assert logged_by(kim.tx, "read", kim.person.id)[-2:] == [
            f"signal:{raised.id}",
            f"signal_text:{raised.id}",
        ]


def test_the_one_who_wrote_it_reads_her_own_words_and_nobody_elses(chat: Chat) -> None:
    with acting(chat.database, "anna", chat.now) as anna:
        read = own_text(anna, SignalId(1))
        assert isinstance(read, SignalText)
        assert (read.happened, read.opened) == (SLAP["text"], False)
        assert logged_by(anna.tx, "read", anna.person.id)[-1] == "signal_text:1"
    with acting(chat.database, "bilal", chat.now) as bilal:
        assert own_text(bilal, SignalId(1)) == own_text(bilal, SignalId(99)) == Refused(Why.UNKNOWN)


def test_the_authoritys_own_faults_are_the_managers_whose_people_told_of_them(chat: Chat) -> None:
    with acting(chat.database, "maria", chat.now) as maria:
        assert own_faults(maria) == [
            OwnFaultSeen(
                SignalId(2),
                "A-2",
                SignalCode("deviation"),
                "Södergården",
                "received",
                maria.person.name,
                takes=True,
                ends=True,
            )
        ]
        assert logged_by(maria.tx, "read", maria.person.id)[-1] == "own_faults"
    with acting(chat.database, "karin", chat.now) as karin:
        assert isinstance(change(karin, SignalId(2), "clear", WHY, 1), Judged)
    with acting(chat.database, "maria", chat.now) as maria:
        assert own_faults(maria) == []


def test_nobody_in_particular_is_shown_no_signal(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        assert isinstance(signal(Reader(tx, None, chat.now, channel=True), SignalId(1)), Refused)
