"""A person at a client of the stand-in: reads what comes, types, and presses buttons by their titles."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.local.chats import BOT, Card, ChatMessage
from bot.local.stand_in import Notice, StandIn
from bot.local.terminal import NumberedAction, actions_of, inputs_of


class NothingToPressError(LookupError):
    """The newest card has no such button; the message lists those that it has."""


@dataclass
class Player:
    """`settle` waits until everything that the bot has decided to say has been delivered."""

    stand_in: StandIn
    key: str
    settle: Callable[[], Awaitable[None]]
    _seen: int = field(default=0)

    def messages(self) -> list[ChatMessage]:
        """What the bot has said, in order."""
        return [message for message in self.stand_in.messages(self.key) if message.author == BOT]

    def unread(self) -> list[ChatMessage]:
        """What is new or has been changed since the last time, oldest change first."""
        new = [message for message in self.messages() if message.revision > self._seen]
        self._seen = max([self._seen, *(message.revision for message in new)])
        return sorted(new, key=lambda message: message.revision)

    def newest(self) -> ChatMessage:
        """The message with a card that was sent or changed last."""
        return max((one for one in self.messages() if one.card), key=lambda message: message.revision)

    def card(self) -> Card:
        card = self.newest().card
        assert card is not None
        return card

    async def say(self, text: str) -> None:
        await self.stand_in.say(self.key, text)
        await self.settle()

    async def press(
        self,
        title: str,
        typed: Mapping[str, str] | None = None,
        *,
        row: str = "",
        message: ChatMessage | None = None,
    ) -> Notice | None:
        """Presses the button with the title, in the row that is named, with the inputs shown and those typed."""
        message = message or self.newest()
        assert message.card is not None
        chosen = _find(message.card, title, row)
        notice = await self.stand_in.press(
            self.key, message.id, chosen.action, inputs_for(message.card, chosen, typed or {})
        )
        await self.settle()
        return notice


def inputs_for(card: Card, chosen: NumberedAction, typed: Mapping[str, str]) -> dict[str, str]:
    """What a client sends along: nothing with a button that takes no inputs, else all that are filled in."""
    if str(chosen.action.get("associatedInputs", "auto")).lower() == "none":
        return {}
    shown = {field.id: field.value for field in inputs_of(card)}
    return {name: value for name, value in {**shown, **typed}.items() if value}


def _find(card: Card, title: str, row: str) -> NumberedAction:
    wanted = f"{title}: {row}" if row else title
    actions = actions_of(card)
    for action in actions:
        if action.title == wanted or (row and action.title.startswith(wanted)):
            return action
    raise NothingToPressError(f"{wanted}; there are {[action.title for action in actions]}")
