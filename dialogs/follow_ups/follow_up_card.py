"""A follow-up as a card: where it stands, the current step's form, its actions, and what was written."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Choice, Facts, Field, ListRow, Part, Text
from dialogs.forms.form_fields import by_field, fields, problem_banner
from dialogs.forms.lists import at_most
from dialogs.turn import Turn
from followup.follow_ups.board_decision import BoardDecision
from followup.follow_ups.checklist import FILLED_FROM, evidence_of
from followup.follow_ups.follow_up import (
    PREFILLED,
    STEPS,
    FollowUp,
    answers_of,
    before,
    questions,
)
from followup.follow_ups.prefill import UnitEvidence, sentences
from followup.wording.wording import Problem
from services.views.follow_ups import ActionView, FollowUpRow, FollowUpView, evidence_at_first
from services.views.people import quality_team
from texts.catalogue import Texts

# What is filled in becomes part of the municipality's own document, whatever the person's language.
DOCUMENT = Texts("sv")
LONGEST_TITLE = 80
MOST_ACTIONS = 8


def step_card(
    turn: Turn,
    view: FollowUpView,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
    notes: Sequence[Part] = (),
) -> Card:
    """The step's form with what was written or typed; at the last step the actions."""
    say, follow_up = turn.say, view.one
    parts: list[Part] = [
        Text(title(view, say), "title"),
        *notes,
        *(Text(say.say(one), "warning") for one in view.late),
        *problem_banner([one for one in problems if one.field != "actions"], say),
        Facts(facts(view, say)),
        Text(step_words(follow_up, say), "heading"),
        Text(say(f"follow_up.about.{follow_up.step}")),
        *step_fields(turn, view, typed, problems),
    ]
    if follow_up.step == "act":
        parts += acts(view, say, problems)
    page = f"uppf/{follow_up.id}"
    return Card(say("follow_up.summary"), tuple(parts), _buttons(follow_up, say), data_of(follow_up), page)


def title(view: FollowUpView | FollowUpRow, say: Texts) -> str:
    return say("follow_up.title", number=view.one.number, unit=view.unit)


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


def facts(view: FollowUpView, say: Texts) -> tuple[tuple[str, str], ...]:
    """Why it was opened, who, how, when, and what came of it; only what is known."""
    one, owner = view.one, view.owner or say("alert.nobody_short")
    known = [(say("follow_up.why"), say.say(view.opened_for)), (say("follow_up.owner"), owner)]
    if one.by_risk:
        known.append((say("follow_up.kind"), say("follow_up.kind.by_risk")))
    if one.method:
        known.append((say("follow_up.method"), say(f"choice.follow_up_method.{one.method}")))
    for name in ("planned_on", "held_on", "report_asked_on", "report_received_on"):
        day = getattr(one, name)
        if day:
            known.append((say(f"follow_up.{name}"), say.write(day)))
    if one.report_link:
        known.append((say("follow_up.report_link"), one.report_link))
    if one.reason:
        known.append((say("follow_up.cancelled_because"), one.reason))
    if one.verdict:
        known.append((say("follow_up.verdict"), say(f"choice.verdict.{one.verdict}")))
    if view.diary:
        known.append((say("diary_number.number"), view.diary[-1].number))
    return tuple(known)


def step_fields(
    turn: Turn, view: FollowUpView, typed: Mapping[str, str] | None, problems: Sequence[Problem] = ()
) -> list[Part]:
    """The current step's, with what is typed, else with what is written and what the evidence fills in."""
    step = view.one.step
    shown = {**_prefilled_at_first(turn, view), **answers_of(view.one)} if typed is None else typed
    asked = questions(step, by_risk=view.one.by_risk)
    parts = fields(asked, shown, problems, turn.say, "follow_up")
    if step == "plan":
        parts.insert(0, owner_field(turn, shown.get("owner", ""), problems))
    return parts


def _prefilled_at_first(turn: Turn, view: FollowUpView) -> dict[str, str]:
    return prefilled(evidence_at_first(turn.acting, view.one))


def prefilled(evidence: UnitEvidence | None) -> dict[str, str]:
    """What the evidence says of the first step's areas, and that they build on it."""
    if evidence is None:
        return {}
    said = {area: " ".join(DOCUMENT.say(one) for one in sentences(area, evidence)) for area in PREFILLED}
    return {**said, **{evidence_of(area): FILLED_FROM[area] for area in PREFILLED}}


def owner_field(turn: Turn, value: str, problems: Sequence[Problem]) -> Field:
    """One of the quality team; who has left it is not filled in."""
    offered = tuple(Choice(str(one.id), one.name) for one in quality_team(turn.acting))
    wrong = by_field(problems, turn.say).get("owner", "")
    label = turn.say("follow_up.owner")
    shown = value if value in {one.value for one in offered} else ""
    return Field("owner", "choice", label, shown, offered, required=True, problem=wrong, compact=True)


def acts(view: FollowUpView, say: Texts, problems: Sequence[Problem] = ()) -> list[Part]:
    """Its actions and the board's decisions."""
    rows: list[Part] = [action_row(one, say) for one in view.actions]
    wrong = by_field(problems, say).get("actions", "")
    return [
        *([Text(wrong, "problem")] if wrong else []),
        *(at_most(MOST_ACTIONS, rows, "", say) or [Text(say("follow_up.no_actions"), "subtle")]),
        *(Text(_decision(one, say)) for one in view.decisions),
    ]


def _decision(one: BoardDecision, say: Texts) -> str:
    """With what it was, but for one that was recorded before that was asked."""
    about = {"reference": one.reference, "day": one.decided_on}
    if one.kind is None:
        return say("board_decision.row", **about)
    return say("board_decision.row_of", kind=say(f"choice.board_decision.{one.kind}"), **about)


def action_row(view: ActionView, say: Texts, *, by_unit: bool = False) -> ListRow:
    """Named by what is to be done, or `by_unit` in the list of every unit's."""
    one = view.one
    state = say(f"action.state.{one.state}")
    subtitle = say("action.row", state=state, due=one.due_on, owner=view.owner)
    notes = [say("action.late", n=view.days_late)] if view.days_late is not None else []
    if view.ownerless:
        notes.append(say("action.ownerless"))
    return ListRow(
        f"{one.number} · {view.unit if by_unit else cut(one.what)}",
        subtitle,
        button=Button(say("alerts.open"), "show_action", {"action": one.id}),
        note=f"⚠ {' '.join(notes)}" if notes else "",
    )


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


def row(view: FollowUpRow, say: Texts) -> ListRow:
    """One of the list: its step, its owner, its day and what is late."""
    one, owner = view.one, view.owner or say("alert.nobody_short")
    day = one.held_on or one.planned_on
    when = say.write(day) if day else say("follow_up.no_day")
    note = " ".join(say.say(reason) for reason in view.late)
    return ListRow(
        f"{one.number} · {view.unit}",
        say("follow_up.row", step=step_words(one, say), owner=owner, when=when),
        button=Button(say("alerts.open"), "show_follow_up", {"follow_up": one.id}),
        note=f"⚠ {note}" if note else "",
    )
