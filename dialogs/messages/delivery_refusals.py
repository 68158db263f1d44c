"""What the administrators are told of the bot's own trouble in reaching Teams: nothing of anybody's message."""

from datetime import datetime

from dialogs.card import Card, Text
from followup.messages.operation import ChannelChosen, TokenRefused, Trouble
from services.acting import Reader
from services.conversations import refusal_of_channel
from services.views.delivered import Delivered, delivered_since
from services.views.people import name_of
from storage.engine.database import Transaction
from texts.catalogue import Texts


def channel_refused(tx: Transaction, say: Texts) -> Card | None:
    """Nothing once the channel takes messages again."""
    refusal = refusal_of_channel(tx)
    if refusal is None:
        return None
    parts = (
        Text(say("channel_refused.title"), "title"),
        Text(say("channel_refused.about", since=refusal.since, why=refusal.why)),
        Text(say("channel_refused.do")),
    )
    return Card(say("channel_refused.title"), parts)


def channel_chosen(message: ChannelChosen, reader: Reader, say: Texts) -> Card:
    """To an administrator, and to the channel that was the team's."""
    title = say("channel_chosen.title")
    moved = (
        [Text(say("channel_chosen.moved")), Text(say("channel_chosen.do"), "subtle")] if message.moved else []
    )
    about = Text(say("channel_chosen.about", name=name_of(reader, message.by_id), at=message.at))
    return Card(title, (Text(title, "title"), about, *moved))


def token_refused(message: TokenRefused, say: Texts) -> Card:
    """It can be read only when it is over, and says since when and where to look."""
    parts = (
        Text(say("token_refused.title"), "title"),
        Text(say("token_refused.about", since=message.since)),
        Text(say("token_refused.do")),
    )
    return Card(say("token_refused.title"), parts)


def trouble(message: Trouble, reader: Reader, say: Texts) -> Card:
    """What it is, and what to do on the server; of what is in doubt how much it is of all."""
    title, moments = say(f"trouble.{message.what}.title"), {"since": message.since, "until": message.until}
    parts = (
        Text(title, "title"),
        Text(say(f"trouble.{message.what}.about", **moments)),
        *(
            how_much(delivered_since(reader, message.since), message.since, say)
            if message.what == "in_doubt"
            else []
        ),
        Text(say(f"trouble.{message.what}.do", **moments)),
    )
    return Card(title, parts)


def how_much(found: Delivered, since: datetime, say: Texts) -> list[Text]:
    """What has come of all that was to go since then: sent, read as far as is known, and answered."""
    sent = {"sent": found.sent, "in_doubt": found.in_doubt, "not_taken": found.not_taken}
    answered = {"answered": found.answered, "asked": found.asked}
    return [
        Text(say("trouble.in_doubt.counts", since=since, **sent)),
        *([Text(say("trouble.in_doubt.read", n=found.read))] if found.read else []),
        *([Text(say("trouble.in_doubt.answered", **answered))] if found.asked else []),
    ]
