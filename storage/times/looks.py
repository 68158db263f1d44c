"""When the bot last looked whether it can store anything: that it could write this is the answer."""

from datetime import datetime

from sqlalchemy import update

from storage.engine.database import Transaction, insert_new
from storage.engine.locks import demand_what_hand_ins_take
from storage.engine.tables import last_look


def note(tx: Transaction, now: datetime) -> None:
    demand_what_hand_ins_take(tx)
    if not insert_new(tx, last_look, id=1, at=now):
        tx.connection.execute(update(last_look).values(at=now))
