"""Why a unit has its band, with no day and no child: kinds with their counts, and the level."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from followup.risk.explanation import explain
from followup.risk.inputs import ItemKind
from followup.risk.risk import Contribution
from followup.times.month import Months
from followup.wording.wording import Wording
from services.risk.scoring import RiskReading


@dataclass(frozen=True)
class Reasons:
    """The kinds that raise the ratio, with how many of each there are in the months, what raises it most first."""

    months: Months
    kinds: tuple[tuple[ItemKind, int], ...]
    level: tuple[Wording, ...]


def reasons_in(reading: RiskReading) -> Reasons:
    """Of a small unit they are for the quality team alone."""
    counted = [row for row in reading.score.contributions if row.raises > 0]
    number: Counter[str] = Counter()
    for row in counted:
        number[row.kind] += 1
    conclusion = explain(reading.score, reading.inputs, reading.judgement).conclusion
    level = tuple(one for one in conclusion if one.id not in ("risk.items", "risk.floor.event"))
    kinds = tuple((kind, number[kind]) for kind in kinds_that_raise(counted))
    return Reasons(reading.inputs.months, kinds, level)


def kinds_that_raise(rows: Iterable[Contribution]) -> list[ItemKind]:
    """The kinds of evidence by how much they raise the ratio; those that raise nothing are left out."""
    raised: defaultdict[ItemKind, float] = defaultdict(float)
    for row in rows:
        raised[row.kind] += row.raises
    return sorted((kind for kind in raised if raised[kind] > 0), key=lambda kind: -raised[kind])
