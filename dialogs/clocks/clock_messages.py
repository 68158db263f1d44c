"""What is said of the clocks unasked: the worker's near and late ones in one message, and the manager's as counts."""

from dataclasses import replace
from datetime import timedelta

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.clocks.clock_rows import clock_row, contract_rows
from dialogs.clocks.team_clocks import team_parts
from dialogs.forms.lists import MOST_ROWS, at_most
from followup.clocks.clock import REMIND_DAYS
from followup.messages.clocks import ContractAsked
from followup.people import Conversation
from services.acting import Acting, Reader, Refused
from services.views.clocks import managers_clocks, my_clocks
from services.views.ending_contracts import ContractTold, contract_asked
from texts.catalogue import Texts

# A weekend's reminder is said before it.
# So many stand in the month's message, whose reports come first.
IN_LIST = 5
_NEAR = timedelta(days=max(REMIND_DAYS) + 4)


def near_parts(acting: Acting, say: Texts, most: int = IN_LIST) -> list[Part]:
    """A heading and a row each, the first ones; nothing where nothing is near any more."""
    found = my_clocks(acting, ahead=_NEAR)
    if isinstance(found, Refused) or not (found.near or found.contracts):
        return []
    rows = [clock_row(one, acting.today, say) for one in found.near]
    return [
        Text(say("clocks.title"), "heading"),
        *at_most(most, rows, say("clocks.all_by_word"), say),
        *contract_rows(found.contracts, acting.today, say),
    ]


def near_card(acting: Acting, say: Texts) -> Card | None:
    parts = near_parts(acting, say, MOST_ROWS)
    return Card(say("clocks.near_summary"), tuple(parts), (_all(say),)) if parts else None


def late_parts(acting: Acting, say: Texts) -> list[Part]:
    """While anything is late, nobody's, or a contract ends."""
    found = managers_clocks(acting)
    if isinstance(found, Refused):
        return []
    late = any(one.late_now for one in found.teams)
    if not (late or found.nobodys or found.contracts):
        return []
    return [*team_parts(found, say), *contract_rows(found.contracts, found.day, say)]


def late_card(acting: Acting, say: Texts) -> Card | None:
    parts = late_parts(acting, say)
    title = Text(say("clocks.late_title"), "title")
    return Card(say("clocks.late_summary"), (title, *parts), (_all(say),)) if parts else None


def with_late(card: Card, acting: Acting, say: Texts) -> Card:
    """The weekly letter, after which the late clocks stand, where they are to be told of on its day."""
    parts = late_parts(acting, say)
    if not parts:
        return card
    title = Text(say("clocks.late_title"), "heading")
    return replace(card, parts=(*card.parts, title, *parts), buttons=(*card.buttons, _all(say)))


def contract_asked_card(message: ContractAsked, reader: Reader, say: Texts) -> Card | None:
    """Each contract that is hers still, with who asks her to see to it; it is opened by its home."""
    every = sorted((*message.others, message), key=lambda one: one.contract_id)
    found = [told for one in every if (told := contract_asked(reader, one))]
    rows: list[Part] = [_asked_row(one, reader, say) for one in found]
    if not rows:
        return None
    title = say("contract_asked.title", n=len(rows))
    # The rest stand in her own list, where she has one.
    rest = (_all(say),) if len(rows) > MOST_ROWS and reader.may(Conversation.CLOCKS) else ()
    return Card(title, (Text(title, "title"), *at_most(MOST_ROWS, rows, "", say)), rest)


def _asked_row(told: ContractTold, reader: Reader, say: Texts) -> ListRow:
    one = told.contract
    when = say("clock.contract_ended" if one.ends < reader.today else "clock.contract_ends", day=one.ends)
    return ListRow(
        say("clock.contract", key=one.key, unit=one.unit_name),
        when,
        button=Button(say("alerts.open"), "show_unit", {"unit": one.unit_id}),
        note=say("contract_asked.by", name=told.asker),
    )


def _all(say: Texts) -> Button:
    return Button(say("clocks.open"), "clocks")
