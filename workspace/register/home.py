"""The administrator's first page: what waits for her, each a link to where it is done."""

from followup.people import Conversation, Role
from services.acting import Refused
from services.register.waiting import waiting
from workspace.frame.answer import PageAnswer, Shown, refused
from workspace.frame.entry import PageOf
from workspace.frame.visit import Visit


def what_waits(visit: Visit) -> PageAnswer:
    found, say = waiting(visit.acting), visit.say
    if isinstance(found, Refused):
        return refused(found)
    rows = [
        ("import", found.uploads, say("page.admin.uploads", n=found.uploads)),
        ("leveranser", found.uncertain, say("page.admin.uncertain", n=found.uncertain)),
        ("leveranser", found.failed, say("page.admin.failed", n=found.failed)),
        ("personer", found.without_account, say("page.admin.without_account", n=found.without_account)),
        ("logg", found.quarter, say("page.admin.quarter", quarter=found.quarter or "")),
        ("gallring", found.to_decide, say("page.admin.to_decide", n=found.to_decide)),
    ]
    values = {"rows": [(path, title) for path, number, title in rows if number], "day": visit.acting.today}
    return Shown("admin.html", say("page.admin"), values)


OFFERED = (
    PageOf("/administration", Conversation.REGISTER, what_waits, tab="page.tab.admin", home=Role.ADMIN),
)
