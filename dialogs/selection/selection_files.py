"""A selection's files, offered by links in one's own chat: the document, its data, and the frame."""

from dialogs.card import Card, Download, Part, Text
from dialogs.selection.selection_card import back_button
from dialogs.turn import Turn
from followup.messages.message import LinkKind
from followup.selection.cycle import Cycle

KIND: LinkKind = "selection_protocol"
FILES = ("document", "data", "frame")


def files_card(turn: Turn, cycle: Cycle) -> Card:
    """Nothing is made before a link is opened; each lives ten minutes and works once."""
    title = turn.say("selection.protocol")
    about = Text(turn.say("selection.protocol.about"))
    parts: tuple[Part, ...] = (Text(title, "title"), about, *(download(turn, cycle, name) for name in FILES))
    return Card(title, parts, (back_button(turn.say),), {"cycle": cycle.id})


def download(turn: Turn, cycle: Cycle, name: str) -> Download:
    say = turn.say
    return Download(
        title=say(f"selection.file.{name}"),
        about=say(f"selection.file.{name}.about"),
        fetch=say("order.fetch"),
        otherwise=say("selection.file.no_address", year=str(cycle.year), name=cycle.name),
        kind=KIND,
        subject={"cycle": cycle.id, "file": name, "person": turn.person.id},
    )
