"""How the database looks up what is read."""

from collections.abc import Callable
from typing import Any

from storage.engine.database import Transaction


def plans(tx: Transaction, read: Callable[[], object]) -> list[str]:
    """How the database looks up each thing that is read."""
    driver: Any = tx.connection.connection.driver_connection
    asked: list[str] = []
    driver.set_trace_callback(asked.append)
    read()
    driver.set_trace_callback(None)
    return [row[3] for one in asked for row in driver.execute(f"explain query plan {one}")]
