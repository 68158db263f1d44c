"""Tables of the year's selection: the reasons, the coverage, the units, and who entered and left."""

from collections.abc import Iterable, Sequence

from followup.figures.counting import in_order
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.published import OfHalf, Proof
from followup.figures.year_facts import Selection, YearFacts
from followup.selection.selection import REASONS, Chosen, Reason
from followup.wording.wording import Wording, wording

PLACEMENTS = Column("placements", "placements", "frame")


def yearly(facts: YearFacts) -> Selection | None:
    """The year's own selection, once it is drawn; the newest, where one is made for each half of the year."""
    drawn = [one for one in facts.selections if one.yearly and one.state != "frozen"]
    return drawn[-1] if drawn else None


def proof_of(facts: YearFacts) -> Proof | None:
    """Nothing before the draw."""
    found = yearly(facts)
    return Proof(found.frame_hash, found.public_value) if found and found.public_value else None


def half_of(facts: YearFacts) -> OfHalf | None:
    """What `yearly` is of, where that is a half of the year."""
    found = yearly(facts)
    if found is None or not found.half:
        return None
    drawn = {one.half for one in facts.selections if one.half and one.state != "frozen"}
    return OfHalf(found.half, both=len(drawn) > 1)


def reasons(facts: YearFacts) -> Table:
    """Units by each reason that chose them; a unit with several reasons counts in each."""
    found = yearly(facts)
    lines: list[Line] = []
    total: list[Counted] = [0, None]
    if found is not None:
        for reason in REASONS:
            chosen = [one for one in found.chosen if reason in one.reasons]
            if chosen:
                lines.append((reason, reason_words(reason), _counts(found, chosen)))
        total = _counts(found, found.chosen)
    columns = (
        Column("units", "units", "selection"),
        Column("covered", "placements", "frame"),
    )
    return table("selection", columns, lines, total=total, total_label=wording("year.all_chosen"))


def _counts(found: Selection, chosen: Sequence[Chosen]) -> list[Counted]:
    covered = sum(found.placements.get(one.unit, 0) for one in chosen)
    return [len(chosen), (covered, sum(found.placements.values()))]


def chosen_units(facts: YearFacts) -> Table:
    """By name, of every selection of the year; no sum of several, since a unit may be in more than one."""
    lines: list[Line] = []
    several = which_column(facts)
    for key, found, one in by_name_of_unit(facts):
        size = found.placements.get(one.unit, 0)
        which = [found.name for _ in several]
        cells = [provider_of(facts, one.unit), *which, size, reason_list(one.reasons)]
        lines.append((key, name_of(facts, one.unit), cells))
    columns = (Column("provider"), *several, PLACEMENTS, Column("reasons"))
    total = sum(found.placements.get(one.unit, 0) for _, found, one in by_name_of_unit(facts))
    return table("selected", columns, lines, total=None if several else [None, total, None])


def which_column(facts: YearFacts) -> list[Column]:
    """Where the year has more than one selection, which of them each unit was chosen in."""
    return [Column("selection")] if len(facts.selections) > 1 else []


def by_name_of_unit(facts: YearFacts) -> list[tuple[str, Selection, Chosen]]:
    """Each chosen unit with the selection that chose it and a key; one in two selections stands twice."""
    found = [
        (f"{number}:{one.unit}", selection, one)
        for number, selection in enumerate(facts.selections)
        for one in selection.chosen
    ]
    return sorted(found, key=lambda row: in_order(name_of(facts, row[2].unit)))


def provider_of(facts: YearFacts, key: str) -> str | None:
    unit = facts.unit_named.get(key)
    return unit.provider_name if unit else None


def changes(facts: YearFacts) -> Table:
    """Who entered and who left since the selection of the year before, and why they left."""
    found = yearly(facts)
    lines: list[Line] = []
    if found is not None and found.changes is not None:
        for one in found.changes.entered:
            lines.append((f"in:{one.unit}", name_of(facts, one.unit), [wording("year.entered"), None]))
        for left in found.changes.left:
            why = wording(f"year.left.{left.why}")
            lines.append((f"out:{left.unit}", name_of(facts, left.unit), [wording("year.left"), why]))
    return table("selection_changes", (Column("change"), Column("why")), lines)


def name_of(facts: YearFacts, key: str) -> str:
    unit = facts.unit_named.get(key)
    return unit.name if unit else key


def reason_words(reason: Reason) -> Wording:
    return wording(f"selection.reason.{reason}")


def reason_list(chosen: Iterable[Reason]) -> tuple[Wording, ...]:
    return tuple(reason_words(one) for one in chosen)
