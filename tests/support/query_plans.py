"""How the database looks up what is read, and how much is done with it."""

import sys
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


def calls(read: Callable[[], object]) -> int:
    """How many functions of ours and of others are called: steps that no machine takes faster or slower."""
    counted = [0]

    def count(_: object, event: str, __: object) -> None:
        counted[0] += event == "call"

    sys.setprofile(count)
    try:
        read()
    finally:
        sys.setprofile(None)
    return counted[0]
