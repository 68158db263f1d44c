"""The clock: the real one, or in local mode one that can be moved forward."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Literal, Protocol

from followup.times.calendar import at_municipal, municipal_day, next_working_day, nth_working_day
from followup.times.month import Month

log = logging.getLogger(__name__)
# Less is what a computer that corrects its clock, or waits for its disk, may do.
JUMP = timedelta(hours=1)


class MovableClock(Protocol):
    def __call__(self) -> datetime: ...

    def pace(self) -> datetime:
        """The same time, but going on by itself: what the connector's limits are counted in."""
        ...

    def move_to(self, moment: datetime) -> None: ...


class Clock:
    """Runs at the real pace, ahead of the real time by what it has been moved."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self._ahead = ahead

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead  # noqa: TID251 - this is the one clock.

    def pace(self) -> datetime:
        return self()

    def move_to(self, moment: datetime) -> None:
        """Forward only: what has been done cannot be undone by going back."""
        self._ahead += max(moment - self(), timedelta(0))


def is_within(now: datetime, since: datetime | None, span: timedelta) -> bool:
    """Whether no more than that has passed; what a clock that was ahead has noted was never."""
    return since is not None and timedelta(0) <= now - since < span


class JumpWatch:
    """Holds the clock on the wall against the one that only goes forward, for as long as the process runs."""

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._before: tuple[datetime, float] | None = None

    def look(self, now: datetime) -> timedelta:
        """How far the clock has jumped since the last look, backward below nothing; one of an hour is logged."""
        seconds, before = self._seconds(), self._before
        self._before = now, seconds
        if before is None:
            return timedelta(0)
        jumped = (now - before[0]) - timedelta(seconds=seconds - before[1])
        if abs(jumped) >= JUMP:
            log.warning("the clock has jumped by %s, to %s", jumped, now.isoformat())
        return jumped


class ManualClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._began = monotonic()

    def __call__(self) -> datetime:
        return self._now

    def pace(self) -> datetime:
        return self._now + timedelta(seconds=monotonic() - self._began)

    def move_to(self, moment: datetime) -> None:
        self._now = max(self._now, moment)


ClockStep = Literal["next_working_day", "next_month"]


def moment_after(now: datetime, step: ClockStep) -> datetime:
    """08:00 on the `next_working_day`, or on the first working day of the `next_month`."""
    today = municipal_day(now)
    if step == "next_month":
        return at_municipal(nth_working_day(Month.of(today).next, 1))
    return at_municipal(next_working_day(today))
