"""Whether and when the weekly digest comes: on or off, and the weekday; and a look at it right away."""

from dataclasses import asdict

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.verbs import Command, Verb
from dialogs.overview.digest import digest_card
from dialogs.turn import Reply, Stored, Turn
from followup.overview.digest import WEEKDAYS, DigestChoice
from followup.people import Conversation
from services.acting import Refused
from services.overview.digest_choice import choose, chosen
from services.views.digest import digest_now

ON, OFF = "on", "off"


def choice_form(turn: Turn) -> Reply:
    return Reply(card=_card(turn, chosen(turn.acting)))


def _card(turn: Turn, choice: DigestChoice, receipt: str = "") -> Card:
    say = turn.say
    wanted = tuple(Choice(one, say(f"digest.wanted.{one}")) for one in (ON, OFF))
    days = tuple(Choice(str(day), say(f"digest.weekday.{day}")) for day in WEEKDAYS)
    parts: list[Part] = [
        Text(say("digest.title"), "title"),
        Text(say("digest.about")),
        *([Text(receipt, "good")] if receipt else []),
        Field("wanted", "choice", say("digest.wanted"), ON if choice.wanted else OFF, wanted),
        Field("weekday", "choice", say("digest.weekday"), str(choice.weekday), days, compact=True),
    ]
    buttons = (
        Button(say("digest.save"), "save_digest", takes_inputs=True),
        Button(say("digest.now"), "digest_now"),
    )
    return Card(say("digest.title"), tuple(parts), buttons)


def save_choice(turn: Turn) -> Reply:
    """What was not chosen among what there is stays as it was."""
    typed = turn.press.inputs
    wanted = {ON: True, OFF: False}.get(typed.get("wanted", ""))
    weekday = next((day for day in WEEKDAYS if str(day) == typed.get("weekday")), None)
    choice = choose(turn.acting, wanted=wanted, weekday=weekday)
    if isinstance(choice, Refused):
        return Reply(notice=turn.say("refused.role"))
    return Reply(card=_card(turn, choice, _receipt(turn, choice)), effect=Stored("digest", asdict(choice)))


def _receipt(turn: Turn, choice: DigestChoice) -> str:
    day = turn.say(f"digest.weekday.{choice.weekday}")
    return turn.say("digest.saved_on", day=day) if choice.wanted else turn.say("digest.saved_off")


def told_again(turn: Turn, saved: DigestChoice) -> Reply:
    """What was saved then, and what holds now."""
    now = chosen(turn.acting)
    receipt = _receipt(turn, saved)
    return Reply(
        card=_card(turn, now, receipt if now == saved else f"{receipt} {turn.say('receipt.changed')}")
    )


def look(turn: Turn) -> Reply:
    """The last seven days, to look at; the next one comes as it would have."""
    found = digest_now(turn.acting)
    if isinstance(found, Refused):
        return Reply(notice=turn.say("refused.role"))
    return Reply(card=digest_card(found, turn.say))


OFFERED = (
    Command("digest", Conversation.DIGEST, ("veckobrev", "veckobrevet", "digest"), choice_form),
    Verb("digest", Conversation.DIGEST, choice_form),
    Verb("save_digest", Conversation.DIGEST, save_choice),
    Verb("digest_now", Conversation.DIGEST, look),
)
