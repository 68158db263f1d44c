"""A manager gives a worker's unanswered placements to another, all of them or a unit's, and no child is named."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.form_fields import by_field, problem_banner
from dialogs.forms.verbs import Command, Verb
from dialogs.overview.unanswered import unanswered_reply
from dialogs.turn import Reply, Stored, Turn
from followup import PersonId
from followup.access.access import DataKind
from followup.people import Conversation, Person
from followup.wording.wording import Problem
from services.acting import Refused
from services.month.missing_reports import EVERYWHERE, NOBODY
from services.month.sharing_out import hand_over as hand_over_to
from services.own_people import OwnPeople
from services.views.unanswered import to_hand_over


def hand_over_form(turn: Turn) -> Reply:
    """The card that it was opened from may say whose they are."""
    holder = turn.said.press.data.get("from") if turn.said.press else None
    return _form(turn, {"from": holder} if isinstance(holder, str) else {}, [])


def hand_over_between(turn: Turn, giver: str, taker: str) -> Reply:
    """`lämna över Bilals placeringar till Anna`: the form, filled in with those that the names are of."""
    own = OwnPeople(turn.acting, DataKind.MISSING)
    said = {"from": giver, "to": taker}
    named = {key: _number_of(own.workers(), name) for key, name in said.items() if name}
    return _form(turn, {key: number for key, number in named.items() if number}, [])


def hand_over_ownerless(turn: Turn) -> Reply:
    """`placeringar utan ansvarig`: the form, of what nobody answers for, or that there is none."""
    left = to_hand_over(turn.acting)
    if not isinstance(left, Refused) and not left.of(NOBODY, EVERYWHERE):
        return unanswered_reply(turn, Text(turn.say("hand_over.none_ownerless"), "good"))
    return _form(turn, {"from": NOBODY}, [])


def _number_of(workers: Sequence[Person], name: str) -> str:
    """Of the only one with the name, whole or the first; else nothing is filled in."""
    found = [one for one in workers if name in (one.name, one.name.split()[0])]
    return str(found[0].id) if len(found) == 1 else ""


def _form(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Reply:
    say, left = turn.say, to_hand_over(turn.acting)
    if isinstance(left, Refused):
        return Reply(notice=say("refused.role"))
    if not left.placements:
        return unanswered_reply(turn, Text(say("hand_over.nothing"), "subtle"))
    nobody = [Choice(NOBODY, say("hand_over.nobody"))] if left.of(NOBODY, EVERYWHERE) else []
    fields = (
        ("from", (*nobody, *(Choice(str(one.id), one.name) for one in left.givers))),
        (
            "unit",
            (
                Choice(EVERYWHERE, say("hand_over.everywhere")),
                *(Choice(id_, name) for name, id_ in left.units),
            ),
        ),
        ("to", tuple(Choice(str(one.id), one.name) for one in left.takers)),
    )
    parts: list[Part] = [
        Text(say("hand_over.title"), "title"),
        Text(say("hand_over.about")),
        *problem_banner(problems, say),
        *(_field(turn, name, choices, typed, problems) for name, choices in fields),
    ]
    buttons = (
        Button(say("hand_over.send"), "reassign", takes_inputs=True),
        Button(say("hand_over.back"), "unanswered"),
    )
    return Reply(card=Card(say("hand_over.title"), tuple(parts), buttons))


def _field(
    turn: Turn,
    name: str,
    choices: tuple[Choice, ...],
    typed: Mapping[str, str],
    problems: Sequence[Problem],
) -> Field:
    value = typed.get(name, EVERYWHERE if name == "unit" else "")
    wrong = by_field(problems, turn.say).get(name, "")
    label = turn.say(f"hand_over.{name}")
    return Field(name, "choice", label, value, choices, required=True, problem=wrong, compact=True)


def hand_over(turn: Turn) -> Reply:
    """From whom, at which unit, and to whom."""
    typed = turn.press.inputs
    given = hand_over_to(
        turn.acting, typed.get("from", ""), typed.get("unit", EVERYWHERE), typed.get("to", "")
    )
    if isinstance(given, Refused):
        return _form(turn, typed, given.problems)
    return _given(turn, given.number, given.to, Stored("reassigned", {"n": given.number, "to": given.to.id}))


def _given(turn: Turn, number: int, to: Person, stored: Stored | None = None) -> Reply:
    said = Text(turn.say("hand_over.done", n=number, name=to.name), "good")
    return unanswered_reply(turn, said, stored)


def told_again(turn: Turn, number: int, to_id: PersonId) -> Reply:
    """To whom they were given, as long as that is one of the reader's own people."""
    own = OwnPeople(turn.acting, DataKind.COLLEAGUES)
    return _given(turn, number, own.led[to_id]) if own.has(to_id) else unanswered_reply(turn)


OFFERED = (
    Command(
        "reassign_form",
        Conversation.UNANSWERED,
        ("överlämna", "overlamna", "reassign"),
        hand_over_form,
        listed=False,
    ),
    Verb("reassign_form", Conversation.UNANSWERED, hand_over_form),
    Verb("reassign", Conversation.UNANSWERED, hand_over),
)
