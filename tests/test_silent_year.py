"""A year in which nobody answers anything: who is told how often, and never twice in a day but of what cannot wait."""

from datetime import date, datetime, timedelta

from followup.people import Role
from followup.times.calendar import at_municipal, municipal_day, next_working_day, nth_working_day
from followup.times.month import Month
from services.acting import Acting, Refused
from services.signals.raising import raise_signal
from storage.engine.database import Database
from storage.messages import counting
from storage.register import people
from tests.support.builders import Register, at
from tests.support.edge import Edge, at_the_edge
from tests.support.turns import SLAP
from tests.support.unasked import assert_docs_say, two_in_a_day, unasked

BEGINS, ENDS = at("2026-11-02 08:00"), at("2027-10-29 08:00")
# A round asks, reminds and tells of what is missing on these working days of the month.
ROUND_DAYS = (1, 3, 7, 11)
PEOPLE = {Role.WORKER: 2, Role.QUALITY: 1, Role.MANAGER: 1, Role.ADMIN: 1}


def _next(edge: Edge) -> datetime:
    """The next morning on which something is due: the week's, one of the round's, or what has been put off until it."""
    with edge.database.reading() as tx:
        waits = counting.next_due(tx)
    day = next_working_day(municipal_day(edge.clock()))
    while not (_is_of_week_or_round(day) or (waits and waits <= at_municipal(day))):
        day = next_working_day(day)
    return at_municipal(day)


def _is_of_week_or_round(day: date) -> bool:
    """The first working day of a week, on which the letter comes, or one of the round's days."""
    before = day - timedelta(days=1)
    first = next_working_day(before - timedelta(days=before.isoweekday() % 7))
    return day in (first, *(nth_working_day(Month.of(day), nth) for nth in ROUND_DAYS))


async def test_in_a_year_without_an_answer_nobody_gets_two_unasked_messages_in_a_day(
    municipality: Database,
) -> None:
    """One blow is told of before the first morning, and nobody takes the alert."""
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
        anna = people.by_key(tx, "anna")
        assert anna is not None
        told = {**SLAP, "event_on": "2026-11-01", "unit": "1"}
        assert not isinstance(raise_signal(Acting(tx, anna, BEGINS), told), Refused)
    async with at_the_edge(municipality, "2026-11-01 12:00", sends=False) as edge:
        while (moment := _next(edge)) <= ENDS:
            edge.clock.move_to(moment)
            await edge.bot.wake()
            await edge.bot.deliverer.drain()
        went = unasked(municipality)
        assert two_in_a_day(went) == []
        assert_docs_say(went, PEOPLE)
        with municipality.reading() as tx:
            assert set(counting.count_by_state(tx)) <= {"sent", "cancelled", "ready"}
            assert not counting.any_due(tx, ENDS)
