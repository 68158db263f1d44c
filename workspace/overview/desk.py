"""The quality team's first page: all that waits, filtered and sorted by links, and given to somebody by boxes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode

from dialogs.overview.targets import target_sentence
from dialogs.overview.unit_rows import band_mark
from dialogs.turn import Stored
from followup import PersonId
from followup.overview.desk import DeskSort
from followup.people import Conversation, Role
from services.acting import Refused
from services.giving import give
from services.overview.settings import choose_settings
from services.views.desk import desk as all_that_waits
from services.views.people import name_of, quality_team
from workspace.frame.address import address_of_number
from workspace.frame.answer import DeedDone, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import ROOT, DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import Visit
from workspace.overview.desk_lines import (
    COLUMNS,
    DESK_SORTS,
    NAMED,
    Column,
    Sifted,
    read_tick,
    shown_lines,
    sifted,
)

PATH = "/desk"
KIND, WHOSE, ORDER = "slag", "vems", "ordning"
TICKED, TO = "vald", "till"
WHOSE_WORDS: Mapping[str, Callable[[Sifted], bool]] = {
    "mina": lambda one: one.hers,
    "ingens": lambda one: one.nobodys,
    "sena": lambda one: one.late,
}


@dataclass(frozen=True)
class DeskChoice:
    """What the address asks for; `sort` is None and `whose` empty of all, and `column` is by what it is ordered."""

    sort: DeskSort | None = None
    whose: str = ""
    column: Column = "dag"
    falling: bool = False

    def has(self, one: Sifted) -> bool:
        return self.sort in (None, one.sort) and (not self.whose or WHOSE_WORDS[self.whose](one))

    @property
    def said(self) -> dict[str, str]:
        """As the address says it, without what it need not say."""
        order = ("-" if self.falling else "") + self.column
        said = {
            KIND: NAMED[self.sort] if self.sort else "",
            WHOSE: self.whose,
            ORDER: "" if order == "dag" else order,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def path(self) -> str:
        return PATH + (f"?{urlencode(self.said)}" if self.said else "")

    @property
    def address(self) -> str:
        return ROOT + self.path

    def by(self, column: Column) -> "DeskChoice":
        """Ordered by the column; by the one that it is ordered by already, the other way."""
        return replace(self, column=column, falling=column == self.column and not self.falling)


@dataclass(frozen=True)
class DeskLink:
    """`here` is how it is now: of a filter whether it is the one, of a column how it is ordered, as ARIA has it."""

    title: str
    address: str
    here: str = ""


def desk(visit: Visit) -> PageAnswer:
    return _page(visit, _chosen(visit.asked.query))


def _chosen(said: Mapping[str, str]) -> DeskChoice:
    """What is none of the words is left out."""
    order = said.get(ORDER, "")
    return DeskChoice(
        next((one for one, word in NAMED.items() if word == said.get(KIND)), None),
        next((one for one in WHOSE_WORDS if one == said.get(WHOSE)), ""),
        next((one for one in COLUMNS if one == order.removeprefix("-")), "dag"),
        order.startswith("-"),
    )


def _page(
    visit: Visit, choice: DeskChoice, *, no_number: str = "", not_given: str = "", ticked: Sequence[str] = ()
) -> PageAnswer:
    say, found = visit.say, all_that_waits(visit.acting)
    if isinstance(found, Refused):
        return refused(found)
    things = [one for one in found.items if choice.has(sifted(one))]
    here = ListPage(PATH, visit.asked.page, len(things), choice.said)
    alike = Counter(map(sifted, found.items))
    values = {
        "rows": shown_lines(visit, found, things, choice.column, here, falling=choice.falling),
        "here": here,
        "kinds": _kinds(visit, alike, choice),
        "whose": _whose(visit, alike, choice),
        "columns": {one: _column(visit, choice, one) for one in COLUMNS},
        "order": say(f"page.desk.by.{'falling.' if choice.falling else ''}{choice.column}"),
        "beyond": found.beyond,
        "counting": found.counting,
        "in_time": target_sentence(found.in_time, say) if found.in_time else "",
        "day": visit.acting.today,
        "problem": no_number,
        "number": visit.asked.sent("nummer"),
        "not_given": not_given,
        "ticked": set(ticked),
        "team": quality_team(visit.acting),
        "to": visit.asked.sent(TO),
        "choice": choice.said,
        "told": _told(visit),
        "mark": lambda band: band_mark(band, say),
        "keys": visit.person.shortcuts,
        "wrong": bool(no_number or not_given),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if no_number or not_given else HTTPStatus.OK
    return Shown("desk.html", say("page.desk"), values, status)


def _kinds(visit: Visit, alike: Mapping[Sifted, int], choice: DeskChoice) -> list[DeskLink]:
    """Of the kinds that there are any of, and the one that is asked for."""
    there = {one.sort for one in alike} | {choice.sort}
    return [
        _filter(visit, alike, choice, replace(choice, sort=one), NAMED[one] if one else "allt")
        for one in (None, *DESK_SORTS)
        if one is None or one in there
    ]


def _whose(visit: Visit, alike: Mapping[Sifted, int], choice: DeskChoice) -> list[DeskLink]:
    return [
        _filter(visit, alike, choice, replace(choice, whose=one), one or "allas")
        for one in ("", *WHOSE_WORDS)
    ]


def _filter(
    visit: Visit, alike: Mapping[Sifted, int], choice: DeskChoice, other: DeskChoice, name: str
) -> DeskLink:
    number = sum(times for one, times in alike.items() if other.has(one))
    title = visit.say(f"page.desk.{name}", number=number)
    return DeskLink(title, other.address, "true" if other == choice else "")


def _column(visit: Visit, choice: DeskChoice, column: Column) -> DeskLink:
    title, here = visit.say(f"page.desk.column.{column}"), ""
    if choice.column == column:
        here = "descending" if choice.falling else "ascending"
    return DeskLink(title, choice.by(column).address, here)


def _told(visit: Visit) -> list[tuple[str, str]]:
    """What her form gave, and what it did not with why: each a tone and a sentence."""
    say, said = visit.say, []
    for one in visit.stored("given"):
        of = one.numbers
        name = name_of(visit.acting, PersonId(of["to"])) or say("alert.nobody_short")
        if of["done"]:
            said.append(
                ("good", say("page.give.done", n=len(of["done"]), name=name, numbers=", ".join(of["done"])))
            )
        said += [("warning", say(f"page.give.{why}", number=number, name=name)) for number, why in of["left"]]
    return said


def give_ticked(visit: Visit) -> PageAnswer:
    """A deed a thing; what was not given stays as it was, and is told of with why."""
    sent = {name: visit.asked.sent(name) for name in (KIND, WHOSE, ORDER)}
    choice, ticked = _chosen(sent), visit.asked.form.get(TICKED, ())
    things = [thing for one in ticked if (thing := read_tick(one)) is not None]
    to = next((one for one in quality_team(visit.acting) if str(one.id) == visit.asked.sent(TO)), None)
    if not things or to is None:
        wrong = "page.give.nothing" if not things else "page.give.nobody"
        return ShownAgain(lambda again: _page(again, choice, not_given=again.say(wrong), ticked=ticked))
    given = give(visit.acting, things, to.id)
    if isinstance(given, Refused):
        return refused(given)
    left = [[one.number, one.why] for one in given.left]
    return DeedDone(Stored("given", {"to": to.id, "done": list(given.done), "left": left}), to=choice.path)


def go_to(visit: Visit) -> PageAnswer:
    """To the thing with the number that a card named it by; whether there is one, its own page says."""
    address = address_of_number(visit.asked.sent("nummer"))
    if address is not None:
        return DeedDone(to=address)
    return ShownAgain(lambda again: _page(again, DeskChoice(), no_number=again.say("page.desk.no_number")))


def choose_keys(visit: Visit) -> PageAnswer:
    """Whether her lists listen to single keys, kept until she chooses again."""
    done = choose_settings(visit.acting, shortcuts=visit.asked.sent("tangenter") == "pa")
    return refused(done) if isinstance(done, Refused) else DeedDone()


OFFERED = (
    PageOf(PATH, Conversation.SIGNAL_DESK, desk, reads_much=True, tab="page.tab.desk", home=Role.QUALITY),
    DeedOf(f"{PATH}/ge", Conversation.SIGNAL_DESK, give_ticked, PATH),
    DeedOf("/ga", Conversation.SIGNAL_DESK, go_to, PATH),
    DeedOf("/tangenter", Conversation.SETTINGS, choose_keys, PATH),
)
