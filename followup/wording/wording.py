"""A text to be said, named by its id in the catalogue, with the values that fill it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wording:
    """Values: str, int, float, Decimal, date, datetime, Month, Months, InEachLanguage, another Wording or a tuple.

    `n` chooses the plural.
    """

    id: str
    values: Mapping[str, object] = field(default_factory=dict)


def wording(id: str, **values: object) -> Wording:  # noqa: A002 - the catalogue's own word for it.
    return Wording(id, values)


@dataclass(frozen=True)
class InEachLanguage:
    """Words that no catalogue has, by language."""

    words: Mapping[str, "str | Wording"]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, so that all problems can be told at once."""

    field: str
    what: Wording
