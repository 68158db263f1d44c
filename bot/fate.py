"""What each answer of the connector means for a message: the one table, by stage, status and code.

While a conversation is being opened nothing has been said, and opening is idempotent: what may pass is tried again.
Once the body of a message has gone out, an answer that does not say whether it was taken leaves it uncertain, and
what is uncertain is never sent again by itself. To begin a thread in a channel is to say something.
"""

from collections.abc import Mapping
from typing import Literal

from bot.connector import Outcome

Stage = Literal["opening", "saying", "beginning_thread"]
# `again`: surely not taken, and may be later. `gone`: the conversation is no more, a person's is opened anew.
# `refused`: that conversation takes nothing, for good. `failed`: never taken, and that says nothing of it.
# `left`: it was never begun, and is ready as it was.
Fate = Literal["sent", "again", "uncertain", "gone", "refused", "failed", "left"]

# By status: while a conversation is opened, and once something has been said. 0: no connection, nothing went out.
BY_STATUS: Mapping[int, tuple[Fate, Fate]] = {
    0: ("again", "again"),
    401: ("again", "again"),
    408: ("again", "uncertain"),
    412: ("again", "again"),
    429: ("again", "again"),
    503: ("again", "again"),
}
# The refusals of the conversation itself; the same status with another word, or none, is somebody else's.
BY_CODE: Mapping[tuple[int, str], Fate] = {
    (403, "BotDisabledByAdmin"): "refused",
    (403, "BotNotInConversationRoster"): "refused",
    (403, "ConversationBlockedByUser"): "refused",
    (403, "ForbiddenOperationException"): "refused",
    (403, "MessageWritesBlocked"): "refused",
    (404, "ConversationNotFound"): "gone",
}


def fate_of_change(outcome: Outcome | None) -> Fate:
    """Of a card put in the place of another: that is idempotent, so it is tried until it never will be taken."""
    if outcome is not None and outcome.ok:
        return "sent"
    fate = fate_of("opening", outcome)
    return "failed" if fate in ("gone", "refused") else fate


def fate_of(stage: Stage, outcome: Outcome | None) -> Fate:
    """The outcome is None where contact was lost before any answer."""
    opening = stage == "opening"
    unknown: Fate = "again" if opening else "uncertain"
    if outcome is None:
        return unknown
    if outcome.ok:
        # What was opened without a word on where it is, is asked for again.
        return "again" if opening and not outcome.body.get("id") else "sent"
    if outcome.status in BY_STATUS:
        return BY_STATUS[outcome.status][0 if opening else 1]
    if 400 <= outcome.status < 500:
        return BY_CODE.get((outcome.status, outcome.code), "failed")
    # 500, 502, 504 and the like, and a redirect that is not followed.
    return unknown
