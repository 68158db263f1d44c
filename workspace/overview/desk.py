"""The quality team's first page: alerts, signals, follow-ups and actions in one list, filtered by links."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlencode

from dialogs.alerts.alert_card import raised
from dialogs.alerts.alert_card import title as alert_title
from followup.people import Conversation, Role
from followup.signals.filters import SignalFilter
from services.acting import Refused
from services.views.alerts import open_alerts
from services.views.follow_ups import open_follow_ups, unfinished
from services.views.signal_list import signal_list
from texts.catalogue import capital
from workspace.frame.address import address_of_number
from workspace.frame.answer import DeedDone, PageAnswer, Shown
from workspace.frame.entry import ROOT, DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/desk"
ItemSort = Literal["larm", "signal", "uppfoljning", "atgard"]
SORTS: tuple[ItemSort, ...] = ("larm", "signal", "uppfoljning", "atgard")
KIND, WHOSE = "slag", "vems"
WHOSE_WORDS = ("mina", "ingens", "sena")
# More undecided signals than that are looked through on their own page.
MOST_SIGNALS = 500


@dataclass(frozen=True)
class DeskItem:
    """One thing to do; `day` is the last day for it, None where it has none."""

    sort: ItemSort
    title: str
    address: str
    unit: str
    how_far: str
    owner: str | None
    hers: bool
    day: date | None
    late: bool


@dataclass(frozen=True)
class DeskFilter:
    """A link that narrows the list, with how many it would show."""

    title: str
    address: str
    here: bool


def go_to(visit: Visit) -> PageAnswer:
    """To the thing with the number that a card named it by; whether there is one, its own page says."""
    address = address_of_number(visit.asked.sent("nummer"))
    if address is not None:
        return DeedDone(to=address)
    shown = _page(visit, visit.say("page.desk.no_number"))
    return replace(shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def desk(visit: Visit) -> PageAnswer:
    return _page(visit, "")


def _page(visit: Visit, problem: str) -> Shown:
    items = sorted(_items(visit), key=lambda one: (one.day is None, one.day or date.max, one.address))
    sort = next((one for one in SORTS if one == visit.asked.query.get(KIND)), "")
    whose = next((one for one in WHOSE_WORDS if one == visit.asked.query.get(WHOSE)), "")
    shown = [one for one in items if sort in ("", one.sort) and _is_of(one, whose)]
    kept = {name: value for name, value in ((KIND, sort), (WHOSE, whose)) if value}
    here = ListPage(PATH, visit.asked.page, len(shown), kept)
    values = {
        "rows": shown[here.start : here.start + PAGE],
        "here": here,
        "kinds": [_kind_link(visit, items, one, sort, whose) for one in ("", *SORTS)],
        "whose": [_whose_link(visit, items, one, sort, whose) for one in ("", *WHOSE_WORDS)],
        "day": visit.acting.today,
        "problem": problem,
        "number": visit.asked.sent("nummer"),
    }
    return Shown("desk.html", visit.say("page.desk"), values)


def _is_of(one: DeskItem, whose: str) -> bool:
    """By the filter's word; of an empty one all are."""
    tests: Mapping[str, Callable[[DeskItem], bool]] = {
        "mina": lambda item: item.hers,
        "ingens": lambda item: item.owner is None,
        "sena": lambda item: item.late,
    }
    return whose not in tests or tests[whose](one)


def _kind_link(visit: Visit, items: Sequence[DeskItem], one: str, sort: str, whose: str) -> DeskFilter:
    number = sum(one in ("", item.sort) and _is_of(item, whose) for item in items)
    title = visit.say(f"page.desk.{one or 'allt'}", number=number)
    return DeskFilter(title, _address(one, whose), one == sort)


def _whose_link(visit: Visit, items: Sequence[DeskItem], one: str, sort: str, whose: str) -> DeskFilter:
    number = sum(sort in ("", item.sort) and _is_of(item, one) for item in items)
    title = visit.say(f"page.desk.{one or 'allas'}", number=number)
    return DeskFilter(title, _address(sort, one), one == whose)


def _address(sort: str, whose: str) -> str:
    chosen = {name: value for name, value in ((KIND, sort), (WHOSE, whose)) if value}
    return f"{ROOT}{PATH}" + (f"?{urlencode(chosen)}" if chosen else "")


def _items(visit: Visit) -> Iterator[DeskItem]:
    """Of each sort what the reader's own view of it gives; what a view refuses is none of hers."""
    yield from _alerts(visit)
    yield from _signals(visit)
    yield from _follow_ups(visit)
    yield from _actions(visit)


def _alerts(visit: Visit) -> Iterator[DeskItem]:
    say, found = visit.say, open_alerts(visit.acting)
    for one in () if isinstance(found, Refused) else found:
        yield DeskItem(
            "larm",
            alert_title(one, say),
            f"{ROOT}/larm/{one.id}",
            one.unit,
            say("page.desk.raised", day=raised(one)),
            one.owner,
            one.owner_id == visit.person.id,
            None,
            late=False,
        )


def _signals(visit: Visit) -> Iterator[DeskItem]:
    say, found = visit.say, signal_list(visit.acting, SignalFilter(), 0, MOST_SIGNALS)
    for one in () if isinstance(found, Refused) else found.rows:
        yield DeskItem(
            "signal",
            f"{one.number} {say(f'risk.kind.{one.kind}')}",
            f"{ROOT}/signal/{one.id}",
            one.unit,
            say(f"signals.state.{one.state}"),
            one.owner,
            one.hers,
            one.last_day,
            one.overdue,
        )


def _follow_ups(visit: Visit) -> Iterator[DeskItem]:
    say, found = visit.say, open_follow_ups(visit.acting)
    for row in () if isinstance(found, Refused) else found:
        yield DeskItem(
            "uppfoljning",
            say("page.desk.follow_up", number=row.one.number),
            f"{ROOT}/uppf/{row.one.id}",
            row.unit,
            " ".join([say(f"follow_up.step.{row.one.step}"), *map(say.say, row.late)]),
            row.owner,
            row.one.owner_id == visit.person.id,
            row.one.planned_on,
            bool(row.late),
        )


def _actions(visit: Visit) -> Iterator[DeskItem]:
    say, found = visit.say, unfinished(visit.acting)
    for row in () if isinstance(found, Refused) else found:
        yield DeskItem(
            "atgard",
            f"{row.one.number} {capital(row.one.what)}",
            f"{ROOT}/atgard/{row.one.id}",
            row.unit,
            say(f"action.state.{row.one.state}"),
            row.owner,
            row.one.owner_id == visit.person.id,
            row.one.due_on,
            row.days_late is not None,
        )


OFFERED = (
    PageOf(PATH, Conversation.SIGNAL_DESK, desk, reads_much=True, tab="page.tab.desk", home=Role.QUALITY),
    DeedOf("/ga", Conversation.SIGNAL_DESK, go_to, PATH),
)
