"""How it stands (läge): bands, response rates, what has changed, what to follow up, whom the bot does not reach."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from followup.access.access import DataKind
from followup.log.subject import What
from followup.people import Conversation
from followup.risk.chart import Tone
from followup.times.month import Month
from services.acting import Acting, Refused
from services.views.changes import BandChange, all_readings, changes_since_day
from services.views.contacts import OverdueCare, of_own_teams
from services.views.digest import overdue_alerts
from services.views.response_rates import ResponseRate, newest_rates
from services.views.unanswered import Unreached, unreached
from services.views.units import UnitRow, rows_in_bands, shown_band

TO_FOLLOW: tuple[Tone, ...] = ("red", "yellow", "insufficient")


@dataclass(frozen=True)
class Status:
    """`bands` counts the followed units, `changes` are since the last month's end, `overdue` is of own teams."""

    day: date
    bands: Mapping[Tone, int]
    rates: Sequence[ResponseRate]
    changed_since: date
    changes: Sequence[BandChange]
    to_follow: Sequence[UnitRow]
    alerts_late: int
    unreached: Sequence[Unreached]
    overdue: Sequence[OverdueCare]


def status(acting: Acting) -> Status | Refused:
    """Logged: of a unit with few placements, how it stands is about a child."""
    if not acting.may(Conversation.STATUS) or not acting.sees(DataKind.UNIT):
        return acting.refuse(What.STATUS.of())
    acting.log("read", What.STATUS.of())
    readings, last_month = all_readings(acting), Month.of(acting.today).previous
    return Status(
        day=acting.today,
        bands=Counter(shown_band(reading.judgement) for _, reading in readings),
        rates=newest_rates(acting),
        changed_since=last_month.last,
        changes=changes_since_day(acting, readings, last_month.last),
        to_follow=rows_in_bands(acting, readings, TO_FOLLOW),
        alerts_late=overdue_alerts(acting),
        unreached=unreached(acting),
        overdue=of_own_teams(acting),
    )
