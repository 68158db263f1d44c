"""How it stood at the end of a month that has passed: the bands as they were read then, and that month's reports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from followup.access.access import DataKind
from followup.figures.counting import in_order
from followup.log.subject import What
from followup.people import Conversation
from followup.provider import Unit
from followup.risk.bands import Shown, never_plain_green
from followup.times.month import Month
from services.acting import Acting, Refused
from services.views.overview import TO_FOLLOW
from services.views.response_rates import ResponseRate, rates_of
from services.views.unit_names import followed
from storage.month import rounds
from storage.overview.year_figures import month_ends_between


@dataclass(frozen=True)
class StatusThen:
    """`units` are those in the bands to follow up, by band and then by name; no band where nothing was read then."""

    day: date
    bands: Mapping[Shown, int]
    units: Sequence[tuple[Shown, Unit]]
    rates: Sequence[ResponseRate]


def status_then(acting: Acting, month: Month) -> StatusThen | Refused:
    """Of the units that are followed now; logged as how it stands is."""
    if not acting.may(Conversation.STATUS) or not acting.sees(DataKind.UNIT):
        return acting.refuse(What.STATUS.of())
    acting.log("read", What.STATUS.of(str(month)))
    known = {one.id: one for one in followed(acting)}
    shown = [
        (never_plain_green(one.shown, enough=one.enough), known[one.unit_id])
        for one in month_ends_between(acting.tx, month.last, month.last)
        if one.unit_id in known
    ]
    asked = rounds.by_month(acting.tx, month)
    return StatusThen(
        month.last,
        Counter(band for band, _ in shown),
        sorted(
            ((band, unit) for band, unit in shown if band in TO_FOLLOW),
            key=lambda pair: (TO_FOLLOW.index(pair[0]), in_order(pair[1].name)),
        ),
        rates_of(acting, [asked]) if asked else [],
    )
