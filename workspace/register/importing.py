"""Bringing files into the register: chosen, looked through, told, confirmed on a page of its own, and brought in."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from dialogs.card import Download
from dialogs.turn import Stored
from followup.people import Conversation
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.register.uploads import (
    LARGEST_MEBIBYTES,
    MEBIBYTE,
    MOST_FILES,
    UploadSeen,
    confirm,
    let_be,
    own_names,
    own_uploads,
    receive,
    rejected,
    seen,
    take_rejected,
)
from workspace.frame.answer import DeedDone, NoSuchPage, PageAnswer, Shown, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.files import offered_file
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/import"
ONE = f"{PATH}/{{number}}"
CONFIRMING = f"{ONE}/bekrafta"
NOTHING_TOLD: Mapping[str, Any] = {
    "problems": (),
    "warnings": (),
    "ending": (),
    "counts": {},
    "missing": 0,
    "unscored": 0,
}
# A form around the files themselves.
AROUND = 64 * 1024


def handing_in(visit: Visit) -> PageAnswer:
    return _page(visit, ())


def _page(visit: Visit, problems: Sequence[Problem]) -> PageAnswer:
    found = own_uploads(visit.acting)
    if isinstance(found, Refused):
        return refused(found)
    values = {
        "uploads": found,
        "own_names": own_names(visit.acting),
        "problem": visit.say.say(problems[0].what) if problems else "",
        "limits": {"megabytes": LARGEST_MEBIBYTES, "most": MOST_FILES},
        "complete": bool(visit.asked.sent("complete")),
        "wrong": bool(problems),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return Shown("importing.html", visit.say("page.import"), values, status)


def hand_in(visit: Visit) -> PageAnswer:
    files = [(one.name, one.content) for one in visit.asked.files]
    done = receive(visit.acting, files, complete=bool(visit.asked.sent("complete")))
    if isinstance(done, Refused):
        return _page(visit, done.problems) if done.why == Why.WRONG else refused(done)
    return DeedDone(Stored("upload", {"upload": done.number}), to=f"{PATH}/{done.number}")


def preview(visit: Visit) -> PageAnswer:
    """What is wrong, row by row, or what would change and what would end."""
    found = seen(visit.acting, visit.asked.number("number", int))
    if isinstance(found, Refused):
        return refused(found)
    return Shown("import_preview.html", visit.say("page.import"), _values(visit, found))


def _values(visit: Visit, found: UploadSeen) -> dict[str, object]:
    told = {**NOTHING_TOLD, **found.upload.told}
    problems, warnings, ending = told["problems"], told["warnings"], told["ending"]
    here = ListPage(f"{PATH}/{found.number}", visit.asked.page, max(map(len, (problems, warnings, ending))))
    rows = slice(here.start, here.start + PAGE)
    left = rejected(visit.acting, found.number)
    return {
        "seen": found,
        "told": told,
        "problems": problems[rows],
        "warnings": warnings[rows],
        "ending": ending[rows],
        "here": here,
        "rejected": [] if isinstance(left, Refused) else left,
    }


def confirming(visit: Visit) -> PageAnswer:
    found = seen(visit.acting, visit.asked.number("number", int))
    if isinstance(found, Refused):
        return refused(found)
    return _confirming(visit, found, ()) if found.can_be_confirmed else NoSuchPage()


def _confirming(visit: Visit, found: UploadSeen, problems: Sequence[Problem]) -> Shown:
    values = {
        **_values(visit, found),
        "problem": visit.say.say(problems[0].what) if problems else "",
        "typed": visit.asked.sent("ends"),
        "wrong": bool(problems),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return Shown("import_confirming.html", visit.say("page.import.confirm"), values, status)


def bring_in(visit: Visit) -> PageAnswer:
    number = visit.asked.number("number", int)
    done = confirm(visit.acting, number, visit.asked.sent("ends"))
    if not isinstance(done, Refused):
        return DeedDone(Stored("upload", {"upload": done.number}))
    if done.why == Why.CHANGED:
        return DeedDone()
    found = seen(visit.acting, number) if done.why == Why.WRONG else done
    return refused(found) if isinstance(found, Refused) else _confirming(visit, found, done.problems)


def leave_it(visit: Visit) -> PageAnswer:
    done = let_be(visit.acting, visit.asked.number("number", int))
    if done is None:
        return DeedDone()
    return DeedDone(to=f"{PATH}/{visit.asked.named['number']}") if done.why == Why.CHANGED else refused(done)


def fetch(visit: Visit) -> PageAnswer:
    """Rows that were left out, with why, by a link that works once: to be corrected and handed in again."""
    number = visit.asked.number("number", int)
    name = take_rejected(visit.acting, number, visit.asked.sent("fil"))
    if isinstance(name, Refused):
        return refused(name)
    say = visit.say
    file = Download(
        title=name,
        about=say("page.import.rejected.about"),
        fetch=say("order.fetch"),
        otherwise="",
        kind="rejected_rows",
        subject={"upload": number, "file": name},
    )
    return offered_file(visit, file)


OFFERED = (
    PageOf(PATH, Conversation.REGISTER, handing_in, tab="page.tab.import"),
    PageOf(ONE, Conversation.REGISTER, preview),
    PageOf(CONFIRMING, Conversation.REGISTER, confirming),
    DeedOf(PATH, Conversation.REGISTER, hand_in, PATH, takes_bytes=LARGEST_MEBIBYTES * MEBIBYTE + AROUND),
    DeedOf(CONFIRMING, Conversation.REGISTER, bring_in, ONE),
    DeedOf(f"{ONE}/avvisade", Conversation.REGISTER, fetch, ONE),
    DeedOf(f"{ONE}/lat-bli", Conversation.REGISTER, leave_it, PATH),
)
