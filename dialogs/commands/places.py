"""Where what is answered: of channels, only the quality team's own hears of alerts, and none of a child."""

from dialogs.turn import Said
from followup.people import Conversation
from services.conversations import is_quality_channel
from storage.engine.database import Transaction

# Others look on there, so only what carries no child data is answered.
IN_TEAMS_CHANNEL = frozenset({Conversation.HELP, Conversation.ALERTS, Conversation.ALERT_DESK})
IN_ANY_CHANNEL = frozenset({Conversation.HELP, Conversation.TEAM_CHANNEL})


def refusal_here(tx: Transaction, said: Said, conversation: Conversation) -> str:
    """The text that says why it is not answered where it was asked; empty where it is."""
    if not said.channel or conversation in IN_ANY_CHANNEL:
        return ""
    if conversation not in IN_TEAMS_CHANNEL:
        return "refused.channel"
    return "" if is_quality_channel(tx, said.conversation_id) else "refused.other_channel"
