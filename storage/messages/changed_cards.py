"""Cards that have changed: a row of the ledger for each message, with the newest content only.

Such a row is idempotent, so it is never uncertain: it is sent until it is taken, or until it never will be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, literal_column, select, update

from followup import PersonId
from storage.engine.columns import Instant
from storage.engine.database import Transaction, do_later, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery
from storage.messages.delivery import UPDATE, Delivery, DeliveryState
from storage.messages.queueing import owe

# How long a form that is being filled in is left alone, when the card that it stands on changes.
PATIENCE = timedelta(minutes=30)
LONGEST_KEY = 200
# What it shows is read and written again, so it is nobody else's meanwhile.
_BY_KEY = Prepared(select(delivery).where(delivery.c.key == bindparam("wanted")).with_for_update())
_WRITTEN = ("payload", "not_before", "due_at", "person_id", "channel", "conversation_id", "activity_id")
# Whoever ticks a list one by one, or regrets it, presses again within seconds: the other devices see what has become of
# it once. No longer, since who takes up the other device is to see the card as it is.
SEVERAL_PRESSES = timedelta(seconds=5)
# While one content is on its way the row stays as it is sent, and `unchanged` then says no.
_REWRITE = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("wanted_id"))
    .values(
        **{name: bindparam(f"new_{name}", type_=delivery.c[name].type) for name in _WRITTEN},
        state=case((delivery.c.state == "sending", "sending"), else_=bindparam("new_state")),
        attempts=0,
    )
)
# What waits already, and goes where and when it was to go.
_SAY_OTHERWISE = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("wanted_id"))
    .values(payload=bindparam("new_payload", type_=delivery.c.payload.type))
)
# A form that is left open waits half an hour, and an ended row is only where the message stands: it begins anew.
_ENDED_LONGEST = (
    select(delivery.c.id)
    .where(
        # As in the index, which no parameter finds.
        delivery.c.kind == literal_column(f"'{UPDATE}'"),
        delivery.c.not_before < bindparam("before", type_=Instant),
        delivery.c.state.not_in(("ready", "sending", "uncertain")),
    )
    .order_by(delivery.c.not_before)
    .limit(bindparam("most"))
)
_FORGET = delete(delivery).where(delivery.c.id.in_(_ENDED_LONGEST))


@dataclass(frozen=True)
class CardMessage:
    """The message that holds the card, in a person's own chat or in a channel of ours."""

    conversation_id: str
    activity_id: str
    person_id: PersonId | None = None
    channel: str | None = None

    @property
    def key(self) -> str:
        named = f"{UPDATE}:{self.conversation_id}:{self.activity_id}"
        return named if len(named) <= LONGEST_KEY else f"{UPDATE}:{sha256(named.encode()).hexdigest()}"


def change(
    tx: Transaction, message: CardMessage, content: Mapping[str, Any], pressed: str | None, now: datetime
) -> None:
    """What the message is to show, some seconds after the first press; never over another form than the `pressed`."""
    row = _held(tx, message)
    form = _open_form(row, now)
    waits = form is not None and form != pressed
    _write(
        tx,
        message,
        row,
        {**content, **({"form": form} if waits else {})},
        row.not_before if waits else _after_several_presses(row, now),
        now,
    )


def change_later(tx: Transaction, message: CardMessage, content: Mapping[str, Any], now: datetime) -> None:
    """As `change`, when the work is done: of one that changes several cards each is taken in its turn."""
    tx.later["card", message.key] = partial(
        change, message=message, content=dict(content), pressed=None, now=now
    )


def do_changes(tx: Transaction, beside: CardMessage | None) -> None:
    """All that have been put off till now, with the one `beside` them taken in its turn."""
    if beside is not None and tx.later:
        tx.later.setdefault(("card", beside.key), partial(_held, message=beside))
    do_later(tx)


def _held(tx: Transaction, message: CardMessage) -> Any:
    tx.held.setdefault(("card", message.key))
    return _BY_KEY.first(tx.connection, {"wanted": message.key})


def _after_several_presses(row: Row[Any] | None, now: datetime) -> datetime:
    """What waits already is not put off by each press."""
    due: datetime = now + SEVERAL_PRESSES
    if row is None or row.state != "ready" or row.not_before <= now:
        return due
    waiting_until: datetime = row.not_before
    return min(waiting_until, due)


def open_form(tx: Transaction, message: CardMessage, form: str, now: datetime) -> None:
    """A form has been opened in the message: what it was to show waits."""
    row = _held(tx, message)
    payload = {**(row.payload if row else {}), "form": form}
    _write(tx, message, row, payload, now + PATIENCE, now, state=row.state if row else "cancelled")


def shows_another_form(tx: Transaction, message: CardMessage, pressed: str | None, now: datetime) -> bool:
    """Whether another form than the one `pressed` is being filled in there, on whichever device."""
    form = _open_form(_held(tx, message), now)
    return form is not None and form != pressed


def close_form(tx: Transaction, message: CardMessage, pressed: str | None, now: datetime) -> None:
    """The form has been left: what waited for it goes."""
    row = _held(tx, message)
    if row is None or _open_form(row, now) != pressed:
        return
    payload = {name: value for name, value in row.payload.items() if name != "form"}
    _write(tx, message, row, payload, now, now, state=row.state)


def _open_form(row: Row[Any] | None, now: datetime) -> str | None:
    form: str | None = row.payload.get("form") if row is not None and row.not_before > now else None
    return form


def _write(
    tx: Transaction,
    message: CardMessage,
    row: Row[Any] | None,
    payload: Mapping[str, Any],
    not_before: datetime,
    now: datetime,
    state: DeliveryState = "ready",
) -> None:
    # Whose message it is, as seen now: the person may have got the account of another since the last change.
    place = {"conversation_id": message.conversation_id, "activity_id": message.activity_id}
    own = {"person_id": message.person_id, "channel": message.channel}
    when = {"not_before": not_before, "due_at": not_before}
    values = {"payload": dict(payload), **when, **own, **place}
    if state == "ready":
        owe(tx, message.key, not_before, now)
    if row is not None and _is_as(row, {**when, **own, **place, "state": state, "attempts": 0}):
        _SAY_OTHERWISE.changed(tx.connection, {"wanted_id": row.id, "new_payload": dict(payload)})
        return
    if row is not None:
        written = {
            "wanted_id": row.id,
            "new_state": state,
            **{f"new_{name}": one for name, one in values.items()},
        }
        _REWRITE.changed(tx.connection, written)
        return
    fixed = {"key": message.key, "kind": UPDATE, "state": state, "created_at": now, "urgent": False}
    # Where another was quicker, its row will be drawn from the same as this one.
    insert_new(tx, delivery, **values, **fixed)


def _is_as(row: Row[Any], values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def unchanged(tx: Transaction, sent: Delivery) -> bool:
    """Whether what was sent is still what is to be shown, and no form has been opened over it."""
    now = tx.connection.execute(select(delivery.c.payload).where(delivery.c.id == sent.id)).scalar_one()
    return bool(now == dict(sent.payload))


def put_back(tx: Transaction, sent: Delivery, not_before: datetime, reason: str | None) -> None:
    """To be sent later, and not before what waits for a form."""
    later = case((delivery.c.not_before > not_before, delivery.c.not_before), else_=not_before)
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == sent.id)
        .values(state="ready", not_before=later, reason=reason, owner=None, leased_until=None)
    )


def end(
    tx: Transaction, sent: Delivery, state: DeliveryState, now: datetime, reason: str | None = None
) -> None:
    """The message shows it, or never will; where it stands is kept for what it is to show next."""
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.id == sent.id)
        .values(
            state=state,
            reason=reason,
            sent_at=now if state == "sent" else delivery.c.sent_at,
            owner=None,
            leased_until=None,
        )
    )


def forget(tx: Transaction, before: datetime, most: int) -> int:
    """Deletes so many that have ended and were to go before the moment, and says how many."""
    return tx.connection.execute(_FORGET, {"before": before, "most": most}).rowcount
