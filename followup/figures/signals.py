"""Tables of signals: by kind, and by unit."""

from collections.abc import Callable, Sequence
from functools import partial

from followup import UnitId
from followup.figures.counting import came, grouped
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.year_facts import YearFacts
from followup.signals.signal import KINDS, Signal, is_serious, zero_because
from followup.terms import SignalCode
from followup.wording.wording import wording


def weighs(signal: Signal) -> bool:
    return zero_because(signal) is None


def _counts_as(kind: SignalCode, signal: Signal) -> bool:
    return signal.kind == kind and weighs(signal)


# What a row of the table by kind counts; the others are parts of these, or stand beside them.
COUNTED: tuple[tuple[str, Callable[[Signal], bool]], ...] = tuple(
    (kind, partial(_counts_as, kind)) for kind in sorted(KINDS)
)
PARTS: tuple[tuple[str, Callable[[Signal], bool]], ...] = (
    ("serious", lambda one: weighs(one) and is_serious(one)),
    ("lex_sarah", lambda one: weighs(one) and "lex_sarah" in one.marks),
    ("ivo", lambda one: weighs(one) and "ivo" in one.marks),
)
BESIDE: tuple[tuple[str, Callable[[Signal], bool]], ...] = (
    ("praise", lambda one: zero_because(one) == "praise"),
    ("authority", lambda one: zero_because(one) == "authority"),
    ("other_reason", lambda one: zero_because(one) == "other_reason"),
    ("dismissed", lambda one: one.dismissed),
)
NUMBER = Column("number", "signals", "signals")
WITH_ONE = Column("units_with", "units", "units_with")


def by_kind(facts: YearFacts) -> Table:
    """Each kind, and how many of the units with placements had one: 41 of 96 had a complaint."""
    lines = [_kind_line(facts, key, holds) for key, holds in COUNTED]
    total = _numbers(facts, weighs)
    return table("signals", (NUMBER, WITH_ONE), lines if facts.signals else [], total=total)


def parts(facts: YearFacts) -> Table:
    """Parts of the whole, and what gives no unit any points but is told all the same."""
    lines = [_kind_line(facts, key, holds) for key, holds in (*PARTS, *BESIDE)]
    return table("signal_parts", (NUMBER, WITH_ONE), lines if facts.signals else [])


def _kind_line(facts: YearFacts, key: str, holds: Callable[[Signal], bool]) -> Line:
    return key, wording(f"year.signal.{key}"), _numbers(facts, holds)


def _numbers(facts: YearFacts, holds: Callable[[Signal], bool]) -> list[Counted]:
    found = [one for one in facts.signals if holds(one)]
    housing = {stay.unit_id for stay in facts.stays}
    with_one = {one.unit_id for one in found} & housing
    return [len(found), (len(with_one), len(housing)) if housing else None]


def by_unit(facts: YearFacts) -> Table:
    """By name, since nobody is ranked; only for those who work with the follow-up."""
    stays = grouped(facts.stays, lambda stay: stay.unit_id)
    asked = grouped(facts.due, lambda one: one.unit_id)
    signals = grouped(facts.signals, lambda one: one.unit_id)
    shown = [one for one in facts.units if stays[one.id] or signals[one.id]]
    lines: list[Line] = [
        (
            one.key,
            one.name,
            [len(stays[one.id]), *_by_kind(signals[one.id]), _concerns(facts, one.id), came(asked[one.id])],
        )
        for one in shown
    ]
    columns = (
        Column("placements", "placements", "stays"),
        *(Column(kind, "signals", "signals") for kind in KINDS),
        Column("concern", "reports", "answers"),
        Column("response", "reports", "asked"),
    )
    total: list[Counted] = [
        len(facts.stays),
        *_by_kind(facts.signals),
        sum(one.concern for one in facts.due),
        came(facts.due),
    ]
    return table("signals_by_unit", columns, lines, total=total)


def _by_kind(signals: Sequence[Signal]) -> list[int]:
    counted = [one.kind for one in signals if weighs(one)]
    return [counted.count(kind) for kind in KINDS]


def _concerns(facts: YearFacts, unit_id: UnitId) -> int:
    return sum(one.concern for one in facts.due if one.unit_id == unit_id)
