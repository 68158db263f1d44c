"""Tables of the year's selection: the reasons, the coverage, the units, and who entered and left."""

from collections.abc import Iterable, Sequence

from followup.figures.counting import in_order
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.published import Proof
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
    """By name, of every selection of the year."""
    lines: list[Line] = []
    for number, found in enumerate(facts.selections):
        for one in sorted(found.chosen, key=lambda one: in_order(name_of(facts, one.unit))):
            key = f"{number}:{one.unit}"
            size = found.placements.get(one.unit, 0)
            provider = facts.unit_named[one.unit].provider_name if one.unit in facts.unit_named else None
            lines.append((key, name_of(facts, one.unit), [provider, size, reason_list(one.reasons)]))
    columns = (Column("provider"), PLACEMENTS, Column("reasons"))
    total = sum(found.placements.get(one.unit, 0) for found in facts.selections for one in found.chosen)
    return table("selected", columns, lines, total=[None, total, None])


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
