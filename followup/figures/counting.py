"""Counting that the tables share: stays and reports by group, and months of care."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeVar

from followup.figures.year_facts import Asked, YearFacts, YearPlacement

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
# As in the register: every unit is one of these, and all are measured alike (R33).
_LAST_LETTERS = str.maketrans("åäö", "{|}")
OWNERSHIPS = ("private", "in_house", "other_public")


def in_order(name: str) -> str:
    """A key that sorts names as Swedish does: å, ä, ö after z, in any case."""
    return name.casefold().translate(_LAST_LETTERS)


def grouped(values: Iterable[T], key: Callable[[T], K]) -> Mapping[K, list[T]]:
    """Missing groups are empty."""
    found: defaultdict[K, list[T]] = defaultdict(list)
    for value in values:
        found[key(value)].append(value)
    return found


def children(stays: Iterable[YearPlacement]) -> int:
    return len({stay.child for stay in stays})


def came(asked: Sequence[Asked]) -> tuple[int, int] | None:
    """Reports that came, of those that were due; None where nothing was."""
    return (sum(one.came for one in asked), len(asked)) if asked else None


def answered(asked: Iterable[Asked], question: str, *answers: str) -> tuple[int, int] | None:
    """Reports with one of the answers, of those in which the question is answered."""
    given = [one.answers[question] for one in asked if one.came and question in one.answers]
    return (sum(answer in answers for answer in given), len(given)) if given else None


def care_months(stays: Iterable[YearPlacement], facts: YearFacts) -> Fraction:
    """Placement-months of the period: days of care by the days of their month."""
    until = facts.period.until
    return sum(
        (
            Fraction(stay.days_in(month.first, min(month.last, until)), month.days)
            for stay in stays
            for month in facts.period.months
        ),
        Fraction(0),
    )


def per_hundred(number: int, months: Fraction) -> Decimal | None:
    """With one decimal; None where there were no months."""
    if not months:
        return None
    exact = Fraction(100 * number) / months
    tenths = Decimal(exact.numerator * 10) / Decimal(exact.denominator)
    return tenths.quantize(Decimal(1), ROUND_HALF_UP) / 10
