"""Which contracts end, in the next months or in the days that were named."""

from dialogs.card import Card, Part, Text
from dialogs.clocks.clock_rows import contract_rows
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn
from followup.people import Conversation
from followup.questions.days import Days
from services.acting import Refused
from services.views.ending_contracts import ending_contracts


def contracts_ending(turn: Turn, days: Days | None = None) -> Reply:
    say, found = turn.say, ending_contracts(turn.acting, days)
    if isinstance(found, Refused):
        return Reply(text=say("refused.role"))
    between = {"first": found.first, "last": found.last}
    rows = contract_rows(found.contracts, turn.acting.today, say)[1:]
    parts: list[Part] = [
        Text(say("contracts.title"), "title"),
        Text(say("contracts.between", **between), "subtle"),
        *(at_most(MOST_ROWS, rows, "", say) or [Text(say("contracts.none", **between), "good")]),
    ]
    return Reply(card=Card(say("contracts.title"), tuple(parts)))


OFFERED = (
    Command(
        "contracts", Conversation.STATUS, ("avtal", "avtalen", "contracts"), contracts_ending, listed=False
    ),
    Verb("contracts", Conversation.STATUS, contracts_ending),
)
