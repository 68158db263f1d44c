"""The desk's rows as a page has them: what each thing is, where it leads, and what ticking it would say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, get_args

from dialogs.clocks.clock_rows import clock_row
from dialogs.overview.desk import DeskWords, late_besides, said_of
from followup import UnitId
from followup.overview.desk import DeskSort
from followup.provider import EndingContract
from followup.risk.bands import Shown
from services.clocks.own_clocks import RunningClock
from services.giving import GIVE_SORTS, GiveSort, SeenThing
from services.views.alerts import AlertHead
from services.views.desk import Desk
from services.views.desk_things import DeskOf, Waiting
from services.views.follow_ups import ActionView, FollowUpRow
from services.views.signal_list import SignalRow
from services.views.units import SHOWN_BANDS, bands_of
from texts.catalogue import Texts, capital
from workspace.cards.addresses import page_behind
from workspace.frame.listing import ListPage
from workspace.frame.visit import Visit

DESK_SORTS: tuple[DeskSort, ...] = get_args(DeskSort)
# As an address names each kind.
NAMED: Mapping[DeskSort, str] = {
    "alert": "larm",
    "decision": "beslut",
    "signal": "signal",
    "follow_up": "uppfoljning",
    "action": "atgard",
    "report": "rapport",
    "clock": "frist",
}
Column = Literal["dag", "sak", "enhet", "niva", "lage", "ansvarig"]
COLUMNS: tuple[Column, ...] = get_args(Column)


@dataclass(frozen=True)
class DeskLine:
    """`tick` is what its box sends, empty of what cannot be given to anybody; `day` is None where it has none.

    `band` is the unit's, None of what is at none that is followed; `stands` is how far it has come, if anything has.
    """

    sort: DeskSort
    title: str
    about: str
    address: str
    unit: str
    band: Shown | None
    stands: str
    owner: str | None
    hers: bool
    day: date | None
    late: bool
    tick: str


class Sifted(NamedTuple):
    """What the filters look at of a thing: of thousands there are few that they tell from each other."""

    sort: DeskSort
    hers: bool
    nobodys: bool
    late: bool


def sifted(one: Waiting) -> Sifted:
    return Sifted(one.sort, one.hers, one.owner is None, one.late)


def _lines_of(visit: Visit, found: Desk, waiting: Sequence[Waiting]) -> list[DeskLine]:
    things = found.shown(waiting)
    at = [_unit_of(one) for one in things]
    bands = bands_of(visit.acting, {unit_id for unit_id in at if unit_id is not None})
    none = UnitId(0)
    return [_line(visit, one, bands.get(unit_id or none)) for one, unit_id in zip(things, at, strict=True)]


def _unit_of(one: DeskOf) -> UnitId | None:
    match one.about:
        case AlertHead() | SignalRow() | ActionView() | EndingContract() as about:
            return about.unit_id
        case FollowUpRow() as row:
            return row.one.unit_id
    return None


def _line(visit: Visit, one: DeskOf, band: Shown | None) -> DeskLine:
    words, say = _words(one, visit.acting.today, visit.say), visit.say
    seen = _seen(one)
    return DeskLine(
        sort=one.sort,
        title=words.title if one.sort != "follow_up" else say("page.desk.follow_up", number=words.title),
        about=_about(one, words.about, say),
        address=(page_behind(words.button) if words.button else None) or "",
        unit=words.unit or (one.about.unit if isinstance(one.about, AlertHead) else ""),
        band=band,
        stands=_stands(one, say),
        owner=one.owner,
        hers=one.hers,
        day=one.day,
        late=one.late,
        tick=f"{seen.sort}:{seen.number}:{seen.seen}" if seen else "",
    )


def _stands(one: DeskOf, say: Texts) -> str:
    match one.about:
        case AlertHead() as alert if alert.taken:
            return say("to_do.decide") if alert.undecided else say("page.desk.state.taken")
        case AlertHead():
            return say("page.desk.state.new")
        case SignalRow() as signal:
            return say(f"signals.state.{signal.state}").rstrip(".")
        case FollowUpRow() as row:
            return capital(say(f"follow_up.step.{row.one.step}"))
        case ActionView() as view:
            return capital(say(f"action.state.{view.one.state}"))
    return ""


def _about(one: DeskOf, said: str, say: Texts) -> str:
    """What is said of it beside how far it has come, which has a column of its own."""
    match one.about:
        case SignalRow() as signal:
            return capital(say(f"risk.kind.{signal.kind}"))
        case FollowUpRow() as row:
            return " ".join(late_besides(row, say))
        case AlertHead() | ActionView():
            return ""
    return said


def _words(one: DeskOf, today: date, say: Texts) -> DeskWords:
    if isinstance(one.about, RunningClock):
        row = clock_row(one.about, today, say)
        return DeskWords(row.title, row.subtitle, row.button)
    return said_of(one.about, say)


def _seen(one: DeskOf) -> SeenThing | None:
    match one.about:
        case AlertHead() as alert:
            return SeenThing("alert", alert.id, alert.owner_id or 0)
        case SignalRow() as signal:
            return SeenThing("signal", signal.id, signal.owner_id or 0)
        case FollowUpRow() as row:
            return SeenThing("follow_up", row.one.id, row.one.version)
        case ActionView() as view if view.one.state == "open":
            return SeenThing("action", view.one.id, view.one.version)
    return None


def read_tick(text: str) -> SeenThing | None:
    """None of what none of our boxes sends."""
    name, _, rest = text.partition(":")
    sort: GiveSort | None = next((one for one in GIVE_SORTS if one == name), None)
    number, _, seen = rest.partition(":")
    if sort is None or not (_is_number(number) and _is_number(seen)):
        return None
    return SeenThing(sort, int(number), int(seen))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


# Within any other column's value the order stays the view's own, which is by day.
_BY_THING: Mapping[Column, Callable[[Waiting], tuple[object, ...]]] = {
    "sak": lambda one: (DESK_SORTS.index(one.sort),),
    "ansvarig": lambda one: (one.owner is None, (one.owner or "").casefold()),
}
_BY_LINE: Mapping[Column, Callable[[DeskLine], tuple[object, ...]]] = {
    "enhet": lambda one: (not one.unit, one.unit.casefold()),
    "niva": lambda one: (SHOWN_BANDS.index(one.band) if one.band else len(SHOWN_BANDS),),
    "lage": lambda one: (not one.stands, one.stands.casefold()),
}


def shown_lines(
    visit: Visit, found: Desk, things: Sequence[Waiting], column: Column, here: ListPage, *, falling: bool
) -> list[DeskLine]:
    """Those of the page; what the others say is worked out only where the order is by that."""
    page = slice(here.start, here.start + here.size)
    if column in _BY_LINE:
        return sorted(_lines_of(visit, found, things), key=_BY_LINE[column], reverse=falling)[page]
    if column in _BY_THING:
        things = sorted(things, key=_BY_THING[column], reverse=falling)
    elif falling:
        things = things[::-1]
    return _lines_of(visit, found, things[page])
