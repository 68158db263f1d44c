"""What a signal led to, as those who raised it are told: nothing about a child."""

from dialogs.card import Card, Part, Text
from followup.messages.alerts import LedTo
from followup.signals.progress import state_in_words
from services.acting import Reader
from services.views.signals import signals_led_to
from texts.catalogue import Texts


def led_to_card(message: LedTo, reader: Reader, say: Texts) -> Card:
    """The signal's number, its unit and what was done."""
    told = signals_led_to(reader, message)
    grade = f"risk.consequence.{told.consequence}" if told.consequence else "alert.ungraded"
    numbers = say("led_to.and").join(told.numbers)
    said = say.say(state_in_words("handed_on", told.receiver))
    parts: list[Part] = [
        Text(say("led_to.title"), "title"),
        Text(say("led_to.about", numbers=numbers, unit=told.unit, n=len(told.numbers))),
        Text(said if told.receiver else say(f"led_to.{message.outcome}", grade=say(grade))),
    ]
    if told.decision is not None:
        notified = "yes" if told.decision.notified else "no"
        parts.append(Text(say(f"desk.decided.{notified}", day=told.decision.decided_on)))
    parts.append(Text(say("led_to.thanks"), "subtle"))
    return Card(say("led_to.summary"), tuple(parts))
