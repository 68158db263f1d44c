"""What a press has stored, named by numbers alone: what is said of it is drawn anew each time that it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.conversations import stored_by_card
from storage.engine.database import Transaction


@dataclass(frozen=True)
class Stored:
    """`what` says which kind of deed, `numbers` which rows it wrote: ids, versions and days, never a text.

    `at` is when it was stored, of what is told again.
    """

    what: str
    numbers: Mapping[str, Any]
    at: datetime | None = None


def written(stored: Stored) -> str:
    return orjson.dumps({"what": stored.what, "numbers": dict(stored.numbers)}).decode()


def read(text: str, at: datetime | None = None) -> Stored | None:
    """None for what is no receipt: forgotten by now, or a whole card, as they were kept before there were receipts."""
    found = orjson.loads(text) if text else None
    if not isinstance(found, dict) or found.keys() != {"what", "numbers"}:
        return None
    return Stored(found["what"], found["numbers"], at)


def of_card(tx: Transaction, card: str | None, what: str) -> list[Stored]:
    """What of the kind was stored by presses on the one card, newest first; `card` is `Said.card`."""
    if card is None:
        return []
    kept = (read(reply) for reply in stored_by_card(tx, card))
    return [one for one in kept if one is not None and one.what == what]
