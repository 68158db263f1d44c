"""Which tests are run on PostgreSQL too: those with a database, but for those that are about SQLite and say why.

The cases of one test ask the database the same with other values: `first` runs the first case of each, `all` all,
`beside` the first of each beside every test on SQLite, and `noted` of all those that send what no other does
(`statements.py`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import pytest

Engine = Literal["sqlite", "postgresql"]
ENGINES: tuple[Engine, ...] = ("sqlite", "postgresql")
WAYS = ("beside", "first", "all", "noted")
# A test that asks for one of these is about the one database, whichever was asked for.
OF_ITS_OWN = "ger kommandon i en egen katalog med en egen fil"
ONLY: dict[str, Engine] = {"on_postgresql": "postgresql", "on_sqlite": "sqlite"}


def engines(wanted: str | None, *, about_sqlite: bool) -> Sequence[Engine]:
    """What a test with a database is run on."""
    if about_sqlite or wanted is None:
        return ["sqlite"]
    return ["sqlite", "postgresql"] if wanted == "beside" else ["postgresql"]


class Case(NamedTuple):
    """One case of a test, on one database or, where it has none, on neither."""

    test: str
    case: str
    engine: Engine | None


def chosen(cases: Sequence[Case], wanted: str | None) -> list[bool]:
    """Whether each is to be run."""
    begun: set[str] = set()
    found = []
    for one in cases:
        if one.engine == "postgresql":
            found.append(wanted in ("all", "noted") or one.test not in begun)
            begun.add(one.test)
        else:
            found.append(wanted in (None, "beside"))
    return found


def case_of(item: pytest.Item) -> Case:
    test = getattr(item, "originalname", item.name)
    return Case(f"{item.path}::{test}", item.name, engine_of(item))


def engine_of(item: pytest.Item) -> Engine | None:
    """None of a test without a database."""
    names: Sequence[str] = getattr(item, "fixturenames", ())
    given: Engine | None = getattr(getattr(item, "callspec", None), "params", {}).get("engine")
    only = (ONLY[name] for name in names if name in ONLY)
    return given or next(only, "sqlite" if "engine" in names else None)


def reason_of(node: pytest.Item) -> str | None:
    """Why the test is about SQLite itself; None where it is not."""
    marked = node.get_closest_marker("sqlite")
    if marked is not None:
        return str(marked.args[0])
    return OF_ITS_OWN if "var" in getattr(node, "fixturenames", ()) else None


def counted(items: Iterable[pytest.Item]) -> Counter[str]:
    """How many are run on PostgreSQL, and of the others each reason why they are not."""
    return Counter(
        reason or "postgresql"
        for item in items
        if (reason := reason_of(item)) or engine_of(item) == "postgresql"
    )


def told(found: Counter[str], wanted: str | None, *, is_here: bool) -> list[str]:
    """What is said at the end of a run."""
    if not wanted:
        return []
    if not is_here:
        return [
            "PostgreSQL finns inte här: inga tester är körda på den. Installera den: apt-get install postgresql"
        ]
    on = f"{found.pop('postgresql', 0)} tester är körda på PostgreSQL"
    if not found:
        return [f"{on}."]
    why = [f"  {number} {reason}" for reason, number in found.most_common()]
    return [f"{on}. {found.total()} handlar om SQLite självt och är inte det:", *why]
