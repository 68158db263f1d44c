"""An item of a unit's evidence regraded, linked or dismissed where it stands, by the same verbs as in the chat."""

from dataclasses import dataclass

from dialogs.card import Card, Field, Part, Text
from dialogs.switchboard import by_press
from followup.signals.signal import id_in
from workspace.cards.pressing import turn_of, value_of
from workspace.frame.visit import Visit

# What opens the form of each kind of item, and what its button sends.
FORMS = {"change_signal_form": "change_signal", "report_row_form": "change_report_row"}


@dataclass(frozen=True)
class FormInPlace:
    """`press` is what its button sends; `said` stands where there is no form to be shown."""

    number: str
    parts: tuple[Part, ...] = ()
    press: str = ""
    title: str = ""
    said: str = ""

    @property
    def wrong(self) -> bool:
        return any(isinstance(one, Field) and one.problem for one in self.parts)


def opened_form(visit: Visit, number: str, act: str) -> FormInPlace:
    """What the button of the same name opens in the chat."""
    signal_id = id_in(number)
    verb = "report_row_form" if signal_id is None else "change_signal_form"
    about: dict[str, object] = {"item": number} if signal_id is None else {"signal": signal_id}
    reply = by_press(turn_of(visit, verb, {**about, "act": act}, {}), None)
    return form_in(number, reply.card, reply.notice or reply.text)


def form_in(number: str, card: Card | None, said: str) -> FormInPlace:
    """Of a card that has such a form; else only what is said."""
    sends = [one for one in card.buttons if one.verb in FORMS.values()] if card else []
    if card is None or not sends:
        return FormInPlace(number, said=said)
    parts = tuple(one for one in card.parts if not (isinstance(one, Text) and one.tone == "title"))
    return FormInPlace(number, parts, value_of(card, sends[0]), sends[0].title, said)
