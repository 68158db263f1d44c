"""Whether and when the weekly digest comes: on or off, and the weekday; and a look at it right away."""

from dataclasses import asdict

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.offered import Command, Verb
from dialogs.overview.digest import digest_card
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.overview.digest import WEEK, WEEKDAYS, DigestChoice
from followup.people import Conversation
from storage.overview import digests

ON, OFF = "on", "off"


def choice_form(turn: Turn) -> Reply:
    chosen = digests.choices(turn.tx).get(turn.person.id, DigestChoice())
    return Reply(card=_card(turn, chosen))


def _card(turn: Turn, chosen: DigestChoice, receipt: str = "") -> Card:
    say = turn.say
    wanted = tuple(Choice(one, say(f"digest.wanted.{one}")) for one in (ON, OFF))
    days = tuple(Choice(str(day), say(f"digest.weekday.{day}")) for day in WEEKDAYS)
    parts: list[Part] = [
        Text(say("digest.title"), "title"),
        Text(say("digest.about")),
        *([Text(receipt, "good")] if receipt else []),
        Field("wanted", "choice", say("digest.wanted"), ON if chosen.wanted else OFF, wanted),
        Field("weekday", "choice", say("digest.weekday"), str(chosen.weekday), days, compact=True),
    ]
    buttons = (
        Button(say("digest.save"), "save_digest", takes_inputs=True),
        Button(say("digest.now"), "digest_now"),
    )
    return Card(say("digest.title"), tuple(parts), buttons)


def save_choice(turn: Turn) -> Reply:
    """What was not chosen among what there is stays as it was."""
    before = digests.choices(turn.tx).get(turn.person.id, DigestChoice())
    typed = turn.press.inputs
    wanted = {ON: True, OFF: False}.get(typed.get("wanted", ""), before.wanted)
    weekday = next((day for day in WEEKDAYS if str(day) == typed.get("weekday")), before.weekday)
    chosen = DigestChoice(wanted, weekday)
    digests.choose(turn.tx, turn.person.id, chosen, turn.now)
    return Reply(card=_card(turn, chosen, _receipt(turn, chosen)), effect=Stored("digest", asdict(chosen)))


def _receipt(turn: Turn, chosen: DigestChoice) -> str:
    day = turn.say(f"digest.weekday.{chosen.weekday}")
    return turn.say("digest.saved_on", day=day) if chosen.wanted else turn.say("digest.saved_off")


def told_again(turn: Turn, saved: DigestChoice) -> Reply:
    """What was saved then, and what holds now."""
    now = digests.choices(turn.tx).get(turn.person.id, DigestChoice())
    receipt = _receipt(turn, saved)
    return Reply(
        card=_card(turn, now, receipt if now == saved else f"{receipt} {turn.say('receipt.changed')}")
    )


def digest_now(turn: Turn) -> Reply:
    """The last seven days, to look at; the next one comes as it would have."""
    card = digest_card(turn.acting, turn.now - WEEK, turn.municipality.year, turn.say)
    return Reply(card=card)


OFFERED = (
    Command("digest", Conversation.DIGEST, ("veckobrev", "veckobrevet", "digest"), choice_form),
    Verb("digest", Conversation.DIGEST, choice_form),
    Verb("save_digest", Conversation.DIGEST, save_choice),
    Verb("digest_now", Conversation.DIGEST, digest_now),
)
