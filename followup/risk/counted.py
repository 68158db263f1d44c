"""How many of each kind of evidence there are and how many of them count, and why the others do not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from followup.risk.counting import WHY_NOT
from followup.risk.inputs import ItemKind
from followup.risk.risk import Contribution
from followup.wording.wording import Wording, wording


@dataclass(frozen=True)
class KindCounted:
    """All of one kind that is known of a unit, of whatever age; `left` has by reason those that do not count."""

    kind: ItemKind
    number: int
    left: Mapping[str, int]

    @property
    def counting(self) -> int:
        return self.number - sum(self.left.values())

    @property
    def words(self) -> Wording:
        """Both figures, and each reason with how many it is the reason of."""
        return wording(
            "risk.counted",
            what=wording(f"risk.counted.{self.kind}", n=self.number),
            counting=self.counting,
            why=tuple(
                wording(f"risk.uncounted.{why}", n=self.left[why]) for why in WHY_NOT if why in self.left
            ),
        )


def counted_by_kind(rows: Iterable[Contribution]) -> list[KindCounted]:
    """Those of which there are most come first."""
    rows = list(rows)
    number = Counter(row.kind for row in rows)
    left = {kind: Counter[str]() for kind in number}
    for row in rows:
        if row.zero_because:
            left[row.kind][row.zero_because] += 1
    return [
        KindCounted(kind, number[kind], left[kind])
        for kind in sorted(number, key=lambda one: (-number[one], one))
    ]


def differences(rows: Iterable[Contribution]) -> tuple[Wording, ...]:
    """A sentence of each kind of which there are more than count, and none where all count."""
    return tuple(one.words for one in counted_by_kind(rows) if one.left)
