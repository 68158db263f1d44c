"""How it stands (läge): bands, who has answered, what has changed, which units to look at, and the open alerts."""

from collections.abc import Sequence

from dialogs.alerts.alert_card import raised
from dialogs.alerts.alert_card import title as alert_title
from dialogs.overview.changes import change_rows
from dialogs.overview.overdue import overdue_of_teams
from dialogs.overview.response_rates import rate_parts
from dialogs.overview.status import bands
from dialogs.overview.targets import target_parts
from dialogs.overview.unanswered import not_reached
from dialogs.overview.unit_rows import band_mark, short_why
from followup.access.access import DataKind
from followup.people import Conversation, Role
from services.acting import Refused
from services.views.alerts import AlertHead, open_alerts
from services.views.overview import status
from workspace.frame.answer import PageAnswer, Shown, refused
from workspace.frame.entry import PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/lage"


def how_it_stands(visit: Visit) -> PageAnswer:
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
    }
    return Shown("status.html", say("status.title"), values)


def _alerts(visit: Visit) -> Sequence[AlertHead]:
    found = open_alerts(visit.acting) if visit.acting.sees(DataKind.ALERT) else ()
    return () if isinstance(found, Refused) else found


OFFERED = (
    PageOf(PATH, Conversation.STATUS, how_it_stands, reads_much=True, tab="page.tab.lage", home=Role.MANAGER),
)
