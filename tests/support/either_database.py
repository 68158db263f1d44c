"""Which tests are run on PostgreSQL too: those that have the `database` of the fixtures, which may be either.

A test that asks for `on_sqlite` or opens a file is about SQLite or about files; one without a database is the same on
both. The cases of one test ask the database the same with other values: `first` runs the first case of each, `all` all.
"""

from collections.abc import Iterable, Sequence

import pytest

EITHER = frozenset({"database", "on_postgresql"})


def on_postgresql(items: Iterable[pytest.Item], wanted: str) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Those to run, and the rest."""
    kept: dict[tuple[str, str, object], pytest.Item] = {}
    rest = []
    for item in items:
        names: Sequence[str] = getattr(item, "fixturenames", ())
        case = "" if wanted == "first" else item.name
        key = (str(item.path), getattr(item, "originalname", item.name), case)
        if EITHER.isdisjoint(names) or "on_sqlite" in names or key in kept:
            rest.append(item)
        else:
            kept[key] = item
    return list(kept.values()), rest
