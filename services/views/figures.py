"""A figure as its reader may see it: of some days, beside others, by unit or by provider; and no child."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Self

from followup import UnitId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import Audience, Matter, Telling, is_small, told
from followup.figures.asked import (
    BYS,
    WHATS,
    By,
    Count,
    ToldRow,
    ToldTable,
    What,
    at,
    groups,
    number_of,
    share_of,
)
from followup.figures.counting import grouped
from followup.log import subject
from followup.people import Conversation
from followup.provider import Unit
from followup.questions.beside import years_before
from followup.questions.days import Days
from followup.times.month import Month, months_between
from followup.wording.secrecy import FEW
from services.acting import Acting, Refused
from services.own_people import OwnPeople
from services.views.response_rates import rates_of
from services.views.unit_names import followed
from storage.month import rounds
from storage.overview import asked_figures, year_figures
from storage.overview.asked_figures import OwnedStay

Few = Literal["few"]
CountOf = Callable[[Collection[UnitId]], Count]


@dataclass(frozen=True)
class WantedFigure:
    """What is to be counted, of which days, and what it is shown beside; `home` is a unit's or a provider's name."""

    what: What
    days: Days
    beside: Days
    by: By = ""
    home: str = ""

    def written(self) -> dict[str, Any]:
        days = [day.isoformat() for one in (self.days, self.beside) for day in (one.first, one.last)]
        return {"what": self.what, "by": self.by, "home": self.home, "days": days}

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """Raises ValueError for what none of ours has written."""
        first, last, *other = map(date.fromisoformat, found["days"])
        what = next((one for one in WHATS if one == found["what"]), None)
        by = next((one for one in BYS if one == found["by"]), None)
        if what is None or by is None or len(other) != len(("first", "last")):
            raise ValueError(found)
        return cls(what, Days(first, last), Days(*other), by, str(found["home"]))


@dataclass(frozen=True)
class FigureView:
    """`beside` is None where nothing at all is registered of those days, `rest` what is told as one.

    `apart` is false where rows were asked for and the sum alone may be told; `answerable` is until when the newest
    month can still be answered. `begins` is the first month that anything was asked about, where some of the days that
    signals or visits are counted of come before it.
    """

    wanted: WantedFigure
    total: Count | Few
    beside: Count | Few
    rows: Sequence[ToldRow] = ()
    rest: ToldRow | None = None
    apart: bool = True
    own: bool = False
    answerable: date | None = None
    begins: Month | None = None


def figure(acting: Acting, wanted: WantedFigure, *, leaves: bool = False) -> FigureView | Refused:
    """`leaves` where it goes into a file: others may read that, so that it holds no more than a manager is told."""
    if not acting.may(Conversation.STATUS) or not acting.sees(DataKind.UNIT):
        return acting.refuse(subject.What.STATUS.of(wanted.what))
    units = followed(acting)
    found = _Figures(acting, wanted, units, Audience.MANAGER if leaves else acting.audience)
    acting.log("read", subject.What.STATUS.of(wanted.what), seen=subject.What.UNIT.each(found.shown))
    return found.view()


class _Figures:
    """All that is read for one figure."""

    def __init__(
        self, acting: Acting, wanted: WantedFigure, units: Sequence[Unit], audience: Audience
    ) -> None:
        self._audience = audience
        self._acting, self._wanted, self._units = acting, wanted, units
        self._people = OwnPeople(acting, DataKind.MISSING)
        since = min(wanted.days.first, wanted.beside.first)
        self._stays = asked_figures.stays_between(acting.tx, since, acting.today)
        by_unit = grouped(self._stays, lambda one: one.unit_id)
        is_quality = audience == Audience.QUALITY
        self._small = (
            frozenset[UnitId]()
            if is_quality
            else frozenset(one.id for one in units if is_small(by_unit.get(one.id, ()), since, acting.today))
        )
        self._now, self._then = (self._counter(days) for days in (wanted.days, wanted.beside))
        self._groups = self._grouped()

    @property
    def shown(self) -> list[UnitId]:
        return [one for own in self._groups.rows.values() for one in own] if self._groups else []

    @property
    def _own(self) -> bool:
        """Whether a manager is told of her own people's alone."""
        kinds = {"visits": DataKind.MISSING, "response": DataKind.RESPONSES}
        kind = kinds.get(self._wanted.what)
        sums = self._wanted.what == "visits" or not (self._wanted.by or self._wanted.home)
        return kind is not None and sums and self._acting.reach(kind) == Reach.OWN_PEOPLE

    @property
    def _by_month(self) -> bool:
        """Of a sum of reports, as läge says it, the open month's too."""
        return self._wanted.what == "response" and not (self._wanted.by or self._wanted.home)

    def _grouped(self) -> ToldTable | None:
        """None where nothing but the sum may be told."""
        wanted = self._wanted
        if not wanted.by and not wanted.home:
            return ToldTable({}, ())
        if wanted.what == "visits" and told(self._audience, Matter.ANSWERS, small=True) != Telling.ALL:
            return None
        by = wanted.by or ("unit" if wanted.home in {one.name for one in self._units} else "provider")
        there = {one.unit_id for one in self._stays}
        counted = [
            one for one in self._units if one.id in there or self._now([one.id]) or self._then([one.id])
        ]
        found = groups(counted, by, self._small, self._spans())
        if found is None or not wanted.home:
            return found
        own = found.rows.get(wanted.home)
        return None if own is None else ToldTable({wanted.home: own}, ())

    def _spans(self) -> list[dict[UnitId, set[str]]]:
        """The children of the days, and of those beside where anybody was placed at all."""
        then = self._children(self._wanted.beside)
        return [self._children(self._wanted.days), *([then] if then else [])]

    def _children(self, *spans: Days) -> dict[UnitId, set[str]]:
        found: defaultdict[UnitId, set[str]] = defaultdict(set)
        for one in self._stays:
            if any(_is_in(one, days) for days in spans):
                found[one.unit_id].add(one.child)
        return found

    def view(self) -> FigureView:
        wanted, split = self._wanted, self._groups
        if wanted.home:
            own = split.rows[wanted.home] if split else ()
            total: Count | Few = self._now(own) if split else "few"
            return FigureView(wanted, total, self._then(own) if split else "few", begins=self._begins())
        rates = self._rates(wanted.days) if self._by_month else None
        rows = [self._row(name, own) for name, own in split.rows.items()] if split else []
        return FigureView(
            wanted,
            self._sum(self._now, wanted.days),
            self._sum(self._then, wanted.beside),
            rows,
            self._row("", split.rest) if split and split.rest else None,
            apart=split is not None,
            own=self._own,
            answerable=rates[1] if rates else None,
            begins=self._begins(),
        )

    def _begins(self) -> Month | None:
        """What is placed is registered for days before too, and of reports it is said that there are none."""
        if self._wanted.what in ("placements", "response"):
            return None
        first = rounds.first_asked(self._acting.tx)
        since = min(self._wanted.days.first, self._wanted.beside.first)
        return first if first is not None and since < first.first else None

    def _row(self, name: str, units: Collection[UnitId]) -> ToldRow:
        return ToldRow(name, self._now(units), self._then(units))

    def _sum(self, counter: CountOf, days: Days) -> Count | Few:
        """A word where fewer than three children are behind it, and nothing of days that nothing is known of."""
        stays = [one for one in self._stays if _is_in(one, days) and (not self._own or self._is_hers(one))]
        children = {one.child for one in stays}
        counted = counter([one.id for one in self._units])
        if not children and not counted:
            return None
        told_whole = self._audience == Audience.QUALITY or self._by_month
        if not told_whole and len(children) < FEW:
            return "few"
        return counted

    def _counter(self, days: Days) -> CountOf:
        tx, now, what = self._acting.tx, self._acting.now, self._wanted.what
        if self._by_month:
            rates, _ = self._rates(days)
            return lambda _: rates
        if what == "response":
            asked = year_figures.asked_between(tx, Month.of(days.first), days.last, now)
            due = grouped((one for one in asked if one.came or one.deadline < now), lambda one: one.unit_id)
            return lambda units: share_of(at(units, due))
        if what == "visits":
            visits = self._visits(days)
            return lambda units: sum(visits[one] for one in units)
        if what == "placements":
            open_then = grouped(
                (one for one in self._stays if _is_on(one, days.last)), lambda one: one.unit_id
            )
            return lambda units: len(at(units, open_then))
        signals = asked_figures.signals_between(tx, days.first, days.last, now)
        return lambda units: number_of(at(units, signals), what)

    def _is_hers(self, stay: OwnedStay) -> bool:
        return self._acting.audience == Audience.QUALITY or self._people.has(stay.owner_id)

    def _visits(self, days: Days) -> Counter[UnitId]:
        hers = {one.id: one for one in self._stays if self._is_hers(one)}
        tx, now = self._acting.tx, self._acting.now
        found = asked_figures.visits_between(tx, list(hers), days.first, days.last, now)
        return Counter(hers[one].unit_id for one, visited in found.items() for _ in visited)

    def _rates(self, days: Days) -> tuple[Count, date | None]:
        """Of the reports that she may count, and until when the newest can be answered, where it can."""
        months = months_between(Month.of(days.first), Month.of(days.last))
        asked = [one for month in months if (one := rounds.by_month(self._acting.tx, month)) is not None]
        rates = rates_of(self._acting, asked)
        if not rates:
            return None, None
        until = max((one.last_day for one in rates if one.last_day), default=None)
        return (sum(one.answered for one in rates), sum(one.asked for one in rates)), until


def _is_in(stay: OwnedStay, days: Days) -> bool:
    return stay.starts <= days.last and (stay.ends is None or stay.ends >= days.first)


def _is_on(stay: OwnedStay, day: date) -> bool:
    return _is_in(stay, Days(day, day))


def usual(acting: Acting) -> list[WantedFigure]:
    """All that can be asked for: this year so far, by provider, and what is placed today."""
    today = acting.today
    so_far, now = Days(date(today.year, 1, 1), today), Days(today, today)
    spans = {what: now if what == "placements" else so_far for what in WHATS}
    return [
        WantedFigure(what, days, years_before(days, 1), "" if what == "visits" else "provider")
        for what, days in spans.items()
    ]


def newest_round(acting: Acting) -> Month | None:
    return next((one.month for one in rounds.newest(acting.tx, 1)), None)


def remember(acting: Acting, shown: Mapping[str, Any]) -> None:
    """By which "jämfört med förra året" and "som excel" are read for a while."""
    asked_figures.remember(acting.tx, acting.person.id, shown, acting.now)


def remembered(acting: Acting) -> WantedFigure | None:
    found = asked_figures.remembered(acting.tx, acting.person.id, acting.now)
    return WantedFigure.read(found) if found is not None else None
