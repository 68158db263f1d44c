"""The desk's rows as a page has them: what each thing is, where it leads, and what ticking it would say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from dialogs.clocks.clock_rows import clock_row
from dialogs.overview.desk import DeskWords, said_of
from followup.overview.desk import DeskSort
from services.clocks.own_clocks import RunningClock
from services.giving import GIVE_SORTS, GiveSort, SeenThing
from services.views.alerts import AlertHead
from services.views.desk import DeskOf
from services.views.follow_ups import ActionView, FollowUpRow
from services.views.signal_list import SignalRow
from texts.catalogue import Texts
from workspace.cards.addresses import page_behind
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
Column = Literal["dag", "sak", "enhet", "ansvarig"]
COLUMNS: tuple[Column, ...] = get_args(Column)


@dataclass(frozen=True)
class DeskLine:
    """`tick` is what its box sends, empty of what cannot be given to anybody; `day` is None where it has none."""

    sort: DeskSort
    title: str
    about: str
    address: str
    unit: str
    owner: str | None
    hers: bool
    day: date | None
    late: bool
    tick: str


def line_of(visit: Visit, one: DeskOf) -> DeskLine:
    words, say = _words(one, visit.acting.today, visit.say), visit.say
    seen = _seen(one)
    return DeskLine(
        sort=one.sort,
        title=words.title if one.sort != "follow_up" else say("page.desk.follow_up", number=words.title),
        about=words.about,
        address=(page_behind(words.button) if words.button else None) or "",
        unit=words.unit or (one.about.unit if isinstance(one.about, AlertHead) else ""),
        owner=one.owner,
        hers=one.hers,
        day=one.day,
        late=one.late,
        tick=f"{seen.sort}:{seen.number}:{seen.seen}" if seen else "",
    )


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


def ordered(lines: Sequence[DeskLine], column: Column, *, falling: bool) -> list[DeskLine]:
    """The view's own order is by day; within any other column's value it stays so."""
    keys: Mapping[Column, Callable[[DeskLine], tuple[object, ...]]] = {
        "dag": lambda _: (),
        "sak": lambda one: (DESK_SORTS.index(one.sort),),
        "enhet": lambda one: (not one.unit, one.unit.casefold()),
        "ansvarig": lambda one: (one.owner is None, (one.owner or "").casefold()),
    }
    if column == "dag":
        return list(reversed(lines)) if falling else list(lines)
    return sorted(lines, key=keys[column], reverse=falling)
