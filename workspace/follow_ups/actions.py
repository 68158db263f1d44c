"""What is to be done after follow-ups: every action that is not finished, the nearest day first, in pages."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from followup.people import Conversation
from services.acting import Refused
from services.views.follow_ups import ActionView, unfinished
from workspace.frame.answer import PageAnswer, Shown, refused
from workspace.frame.entry import ROOT, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/atgarder"
WHICH = "vilka"
# What the address may ask for; without any of them all are shown.
_IS_OF: Mapping[str, Callable[[Visit, ActionView], bool]] = {
    "mina": lambda visit, one: one.one.owner_id == visit.person.id,
    "sena": lambda _, one: one.days_late is not None,
    "verifiera": lambda _, one: one.verifiable,
}
WHICH_WORDS = ("alla", *_IS_OF)


def actions(visit: Visit) -> PageAnswer:
    found = unfinished(visit.acting)
    if isinstance(found, Refused):
        return refused(found)
    wanted = next((one for one in _IS_OF if one == visit.asked.query.get(WHICH)), "alla")
    shown = {name: [one for one in found if _is_of(visit, name, one)] for name in WHICH_WORDS}
    rows = shown[wanted]
    here = ListPage(PATH, visit.asked.page, len(rows), {} if wanted == "alla" else {WHICH: wanted})
    values = {
        "rows": rows[here.start : here.start + PAGE],
        "here": here,
        "day": visit.acting.today,
        "links": [
            (visit.say(f"page.actions.{name}", number=len(these)), _address(name), name == wanted)
            for name, these in shown.items()
        ],
    }
    return Shown("actions.html", visit.say("actions.title"), values)


def _is_of(visit: Visit, name: str, one: ActionView) -> bool:
    return name not in _IS_OF or _IS_OF[name](visit, one)


def _address(name: str) -> str:
    return f"{ROOT}{PATH}" + ("" if name == "alla" else f"?{urlencode({WHICH: name})}")


OFFERED = (PageOf(PATH, Conversation.FOLLOW_UPS, actions, reads_much=True, tab="page.tab.atgarder"),)
