"""What is compiled once is asked of the database as it stands: every one of them, and none with a list in it."""

import pytest
from sqlalchemy import bindparam, select

from storage.engine.database import Database
from storage.engine.prepared import Prepared, compile_all
from storage.engine.tables import delivery, unit
from storage.register import units


def test_everything_that_is_compiled_once_can_be(database: Database) -> None:
    with database.transaction() as tx:
        compile_all(tx.connection)
        assert units.followed_names(tx) == {}


@pytest.mark.parametrize(
    "listed",
    [
        lambda: unit.c.form.not_in(("hvb", "jourhem")),
        lambda: unit.c.id.in_(bindparam("ids", expanding=True)),
    ],
)
def test_a_list_of_values_is_refused_when_it_is_compiled_and_not_when_somebody_asks(
    database: Database, listed: object
) -> None:
    with database.transaction() as tx, pytest.raises(ValueError, match="cannot be compiled once"):
        _alone(select(unit.c.id).where(listed())).compile(tx.connection)  # type: ignore[operator]


def test_a_state_that_a_statement_names_stands_in_it_since_sqlite_would_plan_it_anew_each_time(
    database: Database,
) -> None:
    one = _alone(
        select(delivery.c.id).where(delivery.c.state == "ready", delivery.c.key == bindparam("of_key"))
    )
    with database.transaction() as tx:
        assert one.all(tx.connection, {"of_key": "none"}) == []
        [compiled] = one._compiled.values()
    assert "state = 'ready'" in compiled._sql
    assert compiled._names == ["of_key"]


def _alone(statement: object) -> Prepared:
    """Not among those that are compiled at a start."""
    one = Prepared.__new__(Prepared)
    one._statement, one._compiled = statement, {}  # type: ignore[assignment]
    return one
