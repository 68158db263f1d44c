"""A form is taken once: the same drawing with the same content stores nothing more, and leads to the same page."""

import json
from collections.abc import Callable
from hashlib import sha256

from dialogs.turn import Stored
from storage.messages import handled
from workspace.frame.answer import DeedDone, PageAnswer
from workspace.frame.days import kept_days
from workspace.frame.visit import Visit

_written = json.JSONEncoder(sort_keys=True).encode


def take(visit: Visit, path: str, do: Callable[[Visit], PageAnswer]) -> PageAnswer:
    """A form without a nonce of ours is no drawing of ours, and is done as it stands."""
    card, key = visit.turn().said.card, _key(visit, path)
    if card is None or not visit.asked.nonce:
        return do(visit)
    handled.claim(visit.tx, card)
    before = handled.answered(visit.tx, key).get(key)
    if before is not None:
        return DeedDone(Stored.read(before.reply, before.at))
    answer = do(visit)
    if isinstance(answer, DeedDone) and answer.stored is not None:
        handled.record(visit.tx, key, answer.stored.written(), visit.now, card=card)
        if answer.as_in_chat is not None:
            handled.record(visit.tx, f"{key}:chat", answer.as_in_chat.written(), visit.now, card=card)
        if days := kept_days(visit):
            handled.record(visit.tx, f"{key}:days", days.written(), visit.now, card=card)
    return answer


def _key(visit: Visit, path: str) -> str:
    files = [(one.name, sha256(one.content).hexdigest()) for one in visit.asked.files]
    # As it was typed: a day in words is another tomorrow, and the form is the same.
    typed = {name: list(values) for name, values in visit.asked.form.items() if name != "token"}
    content = [visit.person.id, path, dict(visit.asked.named), visit.asked.nonce, typed, files]
    return f"form:{sha256(_written(content).encode()).hexdigest()}"
