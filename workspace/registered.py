"""Every page and deed there is, each given by its own subject; and what of it stands in the navigation for whom."""

from followup.people import Person, may
from texts.catalogue import Texts
from workspace.cards import pressing
from workspace.cards.lately import with_lately
from workspace.follow_ups import actions, follow_up
from workspace.frame import days
from workspace.frame.drawing import Tab
from workspace.frame.entry import ROOT, Entry, PageOf
from workspace.month import child, my_children, report
from workspace.overview import (
    contracts,
    desk,
    method,
    recommending,
    status,
    threshold,
    unanswered,
    unit,
    year_report,
)
from workspace.register import home, importing, lists, log, retention, sending
from workspace.selection import selection

_OFFERED: tuple[Entry, ...] = (
    *my_children.OFFERED,
    *report.OFFERED,
    *child.OFFERED,
    *desk.OFFERED,
    *status.OFFERED,
    *unanswered.OFFERED,
    *unit.OFFERED,
    *contracts.OFFERED,
    *method.OFFERED,
    *threshold.OFFERED,
    *year_report.OFFERED,
    *recommending.OFFERED,
    *home.OFFERED,
    *importing.OFFERED,
    *follow_up.OFFERED,
    *selection.OFFERED,
    *actions.OFFERED,
    *sending.OFFERED,
    *log.OFFERED,
    *retention.OFFERED,
    *lists.OFFERED,
    *pressing.OFFERED,
    *days.OFFERED,
)
ENTRIES: tuple[Entry, ...] = tuple(
    with_lately(one) if isinstance(one, PageOf) and one.home is not None else one for one in _OFFERED
)


def tabs_of(person: Person, path: str, say: Texts) -> tuple[Tab, ...]:
    """Those of the pages with a place of their own that she may start."""
    return tuple(
        Tab(say(one.tab), ROOT + one.path if one.home != person.role else ROOT, one.path == path)
        for one in ENTRIES
        if isinstance(one, PageOf) and one.tab and may(person, one.conversation)
    )
