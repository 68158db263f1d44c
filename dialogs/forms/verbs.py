"""What a dialog module offers: the words that start a conversation and the buttons that go on with it, once each.

Who may is not said here: the access table answers that, by the conversation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dialogs.turn import Reply, Turn
from followup.people import Conversation

Dialog = Callable[[Turn], Reply]


@dataclass(frozen=True)
class Verb:
    """What a button says is to be done."""

    name: str
    conversation: Conversation
    dialog: Dialog


@dataclass(frozen=True)
class Command:
    """The words that people type, in Swedish and English.

    `takes_words` where something is to follow the word, `followed_by` where that tells it from its namesakes.
    What is not `listed` is answered but not offered. `reads` says whether the dialog knows all that follows the word.
    """

    name: str
    conversation: Conversation
    words: tuple[str, ...]
    dialog: Dialog
    takes_words: bool = False
    listed: bool = True
    followed_by: str = ""
    reads: Callable[[Turn], bool] | None = None

    def fits(self, words: list[str]) -> bool:
        return (
            not self.followed_by or re.fullmatch(self.followed_by, " ".join(words), re.IGNORECASE) is not None
        )
