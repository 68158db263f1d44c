"""The table of private providers: how many children they have, how they were followed up, and what was found (F13)."""

from collections.abc import Sequence

from followup.figures.counting import came, grouped, in_order
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.year_facts import YearFacts, YearFollowUp
from followup.follow_ups.hit_share import HITS
from followup.provider import Unit

PRIVATE = "private"


def private_providers(facts: YearFacts) -> Table:
    """By name, those with placements in the period."""
    housing = {stay.unit_id for stay in facts.stays}
    private = [one for one in facts.units if one.ownership == PRIVATE and one.id in housing]
    lines: list[Line] = [(name, name, _counts(facts, units)) for name, units in of_provider(private).items()]
    columns = (
        Column("units", "units", "stays"),
        Column("placements", "placements", "stays"),
        Column("response", "reports", "asked"),
        Column("followed_up", "follow_ups", "follow_ups"),
        Column("with_faults", "follow_ups", "follow_ups"),
        Column("actions", "actions", "actions"),
    )
    total = _counts(facts, private)
    return table("private_providers", columns, lines, total=total)


def of_provider(units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """By the provider's name."""
    found = grouped(units, lambda one: one.provider_name)
    return {name: found[name] for name in sorted(found, key=in_order)}


def _counts(facts: YearFacts, units: Sequence[Unit]) -> list[Counted]:
    ids = {one.id for one in units}
    stays = [stay for stay in facts.stays if stay.unit_id in ids]
    follow_ups: list[YearFollowUp] = [
        one for one in facts.follow_ups if one.follow_up.unit_id in ids and one.follow_up.verdict
    ]
    return [
        len({stay.unit_id for stay in stays}),
        len(stays),
        came([one for one in facts.due if one.unit_id in ids]),
        len(follow_ups),
        sum(one.follow_up.verdict in HITS for one in follow_ups),
        sum(len(one.actions) for one in follow_ups),
    ]
