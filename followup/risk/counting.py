"""Which items count, and why another does not: mätstart, one report's two rows, half-years, reports of one event."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from followup import PlacementId
from followup.risk.inputs import CONTINUING, Inputs, Item, id_order
from followup.times.month import Month

LINKED, OLD, BEFORE, SAME_REPORT, REPEATED = "linked", "old", "before", "same_report", "repeated"
# A child's standing difficulty, shown beside what counts.
NOT_CARE, NOTHING = "not_care", "nothing"
WHY_NOT = (
    *("dismissed", "authority", "praise", "other_reason", NOT_CARE, NOTHING),
    *(LINKED, OLD, BEFORE, SAME_REPORT, REPEATED),
)


@dataclass(frozen=True)
class Verdict:
    """Why an item gives no points, None where it does; `same_as` is the month in which the same thing counted."""

    why: str | None = None
    same_as: Month | None = None


def verdicts(inputs: Inputs) -> Mapping[str, Verdict]:
    """By item; what people have dismissed or graded is in the items already, and links come last."""
    found = {item.id: Verdict(_by_itself(item, inputs)) for item in inputs.known_items}
    _count_once_per_half_year(_standing(inputs.known_items, found), found, int(inputs.config.repeat_months))
    for item in _outdone(_standing(inputs.known_items, found), inputs):
        found[item.id] = Verdict(LINKED)
    for item in _standing(inputs.known_items, found):
        if not inputs.kappa(item.day):
            found[item.id] = Verdict(OLD)
    return found


def _by_itself(item: Item, inputs: Inputs) -> str | None:
    if not item.weight:
        return item.zero_because or NOTHING
    return None if inputs.covers(item.month) else BEFORE


def _standing(items: Iterable[Item], found: Mapping[str, Verdict]) -> list[Item]:
    return [item for item in items if found[item.id].why is None]


def _count_once_per_half_year(items: Iterable[Item], found: dict[str, Verdict], months: int) -> None:
    """Of one report's rows the heavier; and again only when none as heavy has counted in the months just before."""
    counted: dict[PlacementId | None, list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda one: (one.month, -one.weight, id_order(one.id))):
        if item.kind not in CONTINUING:
            continue
        earlier = [one for one in counted[item.placement] if one.month.until(item.month) < months]
        as_heavy = [one for one in earlier if one.weight >= item.weight]
        if any(one.month == item.month for one in as_heavy):
            found[item.id] = Verdict(SAME_REPORT)
        elif as_heavy:
            found[item.id] = Verdict(REPEATED, as_heavy[-1].month)
        else:
            counted[item.placement].append(item)


def _outdone(items: Iterable[Item], inputs: Inputs) -> list[Item]:
    """Reports of an event that another report of it counts for: the most points now, then the latest day."""
    of_event: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.event:
            of_event[item.event].append(item)
    return [
        item
        for reports in of_event.values()
        for item in sorted(
            reports,
            key=lambda one: (-inputs.kappa(one.day) * one.weight, -one.day.toordinal(), id_order(one.id)),
        )[1:]
    ]
