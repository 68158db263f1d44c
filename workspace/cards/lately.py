"""Recently in the chat: the last things that she was told of there, each a link to its page, on every first page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from followup.messages.every import EveryMessage
from services.views.told_lately import told_lately
from workspace.frame.answer import PageAnswer, Shown
from workspace.frame.entry import ROOT, PageOf
from workspace.frame.visit import Visit

# Where each kind leads: a page, or a page with the number of the thing and the letters that it goes by. What is
# about the bot itself, or has no page, leads nowhere and is left out.
LEADS: Mapping[str, str] = {
    **dict.fromkeys(("prompt", "reminder", "snoozed", "nudge"), "/mina"),
    **dict.fromkeys(("escalation", "ownerless", "in_doubt"), "/obesvarade"),
    **dict.fromkeys(("clocks_near", "clocks_late"), "/frister"),
    **dict.fromkeys(("signals_day", "signal_given", "history", "history_again"), "/desk"),
    "purge_proposed": "/gallring",
    "digest": "/lage",
    "leave": "/franvaro",
    "own_fault": "/egna-fel",
    "base_levels": "/basnivaer",
    "selection": "/urval",
    "selection_frozen": "/urval",
    "log_review": "/logg",
    "log_checkpoint": "/logg",
    "trouble": "/leveranser",
}
NUMBERED: Mapping[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        ("alert", "alert_again", "own_alert", "evidence", "handed_over", "decision_due"),
        ("/larm", "alert_id", "L"),
    ),
    "follow_up_given": ("/uppfoljning", "follow_up_id", "UF"),
    **dict.fromkeys(("action_given", "action_due", "action_late"), ("/atgard", "action_id", "Å")),
}


@dataclass(frozen=True)
class ToldLink:
    title: str
    address: str


def link_of(message: EveryMessage, visit: Visit) -> ToldLink | None:
    title = visit.say(f"message.kind.{message.kind}")
    if message.kind in NUMBERED:
        path, name, letters = NUMBERED[message.kind]
        number = getattr(message, name)
        return ToldLink(f"{title} {letters}-{number}", f"{ROOT}{path}/{number}")
    path = LEADS.get(message.kind, "")
    return ToldLink(title, ROOT + path) if path else None


def with_lately(page: PageOf) -> PageOf:
    """The first page of a role, with what the chat has told her of last."""
    return replace(page, show=_beside(page.show))


def _beside(show: Callable[[Visit], PageAnswer]) -> Callable[[Visit], PageAnswer]:
    def shown(visit: Visit) -> PageAnswer:
        answer = show(visit)
        if not isinstance(answer, Shown):
            return answer
        links = [found for one in told_lately(visit.acting) if (found := link_of(one, visit))]
        values: dict[str, Any] = {**answer.values, "lately": list(dict.fromkeys(links))}
        return replace(answer, values=values)

    return shown
