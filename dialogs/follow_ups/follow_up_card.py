"""A follow-up as a card: where it stands, the current step's form, its actions, and what was written."""

from collections.abc import Mapping, Sequence
from datetime import date

from dialogs.card import Button, Card, Choice, Facts, Field, Item, Part, Text
from dialogs.forms.form_fields import by_field, fields, problem_banner
from dialogs.forms.lists import at_most
from dialogs.turn import Turn
from followup.follow_ups.action import Action
from followup.follow_ups.follow_up import (
    PREFILLED,
    STEPS,
    FollowUp,
    answers_of,
    before,
    late_reasons,
    questions,
)
from followup.follow_ups.prefill import sentences
from followup.people import Conversation, Person, Role, may
from followup.provider import Unit
from followup.times.calendar import municipal_day
from followup.wording import Problem
from services.follow_ups.following_up import evidence_of
from services.follow_ups.overdue import done_by
from storage import people, units
from storage.alerts import alerts
from storage.follow_ups import actions, board_decisions, follow_ups
from texts.catalogue import Texts

# What is filled in becomes part of the municipality's own document, whatever the person's language.
DOCUMENT = Texts("sv")
LONGEST_TITLE = 80
MOST_ACTIONS = 8


def step_card(
    turn: Turn,
    follow_up: FollowUp,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
    notes: Sequence[Part] = (),
) -> Card:
    """The step's form with what was written or typed; at the last step the actions."""
    say = turn.say
    parts: list[Part] = [
        Text(title(turn, follow_up), "title"),
        *notes,
        *(Text(one, "warning") for one in late_because(turn, follow_up, follow_ups.cycle_years(turn.tx))),
        *problem_banner([one for one in problems if one.field != "actions"], say),
        Facts(facts(turn, follow_up)),
        Text(step_words(follow_up, say), "heading"),
        Text(say(f"follow_up.about.{follow_up.step}")),
        *_form(turn, follow_up, typed, problems),
    ]
    if follow_up.step == "act":
        parts += acts(turn, follow_up, problems)
    return Card(say("follow_up.summary"), tuple(parts), _buttons(follow_up, say), data_of(follow_up))


def title(turn: Turn, follow_up: FollowUp) -> str:
    unit = units.get(turn.tx, follow_up.unit_id)
    return turn.say("follow_up.title", number=follow_up.number, unit=unit.name)


def step_words(follow_up: FollowUp, say: Texts) -> str:
    if follow_up.closed:
        return say(f"unit_follow_ups.{follow_up.step}")
    return say(
        "follow_up.step_of",
        number=STEPS.index(follow_up.step) + 1,
        steps=len(STEPS),
        step=say(f"follow_up.step.{follow_up.step}"),
    )


def data_of(follow_up: FollowUp) -> dict[str, int]:
    return {"follow_up": follow_up.id, "version": follow_up.version}


def facts(turn: Turn, follow_up: FollowUp) -> tuple[tuple[str, str], ...]:
    """Why it was opened, who, how, when, and what came of it; only what is known."""
    say, everyone = turn.say, people.everyone(turn.tx)
    owner = everyone[follow_up.owner_id].name if follow_up.owner_id else say("alert.nobody_short")
    known = [(say("follow_up.why"), _why(turn, follow_up)), (say("follow_up.owner"), owner)]
    if follow_up.method:
        known.append((say("follow_up.method"), say(f"choice.follow_up_method.{follow_up.method}")))
    for name in ("planned_on", "held_on", "report_asked_on", "report_received_on"):
        day = getattr(follow_up, name)
        if day:
            known.append((say(f"follow_up.{name}"), say.write(day)))
    if follow_up.report_link:
        known.append((say("follow_up.report_link"), follow_up.report_link))
    if follow_up.reason:
        known.append((say("follow_up.cancelled_because"), follow_up.reason))
    if follow_up.verdict:
        known.append((say("follow_up.verdict"), say(f"choice.verdict.{follow_up.verdict}")))
    return tuple(known)


def _why(turn: Turn, follow_up: FollowUp) -> str:
    """What it was opened for."""
    year = follow_ups.cycle_years(turn.tx).get(follow_up.cycle_id or 0)
    if year is not None:
        return turn.say("follow_up.why.selection", year=year)
    alert, day = alerts.get(turn.tx, follow_up.alert_id or 0), municipal_day(follow_up.opened_at)
    if alert is None:
        return turn.say("follow_up.why.ad_hoc", day=day)
    return turn.say("follow_up.why.alert", alert=alert.number, day=day)


def _form(
    turn: Turn, follow_up: FollowUp, typed: Mapping[str, str] | None, problems: Sequence[Problem]
) -> list[Part]:
    shown = {**_prefilled(turn, follow_up), **answers_of(follow_up)} if typed is None else typed
    parts = fields(questions(follow_up.step), shown, problems, turn.say, "follow_up")
    if follow_up.step == "plan":
        parts.insert(0, owner_field(turn, shown.get("owner", ""), problems))
    return parts


def _prefilled(turn: Turn, follow_up: FollowUp) -> dict[str, str]:
    """Only where nothing has been written, and not for what has become the municipality's own, which has no score."""
    unit = units.get(turn.tx, follow_up.unit_id)
    if follow_up.step != STEPS[0] or follow_up.version > 1 or unit.segment is None:
        return {}
    evidence = evidence_of(turn.tx, unit, turn.now)
    return {area: " ".join(DOCUMENT.say(one) for one in sentences(area, evidence)) for area in PREFILLED}


def owner_field(turn: Turn, value: str, problems: Sequence[Problem]) -> Field:
    """One of the quality team; who has left it is not filled in."""
    offered = tuple(Choice(str(one.id), one.name) for one in quality_team(turn))
    wrong = by_field(problems, turn.say).get("owner", "")
    label = turn.say("follow_up.owner")
    shown = value if value in {one.value for one in offered} else ""
    return Field("owner", "choice", label, shown, offered, required=True, problem=wrong, compact=True)


def quality_team(turn: Turn) -> list[Person]:
    return people.with_role(turn.tx, Role.QUALITY)


def acts(turn: Turn, follow_up: FollowUp, problems: Sequence[Problem] = ()) -> list[Part]:
    """Its actions and the board's decisions."""
    say, today = turn.say, municipal_day(turn.now)
    rows: list[Part] = [action_row(turn, one, today) for one in actions.of_follow_up(turn.tx, follow_up.id)]
    wrong = by_field(problems, say).get("actions", "")
    return [
        *([Text(wrong, "problem")] if wrong else []),
        *(at_most(MOST_ACTIONS, rows, "", say) or [Text(say("follow_up.no_actions"), "subtle")]),
        *_decisions(turn, follow_up),
    ]


def action_row(turn: Turn, action: Action, today: date, unit: Unit | None = None) -> Item:
    say, everyone = turn.say, people.everyone(turn.tx)
    subtitle = say(
        "action.row",
        state=say(f"action.state.{action.state}"),
        due=action.due_on,
        owner=everyone[action.owner_id].name,
    )
    days = (today - action.due_on).days
    notes = [say("action.late", n=days)] if action.late(today) else []
    if action.state == "open" and not may(everyone[action.owner_id], Conversation.FOLLOW_UPS):
        notes.append(say("action.ownerless"))
    name = f"{action.number} · {unit.name}" if unit else f"{action.number} · {cut(action.what)}"
    return Item(
        name,
        subtitle,
        button=Button(say("alerts.open"), "show_action", {"action": action.id}),
        note=f"⚠ {' '.join(notes)}" if notes else "",
    )


def _decisions(turn: Turn, follow_up: FollowUp) -> list[Part]:
    say = turn.say
    return [
        Text(say("board_decision.row", reference=one.reference, day=one.decided_on))
        for one in board_decisions.of_follow_up(turn.tx, follow_up.id)
    ]


def _buttons(follow_up: FollowUp, say: Texts) -> tuple[Button, ...]:
    back = [Button(say("follow_up.back"), "step_back")] if before(follow_up.step) else []
    read = Button(say("follow_up.read"), "read_follow_up")
    all_actions = Button(say("actions.all"), "actions")
    if follow_up.step == "act":
        return (
            Button(say("action.add"), "action_form"),
            Button(say("board_decision.add"), "board_decision_form"),
            Button(say("follow_up.close"), "close_follow_up"),
            *back,
            read,
            all_actions,
        )
    return (
        Button(say("follow_up.save"), "save_step", takes_inputs=True),
        Button(say("follow_up.next"), "next_step", takes_inputs=True),
        *back,
        read,
        Button(say("follow_up.cancel"), "cancel_follow_up_form"),
    )


def cut(text: str) -> str:
    """The beginning of a text, as the name of a row; the action's own card has all of it."""
    return text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE].rstrip()} …"


def row(turn: Turn, follow_up: FollowUp, late: Sequence[str]) -> Item:
    """One of the list: its step, its owner, its day and what is late."""
    say, everyone = turn.say, people.everyone(turn.tx)
    owner = everyone[follow_up.owner_id].name if follow_up.owner_id else say("alert.nobody_short")
    day = follow_up.held_on or follow_up.planned_on
    when = say.write(day) if day else say("follow_up.no_day")
    note = " ".join(late)
    unit = units.get(turn.tx, follow_up.unit_id)
    return Item(
        f"{follow_up.number} · {unit.name}",
        say("follow_up.row", step=step_words(follow_up, say), owner=owner, when=when),
        button=Button(say("alerts.open"), "show_follow_up", {"follow_up": follow_up.id}),
        note=f"⚠ {note}" if note else "",
    )


def late_because(turn: Turn, follow_up: FollowUp, years: dict[int, int]) -> list[str]:
    """Everything about it that should have been done by today, and that nobody answers for it."""
    say, today = turn.say, municipal_day(turn.now)
    by = done_by(follow_up, years, turn.municipality.year)
    days = {"planned": follow_up.planned_on, "year": by}
    reasons = [
        say(f"follow_up.late.{reason}", day=days[reason]) for reason in late_reasons(follow_up, today, by)
    ]
    late = sum(one.late(today) for one in actions.of_follow_up(turn.tx, follow_up.id))
    if late:
        reasons.append(say("follow_up.late.actions", n=late))
    return [*reasons, *_ownerless(turn, follow_up)]


def _ownerless(turn: Turn, follow_up: FollowUp) -> list[str]:
    """An owner who has left the quality team is told of, since no follow-up is to be without one (R19)."""
    owner = people.everyone(turn.tx).get(follow_up.owner_id or 0)
    if follow_up.closed or (owner is not None and may(owner, Conversation.FOLLOW_UPS)):
        return []
    return [turn.say("follow_up.ownerless")]
