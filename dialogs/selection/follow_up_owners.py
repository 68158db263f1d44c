"""What a lock has opened, joined, and given to whom; and the card where all the owners are changed at once."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.lists import page_of
from dialogs.selection.selection_card import back_button
from dialogs.turn import Turn
from followup import CycleId, FollowUpId, PersonId
from services.follow_ups.selected_units import OpenedFollowUps
from services.giving import GivenThings, SeenThing
from services.views.follow_ups import FollowUpRow
from services.views.people import names_of, quality_team

PAGE = 15
_OWNER, _SEEN = "owner_", "seen_"


def opened_parts(turn: Turn, done: OpenedFollowUps) -> list[Part]:
    """How many were opened and joined, and how many of them each of the team has."""
    names = names_of(turn.acting, done.number_by_owner)
    told = [
        turn.say(f"selection.locked.{name}", n=len(which))
        for name, which in (("opened", done.opened), ("joined", done.joined))
        if which
    ]
    for owner, n in sorted(done.number_by_owner.items(), key=lambda one: names[one[0]]):
        told.append(turn.say("selection.locked.owner", n=n, name=names[owner]))
    return [Text(one, "good") for one in told]


def owners_card(turn: Turn, cycle_id: CycleId, found: Sequence[FollowUpRow]) -> Card:
    """Each open follow-up of the selection with its day and its owner, who is chosen anew."""
    say, team = turn.say, [Choice(str(one.id), one.name) for one in quality_team(turn.acting)]
    page, more = page_of(turn, list(found), "selection_owners_form", size=PAGE)
    rows: list[Part] = [_owner(turn, one, tuple(team)) for one in page]
    title = say("selection.owners")
    parts: list[Part] = [Text(title, "title"), *(rows or [Text(say("selection.owners.none"))])]
    send = [Button(say("selection.owners.send"), "selection_owners", takes_inputs=True)] if rows else []
    seen = {f"{_SEEN}{one.one.id}": one.one.version for one in page}
    return Card(title, tuple(parts), (*send, *more, back_button(say)), {"cycle": cycle_id, **seen})


def _owner(turn: Turn, row: FollowUpRow, team: tuple[Choice, ...]) -> Field:
    """Who has left the team is not filled in."""
    one, say = row.one, turn.say
    label = say("follow_up.title", number=one.number, unit=row.unit)
    if one.planned_on is not None:
        label = say("selection.owners.planned", follow_up=label, day=one.planned_on)
    value = str(one.owner_id) if str(one.owner_id) in {each.value for each in team} else ""
    return Field(f"{_OWNER}{one.id}", "choice", label, value, team, compact=True)


def wanted_owners(turn: Turn) -> dict[SeenThing, PersonId]:
    """What was chosen of each follow-up that the card showed, as it showed it."""
    wanted = {}
    for name in turn.press.data:
        number, seen = name.removeprefix(_SEEN), turn.press.number(name)
        chosen = turn.press.inputs.get(_OWNER + number, "")
        if name.startswith(_SEEN) and seen and _is_number(number) and _is_number(chosen):
            wanted[SeenThing("follow_up", FollowUpId(int(number)), seen)] = PersonId(int(chosen))
    return wanted


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 9


def shared_parts(turn: Turn, given: GivenThings) -> list[Part]:
    parts: list[Part] = [Text(turn.say("selection.owners.done", n=len(given.done)), "good")]
    left = ", ".join(one.number for one in given.left if one.number)
    return [*parts, Text(turn.say("selection.owners.left", numbers=left), "warning")] if left else parts
