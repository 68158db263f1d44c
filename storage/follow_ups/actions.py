"""Actions, every version of each; what was written is sealed."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, or_, select

from followup import ActionId, FollowUpId, PersonId
from followup.follow_ups.action import UNFINISHED, Action
from storage.engine.database import Transaction
from storage.engine.newest import newest_version
from storage.engine.prepared import Prepared
from storage.engine.year_tables import action, action_version

_PLAIN = (
    "version",
    "owner_id",
    "due_on",
    "state",
    "verified_by",
    "verified_on",
    "author_id",
    "recorded_at",
)
_ALL = (
    select(action_version, action.c.follow_up_id)
    .select_from(action)
    .join(action_version, action_version.c.action_id == action.c.id)
    .order_by(action.c.id, action_version.c.version)
)
_NEWEST = _ALL.where(action_version.c.version == newest_version(action_version.c.action_id, action.c.id))
_BY_ID = _NEWEST.where(action.c.id == bindparam("action_id"))
_VERSIONS = _ALL.where(action.c.id == bindparam("action_id"))
_OF_FOLLOW_UP = _NEWEST.where(action.c.follow_up_id == bindparam("follow_up_id"))
_UNFINISHED = _NEWEST.where(action_version.c.state.in_(UNFINISHED))
_UNFINISHED_HEADS = Prepared(
    select(action.c.follow_up_id, action_version.c.action_id, *(action_version.c[name] for name in _PLAIN))
    .join(action_version, action_version.c.action_id == action.c.id)
    .where(
        action_version.c.version == newest_version(action_version.c.action_id, action.c.id),
        or_(*(action_version.c.state == state for state in UNFINISHED)),
    )
)
_LATE_COUNTS = (
    _UNFINISHED.where(action_version.c.due_on < bindparam("day"))
    .with_only_columns(action.c.follow_up_id, func.count().label("number"))
    .order_by(None)
    .group_by(action.c.follow_up_id)
)
_UNFINISHED_BETWEEN = _UNFINISHED.where(action.c.id > bindparam("after"), action.c.id <= bindparam("last"))
_next = select(action.c.id).where(action.c.id > bindparam("after")).order_by(action.c.id)
_LAST_OF_NEXT = select(func.max(_next.limit(bindparam("most")).subquery().c.id))


def add(
    tx: Transaction,
    follow_up_id: FollowUpId,
    *,
    what: str,
    owner_id: PersonId,
    due_on: date,
    author_id: PersonId,
    now: datetime,
) -> Action:
    action_id: ActionId = tx.connection.execute(
        insert(action).values(follow_up_id=follow_up_id).returning(action.c.id)
    ).scalar_one()
    first = Action(
        id=action_id,
        follow_up_id=follow_up_id,
        version=0,
        what=what,
        owner_id=owner_id,
        due_on=due_on,
        state="open",
        evidence="",
        verified_by=None,
        verified_on=None,
        reason="",
        author_id=author_id,
        recorded_at=now,
    )
    return save(tx, first, author_id, now)


def save(tx: Transaction, changed: Action, author_id: PersonId, now: datetime) -> Action:
    """Adds what was changed as the next version."""
    new = replace(changed, version=changed.version + 1, author_id=author_id, recorded_at=now)
    tx.connection.execute(
        insert(action_version).values(
            action_id=new.id,
            **{name: getattr(new, name) for name in _PLAIN},
            what=tx.vault.seal(new.what),
            evidence=tx.vault.seal_some(new.evidence or None),
            reason=tx.vault.seal_some(new.reason or None),
        )
    )
    return new


def get(tx: Transaction, action_id: ActionId) -> Action | None:
    row = tx.connection.execute(_BY_ID, {"action_id": action_id}).one_or_none()
    return None if row is None else _action(tx, row)


def versions(tx: Transaction, action_id: ActionId) -> list[Action]:
    return [_action(tx, row) for row in tx.connection.execute(_VERSIONS, {"action_id": action_id})]


def of_follow_up(tx: Transaction, follow_up_id: FollowUpId) -> list[Action]:
    rows = tx.connection.execute(_OF_FOLLOW_UP, {"follow_up_id": follow_up_id})
    return [_action(tx, row) for row in rows]


def late_counts(tx: Transaction, day: date) -> dict[FollowUpId, int]:
    """How many of each follow-up's are not finished and should have been before the day; none of those without any."""
    return {row.follow_up_id: row.number for row in tx.connection.execute(_LATE_COUNTS, {"day": day})}


def unfinished(tx: Transaction) -> list[Action]:
    """Those neither verified nor cancelled, the nearest day first."""
    found = [_action(tx, row) for row in tx.connection.execute(_UNFINISHED)]
    return sorted(found, key=lambda one: (one.due_on, one.id))


def unfinished_heads(tx: Transaction) -> list[Action]:
    """The same without what is written in them."""
    found = [_head(row) for row in _UNFINISHED_HEADS.all(tx.connection, {})]
    return sorted(found, key=lambda one: (one.due_on, one.id))


def unfinished_after(tx: Transaction, after: ActionId, most: int) -> tuple[list[Action], ActionId | None]:
    """Those of so many after the one named, and the last that was looked at, None where there are no more of them."""
    last = tx.connection.scalar(_LAST_OF_NEXT, {"after": after, "most": most})
    if last is None:
        return [], None
    rows = tx.connection.execute(_UNFINISHED_BETWEEN, {"after": after, "last": last})
    return [_action(tx, row) for row in rows], last


def _head(row: Any, what: str = "", evidence: str = "", reason: str = "") -> Action:
    return Action(
        id=row.action_id,
        follow_up_id=row.follow_up_id,
        what=what,
        evidence=evidence,
        reason=reason,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def _action(tx: Transaction, row: Row[Any]) -> Action:
    return _head(
        row,
        what=tx.vault.open(row.what),
        evidence=tx.vault.open_some(row.evidence) or "",
        reason=tx.vault.open_some(row.reason) or "",
    )
