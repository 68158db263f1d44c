"""How it stands (läge), now or at an earlier month's end: bands, answers by team, units, alerts, and files of it."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from dialogs.alerts.alert_card import raised
from dialogs.alerts.alert_card import title as alert_title
from dialogs.card import Download
from dialogs.overview.changes import change_rows
from dialogs.overview.figures import all_in_file, response_file
from dialogs.overview.overdue import overdue_of_teams
from dialogs.overview.response_rates import rate_parts, rate_sentence
from dialogs.overview.status import band_chart, bands
from dialogs.overview.targets import target_parts
from dialogs.overview.unanswered import how_many_were_reached, not_reached
from dialogs.overview.unit_rows import band_mark, short_why
from dialogs.turn import Turn
from followup.access.access import DataKind
from followup.people import Conversation, Role
from followup.times.month import Month, Months
from services.acting import Refused
from services.views.alerts import AlertHead, open_alerts
from services.views.overview import status
from services.views.response_rates import ResponseRate, TeamRate, newest_rates, rates_of_teams
from services.views.status_then import status_then
from workspace.frame.answer import PageAnswer, Shown, refused
from workspace.frame.entry import ROOT, DeedOf, PageOf
from workspace.frame.files import offered_file
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH, MONTH = "/lage", "manad"
FILES: Mapping[str, Callable[[Turn, Month], Download]] = {
    "svar": response_file,
    "allt": lambda turn, _: all_in_file(turn),
}


def how_it_stands(visit: Visit) -> PageAnswer:
    month = _month(visit, visit.asked.query.get(MONTH, ""))
    return _now(visit) if month is None else _then(visit, month)


def _month(visit: Visit, said: str) -> Month | None:
    """One that is over; None of anything else."""
    try:
        month = Month.parse(said)
    except ValueError:
        return None
    return month if month.last < visit.acting.today else None


def _then(visit: Visit, month: Month) -> PageAnswer:
    """As the units that are followed now were read at its end."""
    found, say = status_then(visit.acting, month), visit.say
    if isinstance(found, Refused):
        return refused(found)
    here = ListPage(PATH, visit.asked.page, len(found.units), {MONTH: str(month)})
    units = found.units[here.start : here.start + PAGE]
    values = {
        "found": found,
        "bands": band_chart(found.bands, say) if found.bands else [],
        "units": [(unit, band, band_mark(band, say)) for band, unit in units],
        "here": here,
        "rates": [rate_sentence(one, say) for one in found.rates],
        **_by_period(visit, newest_rates(visit.acting), month),
    }
    return Shown("status_then.html", say("status.title"), values)


def _by_period(visit: Visit, rates: Sequence[ResponseRate], month: Month | None) -> dict[str, object]:
    """Her teams in the month, or in the newest one; and the months that there are."""
    closed = [one.month for one in rates if one.month.last < visit.acting.today]
    shown = month or next((one.month for one in rates), None)
    earlier = [(one, f"{ROOT}{PATH}?{urlencode({MONTH: str(one)})}", one == month) for one in closed]
    return {
        "teams": _teams(visit, shown) if shown else [],
        "month": shown,
        "months": [(None, ROOT + PATH, month is None), *earlier],
    }


def _teams(visit: Visit, month: Month) -> Sequence[TeamRate]:
    told = rates_of_teams(visit.acting, Months(month, month), 1)
    return told.rows if told else []


def fetch(visit: Visit) -> PageAnswer:
    """As XLSX: how many reports of the month are in, or all figures that can be asked for."""
    month = _month(visit, visit.asked.sent(MONTH)) or Month.of(visit.acting.today).previous
    make = FILES.get(visit.asked.sent("fil"), FILES["allt"])
    return offered_file(visit, make(visit.turn(), month))


def _now(visit: Visit) -> PageAnswer:
    acting, say = visit.acting, visit.say
    found = status(acting)
    if isinstance(found, Refused):
        return refused(found)
    alerts = _alerts(visit)
    here = ListPage(PATH, visit.asked.page, len(alerts))
    values = {
        "found": found,
        "first": [
            *bands(found, say),
            *rate_parts(visit.turn(), found.rates),
            *how_many_were_reached(found.reached, say),
            *target_parts(found.targets, say),
        ],
        "changes": change_rows(found.changes, say),
        "alerts": alerts[here.start : here.start + PAGE],
        "here": here,
        "sees_alerts": acting.sees(DataKind.ALERT),
        "alert_title": lambda head: alert_title(head, say),
        "raised": raised,
        "last": [
            *overdue_of_teams(found.overdue, visit.municipality.contact_days, say),
            *not_reached(found.unreached, say),
        ],
        "mark": lambda row: band_mark(row.band, say),
        "why": lambda row: short_why(row, say),
        **_by_period(visit, found.rates, None),
    }
    return Shown("status.html", say("status.title"), values)


def _alerts(visit: Visit) -> Sequence[AlertHead]:
    found = open_alerts(visit.acting) if visit.acting.sees(DataKind.ALERT) else ()
    return () if isinstance(found, Refused) else found


OFFERED = (
    PageOf(PATH, Conversation.STATUS, how_it_stands, reads_much=True, tab="page.tab.lage", home=Role.MANAGER),
    DeedOf(f"{PATH}/hamta", Conversation.STATUS, fetch, PATH),
)
