"""Contracts that end soon, or have ended where somebody is placed all the same: whose, given on, and reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from dialogs.turn import Stored
from followup import PersonId
from followup.people import Conversation, Person
from followup.provider import EndingContract
from services.acting import Acting, Refused
from services.clocks.contract_owners import NOBODY, ContractHands, ContractsDone, SeenContract, give, remind
from services.named import MOST_OFFERED
from services.views.ending_contracts import ending_contracts
from services.views.people import names_of
from workspace.frame.answer import DeedDone, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/avtal"
TICKED, TO = "vald", "till"


@dataclass(frozen=True)
class ContractRow:
    """`tick` is what its box sends, empty of one that is not hers to give."""

    one: EndingContract
    owner: str
    tick: str


def contracts(visit: Visit) -> PageAnswer:
    return _page(visit)


def _page(visit: Visit, wrong: str = "", ticked: Sequence[str] = ()) -> PageAnswer:
    found, hands = ending_contracts(visit.acting, None), ContractHands(visit.acting)
    if isinstance(found, Refused):
        return refused(found)
    here = ListPage(PATH, visit.asked.page, len(found.contracts))
    # Drawn when the reading is over, so all that is read is read here.
    values = {
        "rows": _rows(visit, hands, found.contracts[here.start : here.start + PAGE]),
        "here": here,
        "found": found,
        "today": visit.acting.today,
        "ticked": set(ticked),
        "to": visit.asked.sent(TO),
        "offered": hands.offered(MOST_OFFERED),
        "told": [said for one in visit.stored("contracts") for said in _told(visit, one)],
        "problem": wrong,
        "wrong": bool(wrong),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return Shown("contracts.html", visit.say("contracts.title"), values, status)


def _rows(visit: Visit, hands: ContractHands, found: Sequence[EndingContract]) -> list[ContractRow]:
    """Her own people by name, as far as the table goes; that somebody else has it is told of the others."""
    say = visit.say
    names = names_of(visit.acting, [one.owner_id for one in found if one.owner_id is not None])

    def owner(one: EndingContract) -> str:
        if one.owner_id is None:
            return say("alert.nobody_short")
        return names[one.owner_id] if hands.knows(one.owner_id) else say("page.contracts.other")

    return [
        ContractRow(one, owner(one), f"{one.id}:{one.owner_id or NOBODY}" if hands.has(one) else "")
        for one in found
    ]


def _told(visit: Visit, stored: Stored) -> list[tuple[str, str]]:
    """What her form did, and what it did not with why: each a tone and a sentence."""
    of, say = stored.numbers, visit.say
    name = names_of(visit.acting, [PersonId(of["to"])]).get(PersonId(of["to"]), "") if of["to"] else ""
    said = []
    if of["done"]:
        how = "page.give.done" if name else "page.contracts.reminded"
        said.append(("good", say(how, n=len(of["done"]), name=name, numbers=", ".join(of["done"]))))
    return said + [
        ("warning", say(f"page.contracts.left.{why}", number=number)) for number, why in of["left"]
    ]


def arrange(visit: Visit) -> PageAnswer:
    """The ticked ones are given to somebody, or whoever has each is reminded of it."""
    ticked = visit.asked.form.get(TICKED, ())
    seen = [one for text in ticked if (one := _read(text)) is not None]
    if not seen:
        return ShownAgain(lambda again: _page(again, again.say("page.give.nothing"), ticked))
    if visit.asked.sent("gor") == "paminn":
        return _done(remind(visit.acting, seen), NOBODY)
    to = _receiver(visit.acting, visit.asked.sent(TO))
    if to is None:
        return ShownAgain(lambda again: _page(again, again.say("page.give.nobody"), ticked))
    return _done(give(visit.acting, seen, to), to.id)


def _receiver(acting: Acting, typed: str) -> Person | None:
    """By her key, chosen in the list or typed: it may be a number, so that it and the bot's own are not both taken."""
    return ContractHands(acting).receiver_by_key(typed.strip())


def _read(ticked: str) -> SeenContract | None:
    number, colon, owner = ticked.partition(":")
    known = colon and all(one.isascii() and one.isdecimal() and len(one) < 9 for one in (number, owner))
    return SeenContract(int(number), PersonId(int(owner))) if known else None


def _done(done: ContractsDone | Refused, to: PersonId) -> PageAnswer:
    if isinstance(done, Refused):
        return refused(done)
    left = [list(one) for one in done.left]
    return DeedDone(Stored("contracts", {"to": to, "done": list(done.done), "left": left}))


OFFERED = (
    PageOf(PATH, Conversation.STATUS, contracts, reads_much=True, tab="page.tab.avtal"),
    DeedOf(f"{PATH}/ansvar", Conversation.STATUS, arrange, PATH),
)
