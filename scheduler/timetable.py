"""The timetable: when the clock wakes the jobs; a memory store, since what is due is never kept here."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from followup.times.calendar import MUNICIPAL_ZONE


def timetable(
    *jobs: Callable[[], Awaitable[None]], every: timedelta = timedelta(minutes=1)
) -> AsyncIOScheduler:
    """A scheduler, not yet started, of jobs every minute, none beside itself; a missed one is caught up by the next."""
    made = AsyncIOScheduler(timezone=MUNICIPAL_ZONE)
    options = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    for job in jobs:
        made.add_job(job, IntervalTrigger(seconds=int(every.total_seconds())), **options)
    return made
