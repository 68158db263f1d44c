"""What a form's button says is to be done, as a card's button would: a verb of the chat, and what it is about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PressedButton:
    """`takes_inputs` where what was typed goes along."""

    verb: str
    data: Mapping[str, object]
    takes_inputs: bool = False

    def sent(self) -> str:
        """As the form sends it."""
        return json.dumps({"verb": self.verb, "data": dict(self.data), "takes": self.takes_inputs})


def read_pressed(text: str) -> PressedButton | None:
    """None for anything that no form of ours sends."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(found, dict) and isinstance(found.get("data"), dict)):
        return None
    return PressedButton(str(found.get("verb", "")), found["data"], found.get("takes") is True)
