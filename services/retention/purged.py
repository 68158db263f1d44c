"""Which children of a file have been deleted here: told by the digests that are kept when nothing else is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from storage.engine.database import Transaction
from storage.log import log_chain
from storage.retention import purges


@dataclass(frozen=True)
class Purged:
    """By which decision and when; what was until `last_on` was deleted, and what begins after it is new."""

    number: int
    at: datetime
    last_on: date


def purged(tx: Transaction, references: Iterable[str]) -> Mapping[str, Purged]:
    """Those of the references that were deleted, the newest time."""
    kept = {(one.key_id, one.digest): one for one in purges.deleted_cases(tx)}
    if not kept:
        return {}
    keys = log_chain.known_keys(tx)
    used = [keys[key_id] for key_id in {key_id for key_id, _ in kept} if key_id in keys]
    found: dict[str, Purged] = {}
    for reference in references:
        times = [kept.get((key.id, purges.digest_of(key, reference))) for key in used]
        if newest := max((one for one in times if one), key=lambda one: one.at, default=None):
            found[reference] = Purged(newest.number, newest.at, newest.last_on)
    return found
