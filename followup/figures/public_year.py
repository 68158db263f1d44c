"""The public figures of a year: each table as fine as may be told, and what a correction may change of them."""

from collections.abc import Mapping
from dataclasses import replace

from followup.figures import public_care, public_children, public_events, public_units, year_follow_ups
from followup.figures.disclosure import Left, unhurried
from followup.figures.figure import ALL, Column, Figure, Line, Row, Table, table
from followup.figures.finest_steps import finest_placement_steps
from followup.figures.ladder import LADDERS
from followup.figures.placement_steps import PlacementSteps, YearCounts
from followup.figures.public_care import CHILDREN, PLACEMENTS, RESPONSE, UNITS
from followup.figures.published import Edition, Limits, Proof, PublicYear
from followup.figures.year_facts import YearFacts
from followup.figures.year_selections import half_of, proof_of, yearly

QUESTIONS = ("feels_safe", "knows_plan", "provider_report", "goal_progress")
# Counts of the same placements: a correction changes all of them or none.
LINKED = frozenset({"forms", "ownerships", "contracts", "private_providers", "tracks"})
# What is found about providers is no count of children, and is told as it stands.
OF_PROVIDERS = frozenset(
    {"units", "selected", "bands", "follow_ups", "verdicts", "actions", "decisions", "contracts_ending"}
    | {"satisfaction", "years"}
)
# Nobody misses a sentence that is not always there.
_NEVER_NAMED = frozenset({"talks"})
Tables = Mapping[str, Table | None]


def public_year(
    facts: YearFacts,
    few: int,
    before: Edition | None = None,
    last_year: Edition | None = None,
    left: Left = unhurried,
) -> PublicYear:
    """What may be published now; `before` is the period's edition, if there is one, which it would correct.

    Raises OutOfTimeError where no seconds were `left` before it was known what may be told.
    """
    facts = facts.outside_the_team()
    old = before.public if before else None
    few = max(few, old.few) if old else few
    limits = Limits(few, {id_: one.step for id_, one in old.tables.items()} if old else {})
    counted = YearCounts(facts)
    told = None if old and not old.counts else finest_placement_steps(counted, limits, left)
    found = {**_by_units(counted, limits, told), **_by_children(counted, limits, told)}
    public = PublicYear(
        period=facts.period,
        made_at=facts.made_at,
        few=few,
        counts=told is not None,
        tables={id_: one for id_, one in found.items() if one is not None},
        withheld=frozenset(id_ for id_, one in found.items() if one is None) - _NEVER_NAMED,
        proof=_proof(facts, few),
        of_half=half_of(facts),
    )
    public = public if old is None else corrected(old, public)
    years = _years(public, last_year)
    return replace(public, tables={**public.tables, "years": years}) if years else public


def _proof(facts: YearFacts, few: int) -> Proof | None:
    """Nothing of a frame with so few units that all that it can hold could be tried against its hash."""
    found = yearly(facts)
    return proof_of(facts) if found and len(found.placements) >= few else None


def _by_units(counted: YearCounts, limits: Limits, told: PlacementSteps | None) -> Tables:
    facts = counted.facts
    return {
        "units": public_units.units(counted) if told or not counted.children else None,
        "contracts_ending": public_units.contracts_ending(facts),
        "tracks": public_units.tracks(facts, limits, told),
        "selected": public_units.selected(facts),
        "bands": public_events.bands(counted, limits),
        "follow_ups": public_units.follow_ups(facts),
        "verdicts": year_follow_ups.verdicts(facts),
        "satisfaction": public_units.satisfaction(facts, limits.few),
        "actions": year_follow_ups.actions(facts),
        "decisions": public_units.decisions(facts),
        "private_providers": public_units.private_providers(counted, told, limits.few),
    }


def _by_children(counted: YearCounts, limits: Limits, told: PlacementSteps | None) -> Tables:
    """Nothing where not even the sums may be told."""
    if told is None:
        # Of a year without placements there is nothing to hide.
        said = None if counted.children else table("none", (), [])
        ids = ("forms", "ownerships", "ages", "contracts", "papers", "response_months", "response_teams")
        every = (*ids, "signals", "signal_parts", "talks", "areas", "alerts", *QUESTIONS)
        return {one: said and replace(said, id=one) for one in every}
    return {
        "forms": public_care.forms(counted, limits, told),
        "ownerships": public_care.ownerships(counted, limits, told),
        "ages": public_care.ages(counted, limits),
        "contracts": public_care.contracts(counted, told),
        "papers": public_care.papers(counted, limits),
        "response_months": public_events.by_month(counted, limits),
        "response_teams": public_events.by_team(counted, limits),
        "signals": public_events.signals(counted, limits),
        "signal_parts": public_events.parts(counted, limits),
        **{one: public_children.answers(counted, limits, one) for one in QUESTIONS},
        "talks": public_children.talks(counted, limits),
        "areas": public_children.areas(counted, limits),
        "alerts": public_events.alerts(counted, limits),
    }


def _years(public: PublicYear, last_year: Edition | None) -> Table | None:
    """The sums beside last year's as they were printed, never counted anew."""
    mine, theirs = public.tables.get("forms"), last_year.public.tables.get("forms") if last_year else None
    if mine is None or theirs is None or last_year is None:
        return None
    columns = (CHILDREN, PLACEMENTS, UNITS, RESPONSE)
    lines: list[Line] = [
        (str(year), str(year), [_of_sum(one, column) for column in columns])
        for year, one in ((last_year.year, theirs), (public.period.year, mine))
    ]
    return table("years", columns, lines, sideways=True)


def _of_sum(one: Table, column: Column) -> Figure | None:
    cell = one.cell(ALL, column.id)
    return cell if isinstance(cell, Figure) else None


def corrected(old: PublicYear, new: PublicYear) -> PublicYear:
    """The new one, but the old tables where a printed count would change by fewer children than may be told of."""
    about = (set(old.tables) | set(new.tables)) - OF_PROVIDERS
    kept = {id_ for id_ in about if not _may_change(old.tables.get(id_), new.tables.get(id_), new.few)}
    if kept & LINKED:
        kept |= LINKED & about
    # In the order of the first edition, so that none is told from the others by its place.
    order = dict.fromkeys([*old.tables, *new.tables])
    found = {id_: (old if id_ in kept else new).tables.get(id_) for id_ in order}
    tables = {id_: one for id_, one in found.items() if one is not None}
    changed = {id_ for id_ in kept if old.tables.get(id_) != new.tables.get(id_)}
    if "tracks" in kept and new.of_half != old.of_half:
        # What is said of the selection is still about the half that the table is of.
        new = replace(new, of_half=old.of_half, proof=old.proof)
    return replace(
        new,
        tables=tables,
        withheld=frozenset((new.withheld | kept) - set(tables)),
        kept=frozenset(changed & set(tables)),
    )


def _may_change(old: Table | None, new: Table | None, few: int) -> bool:
    """A table that was withheld stays so; one that would be withheld is, and says nothing more."""
    if old is None or new is None:
        return new is None
    if new.columns != old.columns:
        return False
    return all(_row_may_change(old, row, new, few) for row in new.all_rows)


def _row_may_change(old: Table, row: Row, new: Table, few: int) -> bool:
    """Against the old rows that it is made of; a count of which nothing was told before is not told now."""
    parts = [one for one in old.all_rows if one.key in _finer(new, row.key, old)]
    if not parts:
        return not any(figure.children for figure in row.figures)
    return all(
        _cell_may_change([one.cells[place] for one in parts], cell, few)
        for place, cell in enumerate(row.cells)
    )


def _finer(new: Table, key: str, old: Table) -> set[str]:
    """The keys of the old rows that the new row holds; where a step is of what each row says, the rows are the same."""
    if new.step == old.step or key == ALL or new.id not in LADDERS:
        return {key}
    ladder = LADDERS[new.id]
    own = set(ladder[new.step].get(key, ())) if new.step < len(ladder) else set[str]()
    return {row for row, of in (ladder[old.step].items() if old.step < len(ladder) else ()) if set(of) <= own}


def _cell_may_change(old: list[object], new: object, few: int) -> bool:
    if len(old) == 1 and not isinstance(new, Figure):
        return True if new is None else str(new) == str(old[0])
    before = [one for one in old if isinstance(one, Figure)]
    if not isinstance(new, Figure) or len(before) < len(old):
        return False
    if not new.children and not any(one.children for one in before):
        return True
    more = new.children - sum(one.children for one in before)
    whole = abs((new.of or 0) - (before[0].of or 0))
    same = len(before) == 1 and before[0].value == new.value
    enough = same or more >= few or (len(before) == 1 and -more >= few)
    return enough and (whole == 0 or whole >= few)
