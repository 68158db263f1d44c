"""What is proposed of follow-ups that a selection opens: a day each in those still to come, and an owner each."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from followup import PersonId
from followup.times.calendar import is_working_day
from followup.times.deadlines import YearDates


def proposed_days(number: int, today: date, dates: YearDates, year: int, part: int) -> list[date | None]:
    """Working days, as evenly as there are, until the follow-ups are to be done; none where the year has passed."""
    until = dates.on("follow_ups_done", year, part)
    after = max(today, date(year - 1, 12, 31))
    if until <= after:
        until = date(year, 12, 31)
    length = max((until - after).days, 0)
    days = [day for n in range(length) if is_working_day(day := after + timedelta(days=n + 1))]
    if not days:
        return [None] * number
    return [days[(2 * nth + 1) * len(days) // (2 * number)] for nth in range(number)]


def proposed_owners(number: int, team: Sequence[PersonId], has: Mapping[PersonId, int]) -> list[PersonId]:
    """Each to the one who then has the fewest open, the first of the team among several."""
    counts = {one: has.get(one, 0) for one in team}
    owners = []
    for _ in range(number):
        owner = min(team, key=lambda one: counts[one])
        counts[owner] += 1
        owners.append(owner)
    return owners
