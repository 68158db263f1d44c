"""Which channel in Teams is the quality team's: chosen in the channel itself, by the team or an administrator."""

from dialogs.card import Button, Card, Text
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn
from followup.people import Conversation
from services.acting import Refused
from services.conversations import choose_channel, has_channel, is_quality_channel


def ask(turn: Turn) -> Reply:
    """What it would mean that this channel becomes the team's, and the button that makes it so."""
    refused = _why_not(turn)
    if refused:
        return _said(turn, refused)
    if _is_here(turn):
        return Reply(card=_here(turn))
    say = turn.say
    parts = (
        Text(say("team_channel.title"), "title"),
        Text(say("team_channel.about")),
        *([Text(say("team_channel.moves"), "warning")] if has_channel(turn.tx) else []),
    )
    return Reply(
        card=Card(say("team_channel.title"), parts, (Button(say("team_channel.take"), "take_channel"),))
    )


def _said(turn: Turn, text: str) -> Reply:
    return Reply(notice=turn.say(text)) if turn.said.press else Reply(text=turn.say(text))


def take(turn: Turn) -> Reply:
    refused = _why_not(turn)
    if refused:
        return _said(turn, refused)
    chosen = choose_channel(turn.acting, turn.said.conversation_id, turn.said.service_url)
    if isinstance(chosen, Refused):
        return Reply(notice=turn.say("refused.role"))
    return Reply(card=_here(turn), effect=Stored("team_channel", {}))


def installed(turn: Turn) -> Reply:
    """Where the team has none it becomes the team's at once; where it has another, only after a confirmation."""
    if turn.municipality.fixed_channel or not turn.acting.may(Conversation.TEAM_CHANNEL):
        return Reply()
    if has_channel(turn.tx) and not _is_here(turn):
        return ask(turn)
    choose_channel(turn.acting, turn.said.conversation_id, turn.said.service_url)
    return Reply()


def told_again(turn: Turn) -> Reply:
    """Whether it still is, by the same press."""
    return Reply(card=_here(turn)) if _is_here(turn) else Reply(notice=turn.say("receipt.changed"))


def _here(turn: Turn) -> Card:
    title = turn.say("team_channel.is_here")
    return Card(title, (Text(title, "good"), Text(turn.say("team_channel.about"))))


def _is_here(turn: Turn) -> bool:
    return is_quality_channel(turn.tx, turn.said.conversation_id)


def _why_not(turn: Turn) -> str:
    """The text that says why it cannot be chosen here; empty where it can."""
    if turn.municipality.fixed_channel:
        return "team_channel.fixed"
    return "" if turn.said.in_team else "team_channel.where"


OFFERED = (
    Command("team_channel", Conversation.TEAM_CHANNEL, ("kanal", "kanalen", "channel"), ask),
    Verb("team_channel", Conversation.TEAM_CHANNEL, ask),
    Verb("take_channel", Conversation.TEAM_CHANNEL, take),
)
