"""What is compiled when it is first asked for, so that no transaction is long for that."""

from storage.engine.database import Transaction
from storage.engine.prepared import compile_all


def made_quick(tx: Transaction) -> None:
    """Before the bot looks for what is due."""
    compile_all(tx.connection)
