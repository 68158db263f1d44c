"""How messages were stored before they were values: numbers by name, and a word as its place in a list.

Rows of that shape stand in databases; nothing writes it any more, so what is here never changes.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

# The lists as they stood then, whatever has become of the words since.
_OCCASIONS = ("proposal", "follow_ups_done", "draft", "board")
_OUTCOMES = (
    "regrade",
    "link",
    "unlink",
    "authority",
    "clear",
    "dismiss",
    "restore",
    "decided",
    "closed",
)

Payload = Mapping[str, Any]
Fields = Mapping[str, Any]


def fields(kind: str, payload: Payload) -> Fields:
    """The fields that the message of the kind has now, as they are written now."""
    return _READERS[kind](payload)


def _named(**names: str) -> Callable[[Payload], Fields]:
    """What only had other names; `names` gives the old one of each."""
    return lambda payload: {name: payload[old] for name, old in names.items()}


def _numbered(payload: Payload, name: str) -> list[int]:
    """The old `signal0`, `signal1`, in their order."""
    found = [one for one in payload if one.startswith(name) and one.removeprefix(name).isdigit()]
    return [payload[one] for one in sorted(found, key=lambda one: int(one.removeprefix(name)))]


def _word(words: tuple[str, ...], place: int) -> str:
    if place not in range(len(words)):
        raise IndexError(f"no word stood at {place}")
    return words[place]


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _moment(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).isoformat()


def _ownerless(payload: Payload) -> Fields:
    return {"round_id": payload["round"], "task_ids": _numbered(payload, "task")}


def _led_to(payload: Payload) -> Fields:
    return {
        "outcome": _word(_OUTCOMES, payload["outcome"]),
        "signal_ids": _numbered(payload, "signal"),
        "alert_id": payload.get("alert"),
    }


def _action(payload: Payload) -> Fields:
    return {"action_id": payload["action"], "owner_id": payload["owner"], "due": _day(payload["due"])}


def _selection(payload: Payload) -> Fields:
    occasion = _word(_OCCASIONS, payload["occasion"])
    return {"occasion": occasion, "due": _day(payload["due"]), "official_id": payload.get("official")}


def _since(payload: Payload) -> Fields:
    return {"since": _moment(payload["since"])}


def _nothing(payload: Payload) -> Fields:
    return {}


def _changed_card(payload: Payload) -> Fields:
    """What has a form open over it may have nothing to show yet."""
    return {name: payload[name] for name in ("what", "numbers") if name in payload}


_ROUND, _ALERT = _named(round_id="round"), _named(alert_id="alert")
_READERS: Mapping[str, Callable[[Payload], Fields]] = {
    "prompt": _ROUND,
    "reminder": _ROUND,
    "snoozed": _ROUND,
    "nudge": _named(manager_id="manager"),
    "escalation": _ROUND,
    "ownerless": _ownerless,
    "alert": _ALERT,
    "alert_again": _ALERT,
    "own_alert": _ALERT,
    "evidence": _ALERT,
    "signal": _named(signal_id="signal", alert_id="alert"),
    "handed_over": _named(alert_id="alert", giver_id="by"),
    "own_fault": _named(signal_id="signal"),
    "led_to": _led_to,
    "follow_up_given": _named(follow_up_id="follow_up"),
    "action_given": _named(action_id="action", owner_id="owner"),
    "action_due": _action,
    "action_late": _action,
    "selection": _selection,
    "selection_frozen": _named(cycle_id="cycle"),
    "digest": _since,
    "log_review": _named(year="year", quarter="quarter"),
    "log_checkpoint": _nothing,
    "channel_refused": _since,
    "token_refused": _since,
    "update": _changed_card,
}
