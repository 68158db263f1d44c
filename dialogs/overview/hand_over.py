"""A manager gives a worker's unanswered placements to another, all of them or a unit's, and no child is named."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.form_fields import by_field, problem_banner
from dialogs.forms.offered import Verb
from dialogs.overview.own_people import OwnPeople
from dialogs.overview.unanswered import unanswered_card
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.access.access import Kind
from followup.log.subject import What
from followup.people import Conversation, Person
from followup.placement import Placement
from followup.times.calendar import municipal_day
from followup.wording import Problem, wording
from storage import people
from storage.imports import ownership
from storage.month import awaiting, rounds

NOBODY, EVERYWHERE = "nobody", "all"


class _Left:
    """What can be given away: each placement's owner is the one whose it is, not one who stands in."""

    def __init__(self, turn: Turn) -> None:
        self.own = OwnPeople(turn.tx, turn.person, Kind.MISSING, turn.municipality.access)
        asked = rounds.asking_rounds(turn.tx, turn.now)
        left = self.own.left(awaiting.unanswered(turn.tx, asked, turn.now))
        self.placements = {
            one.task.placement.id: (
                NOBODY if one.person_id is None else str(one.person_id),
                one.task.placement,
            )
            for one in left
            if one.person_id in (None, one.task.placement.owner_id)
        }

    def of(self, giver: str, unit: str) -> list[Placement]:
        return [
            placement
            for holder, placement in self.placements.values()
            if holder == giver and unit in (EVERYWHERE, str(placement.unit_id))
        ]

    @property
    def givers(self) -> list[Person]:
        holders = {holder for holder, _ in self.placements.values()} - {NOBODY}
        return sorted((self.own.everyone[int(one)] for one in holders), key=lambda one: one.name)

    @property
    def units(self) -> list[tuple[str, str]]:
        found = {placement.unit_name: str(placement.unit_id) for _, placement in self.placements.values()}
        return sorted(found.items())


def hand_over_form(turn: Turn) -> Reply:
    return _form(turn, _Left(turn), {}, [])


def _form(turn: Turn, left: _Left, typed: Mapping[str, str], problems: Sequence[Problem]) -> Reply:
    say = turn.say
    if not left.placements:
        return Reply(card=unanswered_card(turn, Text(say("hand_over.nothing"), "subtle")))
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
        ("to", tuple(Choice(str(one.id), one.name) for one in left.own.workers())),
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
    """A new owner for each; the clock then asks her, and what the one before answered stays that one's."""
    left, typed = _Left(turn), turn.press.inputs
    giver, unit, taker = typed.get("from", ""), typed.get("unit", EVERYWHERE), typed.get("to", "")
    new = next((one for one in left.own.workers() if str(one.id) == taker), None)
    given = left.of(giver, unit)
    problems = [*_giver_problems(giver, given), *_taker_problems(turn, giver, new)]
    if problems or new is None:
        return _form(turn, left, typed, problems)
    ownership.hand_over(turn.tx, [one.id for one in given], new.id, municipal_day(turn.now), turn.now)
    for placement in given:
        turn.log("write", What.OWNER.of(placement.id), detail=new.key)
    return _given(turn, len(given), new, Stored("reassigned", {"n": len(given), "to": new.id}))


def _given(turn: Turn, number: int, to: Person, stored: Stored | None = None) -> Reply:
    said = Text(turn.say("hand_over.done", n=number, name=to.name), "good")
    return Reply(card=unanswered_card(turn, said), effect=stored)


def told_again(turn: Turn, number: int, to_id: int) -> Reply:
    """To whom they were given, as long as that is one of the reader's own people."""
    own = OwnPeople(turn.tx, turn.person, Kind.COLLEAGUES, turn.municipality.access)
    if not own.has(to_id):
        return Reply(card=unanswered_card(turn))
    return _given(turn, number, own.everyone[to_id])


def _giver_problems(giver: str, given: Sequence[Placement]) -> list[Problem]:
    if not giver:
        return [Problem("from", wording("form.missing"))]
    return [] if given else [Problem("unit", wording("hand_over.none_there"))]


def _taker_problems(turn: Turn, giver: str, new: Person | None) -> list[Problem]:
    if new is None:
        return [Problem("to", wording("form.missing"))]
    if str(new.id) == giver:
        return [Problem("to", wording("hand_over.same"))]
    today = municipal_day(turn.now)
    away = any(one.person_id == new.id and one.starts <= today for one in people.leaves(turn.tx, today))
    return [Problem("to", wording("leave.substitute_away", name=new.name))] if away else []


OFFERED = (
    Verb("reassign_form", Conversation.UNANSWERED, hand_over_form),
    Verb("reassign", Conversation.UNANSWERED, hand_over),
)
