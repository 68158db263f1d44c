"""What did not reach a person, because her chat took nothing, and which of it is said when it takes messages again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from followup.messages.every import EveryMessage
from followup.messages.message import Topic

KEPT_FOR = timedelta(days=35)


@dataclass(frozen=True)
class Missed:
    """A message that did not arrive, by its number in the ledger."""

    id: int
    message: EveryMessage


def to_say_again(missed: Sequence[Missed], arrived: Sequence[EveryMessage] = ()) -> list[int]:
    """The newest on each topic, but for one that what has just arrived covers; the newest come first."""
    seen: set[Topic] = set()
    covered = {one.topic for one in arrived}
    chosen = []
    for one in missed:
        topic = one.message.topic
        if topic is None or (topic in covered and topic.about is None):
            continue
        if topic not in seen:
            seen.add(topic)
            chosen.append(one.id)
    return chosen
