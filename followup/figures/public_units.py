"""The public tables by unit and provider: names, and what was found about them, never a count of their children."""

from collections.abc import Sequence
from datetime import date

from followup.figures.figure import Column, Counted, Figure, Line, Table, table
from followup.figures.placement_steps import PRIVATE, PlacementSteps, YearCounts, size_class
from followup.figures.placements import ending_contracts
from followup.figures.providers import of_provider
from followup.figures.public_care import Part, part_of, response
from followup.figures.published import Limits, count
from followup.figures.year_facts import YearFacts, YearFollowUp
from followup.figures.year_follow_ups import by_name, came_of, tracks_of
from followup.figures.year_selections import by_name_of_unit, name_of, provider_of, which_column, yearly
from followup.follow_ups.hit_share import HITS, TRACKS
from followup.times.month import Month
from followup.wording.share import percent
from followup.wording.wording import Wording, wording

_PROVIDER_COLUMNS = (
    Column("units", "units", "stays"),
    Column("size", "placements", "stays"),
    Column("response", "reports", "asked"),
    Column("followed_up", "follow_ups", "follow_ups"),
    Column("with_faults", "follow_ups", "follow_ups"),
    Column("actions", "actions", "actions"),
)


def month(day: date) -> Wording:
    return wording("year.month", month=Month.of(day))


def units(counted: YearCounts) -> Table:
    """Those with placements in the period; that they had any is all that the list says of them."""
    lines: list[Line] = [
        (
            one.key,
            one.name,
            [one.provider_name, one.care.said("year.form"), wording(f"year.ownership.{one.ownership}")],
        )
        for one in counted.facts.units
        if one.id in counted.of_unit
    ]
    return table("units", (Column("provider"), Column("form"), Column("ownership")), lines)


def selected(facts: YearFacts) -> Table:
    """By name and without reasons: a reason may be the age of a home's only child."""
    several = which_column(facts)
    lines: list[Line] = [
        (key, name_of(facts, one.unit), [provider_of(facts, one.unit), *(found.name for _ in several)])
        for key, found, one in by_name_of_unit(facts)
    ]
    return table("selected", (Column("provider"), *several), lines)


def tracks(facts: YearFacts, limits: Limits, told: PlacementSteps | None) -> Table:
    """Units by what chose them, where no track has all of the named; and the share of the placements."""
    found = yearly(facts)
    columns = (Column("units", "units", "selection"), Column("covered", "placements", "frame"))
    if found is None or not found.chosen:
        return table("tracks", columns, [])
    number = len(found.chosen)
    of = {track: sum(track in tracks_of(one.reasons) for one in found.chosen) for track in TRACKS}
    shown = number >= limits.few and all(one < number for one in of.values())
    covered = sum(found.placements.get(one.unit, 0) for one in found.chosen)
    whole = percent(covered, sum(found.placements.values()))
    label = wording("year.all_chosen")
    with_share = told is not None and told.covered and whole is not None
    share = [Figure("", whole or 0, "", "", in_percent=True)] if with_share else []
    lines: list[Line] = [
        (track, wording(f"year.track.{track}"), [one, *(None for _ in share)])
        for track, one in of.items()
        if shown and one
    ]
    total: list[Counted] = [number, *share]
    step = 0 if with_share else 1
    return table("tracks", columns[: len(total)], lines, total=total, total_label=label, step=step)


def follow_ups(facts: YearFacts) -> Table:
    """The month and the verdict."""
    lines: list[Line] = []
    for one in by_name(facts):
        unit, held = facts.unit_of[one.follow_up.unit_id], one.follow_up.held_on
        cells = [unit.provider_name, month(held) if held else None, came_of(one.follow_up)]
        lines.append((one.follow_up.number, unit.name, cells))
    return table("follow_ups", (Column("provider"), Column("held_on"), Column("verdict")), lines)


def decisions(facts: YearFacts) -> Table:
    lines: list[Line] = [
        (
            f"{one.follow_up.number}:{number}",
            facts.unit_of[one.follow_up.unit_id].name,
            [reference, month(day)],
        )
        for one in by_name(facts)
        for number, (reference, day) in enumerate(one.decisions)
    ]
    return table("decisions", (Column("reference"), Column("decided_on")), lines)


def contracts_ending(facts: YearFacts) -> Table:
    lines: list[Line] = [
        (
            unit.key,
            unit.name,
            [unit.provider_name, wording(f"year.contract.{contract.form}"), month(contract.ends)],
        )
        for unit, contract in ending_contracts(facts)
        if contract.ends is not None
    ]
    return table("contracts_ending", (Column("provider"), Column("contract"), Column("ends")), lines)


def satisfaction(facts: YearFacts, few: int) -> Table | None:
    """What the provider measured, where enough answered."""
    found = [
        (one, place, figure)
        for one in by_name(facts)
        for place, figure in enumerate(one.follow_up.satisfaction)
    ]
    lines: list[Line] = [
        (
            f"{one.follow_up.number}:{place}",
            facts.unit_of[one.follow_up.unit_id].name,
            [figure.name, figure.value, figure.answered],
        )
        for one, place, figure in found
        if figure.answered >= few
    ]
    columns = (Column("measure"), Column("value"), Column("answered", "answers", "satisfaction"))
    return None if found and not lines else table("satisfaction", columns, lines)


def private_providers(counted: YearCounts, told: PlacementSteps | None, few: int) -> Table:
    """Each private provider's size in classes where they may be told; how many placements, in the sum alone."""
    facts = counted.facts
    private = [one for one in facts.units if one.ownership == PRIVATE and one.id in counted.of_unit]
    classes = told is not None and told.classes
    by_provider = of_provider(private)
    lines: list[Line] = [
        (name, name, _provider(facts, part_of(counted, by_provider[name]), classes)) for name in by_provider
    ]
    everything = part_of(counted, private)
    alone = all(one.ownership == PRIVATE for one in facts.units if one.id in counted.of_unit)
    shown = told is not None and (told.has_rows("ownerships") or alone)
    if not private or (told is None and counted.children):
        return table("private_providers", _PROVIDER_COLUMNS, [])
    number = count(len(everything.stays), everything.children) if shown else None
    total: list[Counted] = [
        len(private),
        number,
        response(everything.asked, few) if shown else None,
        *_found(_followed_up(facts, everything)),
    ]
    return table("private_providers", _PROVIDER_COLUMNS, lines, total=total, step=0 if classes else 1)


def _provider(facts: YearFacts, one: Part, classes: bool) -> list[Counted]:
    size = _class_words(len(one.stays)) if classes else None
    return [len(one.units), size, None, *_found(_followed_up(facts, one))]


def _class_words(placements: int) -> Wording:
    lowest, highest = size_class(placements)
    if highest > lowest * 100:
        return wording("year.public.size_from", lowest=lowest)
    return wording("year.public.size", lowest=lowest, highest=int(highest))


def _followed_up(facts: YearFacts, one: Part) -> list[YearFollowUp]:
    ids = {unit.id for unit in one.units}
    return [each for each in facts.follow_ups if each.follow_up.unit_id in ids and each.follow_up.verdict]


def _found(follow_ups: Sequence[YearFollowUp]) -> list[Counted]:
    return [
        len(follow_ups),
        sum(one.follow_up.verdict in HITS for one in follow_ups),
        sum(len(one.actions) for one in follow_ups),
    ]
