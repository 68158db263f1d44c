"""What is done once about what has been loaded, so that no transaction is long for that."""

import gc

from storage.engine.database import Transaction
from storage.engine.prepared import compile_all


def made_quick(tx: Transaction) -> None:
    """Before the bot looks for what is due."""
    compile_all(tx.connection)


def looked_through_no_more() -> None:
    """What has been loaded by now stays, so that it need not be looked through again and again for what can go."""
    gc.collect()
    gc.freeze()
