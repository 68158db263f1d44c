"""An action as a card: what, who and when, how it stands, and what can be done with it."""

from dialogs.card import Button, Card, Facts, Part, Text
from dialogs.turn import Reply, Stored, Turn
from followup.follow_ups.action import Action, may_become
from followup.log.subject import What
from services.views.follow_ups import ActionView, action_view_of
from texts.catalogue import Texts


def action_card(turn: Turn, action: Action, *notes: Part) -> Card:
    say, view = turn.say, action_view_of(turn.acting, action)
    late = [] if view.days_late is None else [Text(say("action.late", n=view.days_late), "warning")]
    parts: list[Part] = [Text(title(view, say), "title"), *notes, *late, Facts(_facts(view, say))]
    return Card(say("action.summary"), tuple(parts), _buttons(view, say), data_of(action))


def title(view: ActionView, say: Texts) -> str:
    return say("action.title", number=view.one.number, unit=view.unit)


def stored(action: Action) -> Stored:
    return Stored("action", {"action": action.id, "version": action.version})


def data_of(action: Action) -> dict[str, int]:
    return {"action": action.id, "version": action.version}


def _facts(view: ActionView, say: Texts) -> tuple[tuple[str, str], ...]:
    one = view.one
    facts = [
        (say("action.what"), one.what),
        (say("follow_up.owner"), view.owner or say("alert.nobody_short")),
        (say("action.due_on"), say.write(one.due_on)),
        (say("action.state"), say(f"action.state.{one.state}")),
    ]
    if view.reported_by:
        facts.append((say("action.reported_by"), view.reported_by))
    if one.evidence:
        facts.append((say("action.evidence"), one.evidence))
    if one.reason:
        facts.append((say("action.reason"), one.reason))
    if view.verified_by and one.verified_on:
        who = say("action.verified_who", name=view.verified_by, day=one.verified_on)
        facts.append((say("action.verified_by"), who))
    return tuple(facts)


def _buttons(view: ActionView, say: Texts) -> tuple[Button, ...]:
    one, buttons = view.one, []
    if one.state == "open":
        buttons.append(Button(say("action.edit"), "action_form"))
    if view.verifiable:
        buttons.append(Button(say("action.to.verified"), "set_action_state", {"to": "verified"}))
    for state in ("done", "open", "cancelled"):
        if may_become(one, state):
            buttons.append(Button(say(f"action.to.{state}"), "action_state_form", {"to": state}))
    back = Button(say("follow_up.to_step"), "show_follow_up", {"follow_up": one.follow_up_id})
    return (*buttons, back)


def changed_meanwhile(turn: Turn, action: Action) -> Reply:
    """The action as it stands; what is typed in a card that is old stays with the one who typed it."""
    if turn.press.inputs:
        turn.log("read", What.ACTION.of(action.id))
        return Reply(notice=turn.say("action.changed_meanwhile", number=action.number))
    return Reply(card=action_card(turn, action, Text(turn.say("action.changed"), "warning")))
