"""When a placement is open, as the database asks it: the one condition that every query of placements uses."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from storage.engine.tables import placement


def not_ended_before(day: Any) -> ColumnElement[bool]:
    return or_(placement.c.ends.is_(None), placement.c.ends >= day)


def open_some_day(since: Any, until: Any) -> ColumnElement[bool]:
    """Open at least one of the days, both included; as `followup.placement.open_days` counts them."""
    return and_(placement.c.starts <= until, not_ended_before(since))
