"""What did not reach a person, because her chat took nothing, and which of it is said when it takes messages again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

KEPT_FOR = timedelta(days=35)
ALL_OF_IT = "all of it"


@dataclass(frozen=True)
class Missed:
    """A message that did not arrive; the payload names what it is about."""

    id: int
    kind: str
    payload: Mapping[str, int]


@dataclass(frozen=True)
class Topic:
    """Messages on one topic stand for each other: the newest says all that the older would have said.

    `about` is the part of the payload that tells one topic from another: empty where the name is enough.
    """

    name: str
    about: str = ""


# One row a kind of message. None: what a press asked for is asked for again by another press.
TOPICS: Mapping[str, Topic | None] = {
    "prompt": Topic("list"),
    "reminder": Topic("list"),
    "snoozed": Topic("list"),
    "nudge": Topic("list"),
    "escalation": Topic("escalation", "round"),
    "ownerless": Topic("ownerless", "round"),
    "own_fault": Topic("own_fault", "signal"),
    "alert": Topic("alert", "alert"),
    "alert_again": Topic("alert", "alert"),
    "evidence": None,
    "digest": Topic("digest"),
    "selection": Topic("selection", "occasion"),
    "selection_frozen": Topic("selection_frozen", "cycle"),
    "follow_up_given": Topic("follow_up_given", "follow_up"),
    "action_given": Topic("action_given", "action"),
    "action_due": Topic("action_due", "action"),
    "action_late": Topic("action_late", "action"),
    "handed_over": Topic("handed_over", "alert"),
    "signal": None,
    "led_to": Topic("led_to", ALL_OF_IT),
    "log_review": Topic("log_review"),
    "log_checkpoint": Topic("log_checkpoint"),
    "channel_refused": Topic("channel_refused"),
    "token_refused": Topic("token_refused"),
    "update": None,
}


def to_say_again(missed: Sequence[Missed], arrived: str = "") -> list[int]:
    """The newest on each topic, but for the topic of the kind that has just arrived; the newest come first."""
    seen: set[object] = set()
    covered = TOPICS.get(arrived)
    chosen = []
    for one in missed:
        topic = TOPICS.get(one.kind)
        if topic is None or (topic == covered and not topic.about):
            continue
        subject = (topic.name, _about(topic, one.payload))
        if subject not in seen:
            seen.add(subject)
            chosen.append(one.id)
    return chosen


def _about(topic: Topic, payload: Mapping[str, int]) -> object:
    return tuple(sorted(payload.items())) if topic.about == ALL_OF_IT else payload.get(topic.about)
