"""An action as a card: what, who and when, how it stands, and what can be done with it."""

from dialogs.card import Button, Card, Facts, Part, Text
from dialogs.follow_ups.follow_up_card import quality_team
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.follow_ups.action import Action, may_become, may_verify
from followup.follow_ups.follow_up import FollowUp
from followup.provider import Unit
from followup.times.calendar import municipal_day
from storage import people, units
from storage.follow_ups import follow_ups


def action_card(turn: Turn, action: Action, *notes: Part) -> Card:
    say, today = turn.say, municipal_day(turn.now)
    late = say("action.late", n=(today - action.due_on).days)
    parts: list[Part] = [
        Text(say("action.title", number=action.number, unit=unit_of(turn, action).name), "title"),
        *notes,
        *([Text(late, "warning")] if action.late(today) else []),
        Facts(_facts(turn, action)),
    ]
    return Card(say("action.summary"), tuple(parts), _buttons(turn, action), data_of(action))


def stored(action: Action) -> Stored:
    return Stored("action", {"action": action.id, "version": action.version})


def data_of(action: Action) -> dict[str, int]:
    return {"action": action.id, "version": action.version}


def _facts(turn: Turn, action: Action) -> tuple[tuple[str, str], ...]:
    say, everyone = turn.say, people.everyone(turn.tx)
    facts = [
        (say("action.what"), action.what),
        (say("follow_up.owner"), everyone[action.owner_id].name),
        (say("action.due_on"), say.write(action.due_on)),
        (say("action.state"), say(f"action.state.{action.state}")),
    ]
    if action.state == "done":
        facts.append((say("action.reported_by"), everyone[action.author_id].name))
    if action.evidence:
        facts.append((say("action.evidence"), action.evidence))
    if action.reason:
        facts.append((say("action.reason"), action.reason))
    if action.verified_by and action.verified_on:
        who = say("action.verified_who", name=everyone[action.verified_by].name, day=action.verified_on)
        facts.append((say("action.verified_by"), who))
    return tuple(facts)


def _buttons(turn: Turn, action: Action) -> tuple[Button, ...]:
    say = turn.say
    team = [one.id for one in quality_team(turn)]
    buttons = []
    if action.state == "open":
        buttons.append(Button(say("action.edit"), "action_form"))
    if may_verify(action, turn.person.id, team):
        buttons.append(Button(say("action.to.verified"), "set_action_state", {"to": "verified"}))
    for state in ("done", "open", "cancelled"):
        if may_become(action, state):
            buttons.append(Button(say(f"action.to.{state}"), "action_state_form", {"to": state}))
    back = Button(say("follow_up.to_step"), "show_follow_up", {"follow_up": action.follow_up_id})
    return (*buttons, back)


def unit_of(turn: Turn, action: Action) -> Unit:
    return units.get(turn.tx, follow_up_of(turn, action).unit_id)


def follow_up_of(turn: Turn, action: Action) -> FollowUp:
    found = follow_ups.get(turn.tx, action.follow_up_id)
    assert found is not None
    return found


def changed_meanwhile(turn: Turn, action: Action) -> Reply:
    """The action as it stands; what is typed in a card that is old stays with the one who typed it."""
    if turn.press.inputs:
        return Reply(notice=turn.say("action.changed_meanwhile", number=action.number))
    return Reply(card=action_card(turn, action, Text(turn.say("action.changed"), "warning")))
