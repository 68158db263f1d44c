"""What is read in and compiled when it is first asked for, so that no transaction is long for that."""

import asyncio
from datetime import datetime

from followup.risk.risk import incomplete_gamma
from followup.times.calendar import municipal_day, next_working_day
from storage.engine.database import Transaction
from storage.engine.prepared import compile_all


def made_quick(now: datetime, tx: Transaction) -> None:
    """Before the bot looks for what is due."""
    next_working_day(municipal_day(now))
    compile_all(tx.connection)


async def what_scores_is_loaded() -> None:
    """Before a transaction that may score; the bot is ready without it, and at work for some tenths of a second."""
    if not incomplete_gamma.cache_info().currsize:
        await asyncio.to_thread(incomplete_gamma)
