"""The limits on sending: no window is exceeded, and nothing waits that may be sent."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.replicas import most_in
from bot.answered import LONGEST_HOLD
from followup.messages.operation import TokenRefused
from followup.messages.pacing import CONVERSATION_WINDOWS, Window, earliest, next_slot
from storage.engine.database import Database
from storage.messages import claiming, pacing, queueing
from storage.register import people

START = datetime(2026, 11, 2, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SMALL_WINDOWS = (Window(2, SECOND), Window(3, 4 * SECOND))
PER_SECOND = 5.0


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("sent", "now", "allowed"),
    [
        ([], 0, 0),
        ([0.0] * 6, 0, 0),
        ([0.0] * 7, 0, 1),
        ([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 0.7, 1.0),
        ([0.0] * 7 + [1.0], 1.0, 2.0),
        ([float(second) / 2.5 for second in range(60)], 24.0, 30.0),
        ([0.0] * 7, 60, 60),
    ],
)
def test_teams_windows_say_when_the_next_message_may_go(
    sent: list[float], now: float, allowed: float
) -> None:
    assert earliest([after(one) for one in sent], after(now)) == after(allowed)


def test_the_tenants_stream_is_even() -> None:
    free, slots = START, []
    for _ in range(4):
        slot, free = next_slot(free, START, 4.0)
        slots.append(slot)
    assert slots == [after(0), after(0.25), after(0.5), after(0.75)]


def test_an_idle_stream_gives_the_next_message_its_slot_at_once() -> None:
    assert next_slot(START, after(10), 4.0) == (after(10), after(10.25))


ARRIVALS = st.lists(st.tuples(st.integers(0, 8000), st.integers(0, 3)), max_size=60)


@settings(deadline=None)
@given(ARRIVALS)
def test_over_any_arrivals_no_window_is_exceeded_and_the_pipe_is_never_idle_in_vain(
    arrivals: list[tuple[int, int]],
) -> None:
    """Arrivals are (milliseconds, conversation); the clock goes from event to event."""
    waiting = sorted((after(milliseconds / 1000), conversation) for milliseconds, conversation in arrivals)
    sent: dict[int, list[datetime]] = defaultdict(list)
    stream: list[datetime] = []
    free = now = START
    while waiting:
        may_go = [(max(at, earliest(sent[one], now, SMALL_WINDOWS)), at, one) for at, one in waiting]
        moment, at, conversation = min(may_go)
        slot, free = next_slot(free, moment, PER_SECOND)
        idle_from = stream[-1] + SECOND / PER_SECOND if stream else START
        assert slot == max(idle_from, moment)
        waiting.remove((at, conversation))
        sent[conversation].append(slot)
        stream.append(slot)
        now = slot
    for one in sent.values():
        _assert_within(one, SMALL_WINDOWS)
    _assert_within(stream, (Window(int(PER_SECOND), SECOND),))


def _assert_within(sent: list[datetime], windows: tuple[Window, ...]) -> None:
    for window in windows:
        for first in sent:
            assert sum(first <= one < first + window.span for one in sent) <= window.sends


@given(st.lists(st.integers(0, 4_000_000), max_size=40))
def test_the_real_windows_hold_over_any_arrivals_in_one_conversation(arrivals: list[int]) -> None:
    sent: list[datetime] = []
    for arrival in sorted(arrivals):
        now = max(after(arrival / 1000), sent[-1] if sent else START)
        sent.append(earliest(sent, now))
    _assert_within(sent, CONVERSATION_WINDOWS)


@pytest.mark.parametrize(
    ("moments", "most"),
    [
        ([], 0),
        ([0.0], 1),
        ([0.0, 0.5, 0.99], 3),
        ([0.0, 0.5, 1.0], 2),
        ([0.0, 0.9, 1.2, 1.8], 3),
        ([3.0, 5.0, 7.0], 1),
    ],
)
def test_the_bench_counts_what_comes_in_any_stretch_wherever_it_begins(
    moments: list[float], most: int
) -> None:
    assert most_in(Window(2, SECOND), moments) == most


def test_what_was_to_come_apart_comes_apart_also_where_the_process_was_given_no_time(
    municipality: Database,
) -> None:
    """Each has its slot, nothing is begun for nine seconds, and then all of them are."""
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        for number in range(12):
            queueing.queue(tx, f"late:{number}", TokenRefused(START), START, person_id=karin.id)
        ready = claiming.due(tx, START, 12)
        slots = {one.id: START + number * SECOND / 2 for number, one in enumerate(ready)}
        for one in ready:
            claiming.reserve(tx, one, "slept", START, slots[one.id])
    begun, moment = list[datetime](), after(9)
    while ready and moment < after(30):
        with municipality.transaction() as tx:
            for one in list(ready):
                [anew] = pacing.slots_now(tx, [(one, slots[one.id])], moment, 40.0)
                if anew is not None:
                    begun.append(anew)
                    ready.remove(one)
        moment += SECOND / 4
    assert len(begun) == 12
    assert begun == sorted(begun)
    for window in CONVERSATION_WINDOWS:
        assert most_in(window, [one.timestamp() for one in begun]) <= window.sends
    assert all(later - sooner >= SECOND / 41 for sooner, later in pairwise(begun))


def test_a_slot_that_has_just_come_is_kept_and_asks_for_no_lock(municipality: Database) -> None:
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        queueing.queue(tx, "in time", TokenRefused(START), START, person_id=karin.id)
        [one] = claiming.due(tx, START, 1)
        assert pacing.slots_now(tx, [(one, START)], after(1 / 40), 40.0) == [START]
        assert not tx.held


@pytest.mark.parametrize("behind", [timedelta(0), SECOND], ids=["here", "a replica"])
def test_the_longest_pause_that_is_asked_for_is_kept_also_by_answers_and_by_a_clock_that_is_a_little_behind(
    database: Database, behind: timedelta
) -> None:
    with database.transaction() as tx:
        pacing.open_pace(tx, START, 40.0)
        pacing.hold(tx, START + LONGEST_HOLD)
        for _ in range(3):
            pacing.take_for_reply(tx, START - behind, 40.0)
        assert pacing.look_at_pace(tx, START - behind, 40.0).free_from > START + LONGEST_HOLD
