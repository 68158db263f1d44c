"""How it stands (läge): bands, response rates, what has changed, what to follow up, whom the bot does not reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from followup.access.access import DataKind
from followup.access.targets import AgainstTarget
from followup.log.subject import What
from followup.people import Conversation
from followup.risk.bands import Shown
from followup.times.month import Month
from services.acting import Acting, Refused
from services.views.alerts import overdue_alerts
from services.views.changes import BandChange, changes_since_month, is_still_counting
from services.views.contacts import OverdueCare, of_own_teams
from services.views.response_rates import ResponseRate, newest_rates
from services.views.targets import against_targets
from services.views.unanswered import Reached, Unreached, reaching
from services.views.units import UnitRows, rows_in_bands
from storage.risk import standings

TO_FOLLOW: tuple[Shown, ...] = ("red", "yellow", "insufficient")


@dataclass(frozen=True)
class Status:
    """`bands` counts the followed units, `changes` are since the last month's end, `overdue` is of own teams.

    `counting` where more may follow of what is stored already.
    """

    day: date
    bands: Mapping[Shown, int]
    rates: Sequence[ResponseRate]
    changed_since: date
    changes: Sequence[BandChange]
    to_follow: UnitRows
    alerts_late: int
    unreached: Sequence[Unreached]
    reached: Reached
    overdue: Sequence[OverdueCare]
    targets: Sequence[AgainstTarget]
    counting: bool


def status(acting: Acting) -> Status | Refused:
    """Logged: of a unit with few placements, how it stands is about a child."""
    if not acting.may(Conversation.STATUS) or not acting.sees(DataKind.UNIT):
        return acting.refuse(What.STATUS.of())
    acting.log("read", What.STATUS.of())
    last_month = Month.of(acting.today).previous
    not_reached, reached = reaching(acting)
    counted = standings.counted(acting.tx)
    return Status(
        day=acting.today,
        bands=counted,
        rates=newest_rates(acting),
        changed_since=last_month.last,
        changes=changes_since_month(acting, last_month),
        to_follow=rows_in_bands(acting, TO_FOLLOW, counted=counted),
        alerts_late=overdue_alerts(acting),
        unreached=not_reached,
        reached=reached,
        overdue=of_own_teams(acting),
        targets=against_targets(acting),
        counting=is_still_counting(acting),
    )
