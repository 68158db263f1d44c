"""A follow-up's five steps on one page: what is written of each, how far it is, and the form of the current one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.card import Button, Part
from dialogs.follow_ups.follow_up_card import acts, data_of, facts, prefilled, step_fields, title
from followup import PersonId
from followup.follow_ups.follow_up import QUESTIONS, STEPS, FollowUp, OpenStep, answers_of, before, questions
from followup.follow_ups.meeting import both, fields_of
from followup.follow_ups.prefill import UnitEvidence
from followup.wording.form import Question
from followup.wording.wording import Problem
from services.drafts import Draft, Elsewhere
from services.views.follow_up_versions import FollowUpVersion
from services.views.follow_ups import FollowUpView
from services.views.people import names_of
from texts.catalogue import Texts
from workspace.frame import drafting
from workspace.frame.pressed import PressedButton
from workspace.frame.visit import Visit


@dataclass(frozen=True)
class StepSeen:
    """`how` is done, current or to come; `written` are what has been answered, each by its label."""

    step: OpenStep
    title: str
    how: str
    said: str
    written: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class WrittenOver:
    """What stands in the form's fields, None of what is stored; her draft, and what she keeps in another tab."""

    typed: Mapping[str, str] | None = None
    draft: Draft | None = None
    other: Elsewhere | None = None

    @property
    def kept_at(self) -> datetime | None:
        return self.draft.saved_at if self.draft and self.typed is not None else None


def steps_of(view: FollowUpView, say: Texts) -> list[StepSeen]:
    return [_step(view.one, one, say) for one in STEPS]


def _step(one: FollowUp, step: OpenStep, say: Texts) -> StepSeen:
    here = len(STEPS) if one.closed else STEPS.index(one.step)
    place = STEPS.index(step)
    how = "done" if place < here else "current" if place == here else "to_come"
    asked = [question for question in questions(step, by_risk=one.by_risk) if question.required]
    written = written_in(one, step, say)
    said = say(f"page.follow_up.{how}")
    if how == "current" and asked:
        answers = answers_of(one)
        number = sum(question.id in answers for question in asked)
        said = say("page.follow_up.current_of", number=number, all=len(asked))
    return StepSeen(step, say(f"follow_up.step.{step}"), how, said, written)


def written_in(one: FollowUp, step: OpenStep, say: Texts) -> list[tuple[str, str]]:
    answers = answers_of(one)
    return [
        (say(f"follow_up.{question.id}"), in_words(question, answers[question.id], say))
        for question in questions(step)
        if question.id in answers
    ]


def in_words(question: Question, answer: str, say: Texts) -> str:
    """A choice by its words; all else as it was written."""
    if question.kind not in ("choice", "choices"):
        return answer
    return ", ".join(
        say(f"choice.{question.choice_set}.{one}") for one in answer.split(",") if one in question.choices
    )


def answers_said(visit: Visit, answers: Iterable[tuple[str, str]]) -> Callable[[str, str], str]:
    """How any of the answers is said by its question's name, the owner by hers; a dash where there is none."""
    say, asked = visit.say, {one.id: one for one in QUESTIONS}
    owners = {answer for field, answer in answers if field == "owner" and answer.isdecimal()}
    names = names_of(visit.acting, [PersonId(int(one)) for one in owners])

    def said(field: str, answer: str) -> str:
        if field == "owner":
            return names.get(PersonId(int(answer)), "–") if answer in owners else "–"
        return (in_words(asked[field], answer, say) if field in asked else answer) or "–"

    return said


def form_parts(
    visit: Visit, view: FollowUpView, written: WrittenOver, problems: Sequence[Problem] = ()
) -> list[Part]:
    """The form of the current step; of one that is closed there is none."""
    one = view.one
    if one.closed:
        return []
    if one.step == "act":
        return acts(view, visit.say, problems)
    return step_fields(visit.turn(dict(data_of(one))), view, written.typed, problems)


def with_evidence(one: FollowUp, known: UnitEvidence | None, typed: Mapping[str, str]) -> dict[str, str]:
    """What is known of the unit now, after what she has written in the same area."""
    kinds, fresh = fields_of(one.step), prefilled(known)
    return {**typed, **{name: both(kinds[name], typed.get(name, ""), said) for name, said in fresh.items()}}


def _only_there(
    visit: Visit, view: FollowUpView, written: WrittenOver
) -> tuple[datetime, list[tuple[str, str]]] | None:
    if written.other is None:
        return None
    there = written.other.draft
    parts = form_parts(visit, view, written), form_parts(visit, view, WrittenOver(there.typed))
    return there.saved_at, drafting.only_there(*parts)


def values_of(
    visit: Visit,
    view: FollowUpView,
    written: WrittenOver,
    problems: Sequence[Problem] = (),
    versions: Sequence[FollowUpVersion] = (),
) -> dict[str, object]:
    """What fills the page."""
    say, one = visit.say, view.one
    return {
        "view": view,
        "one": one,
        "title": title(view, say),
        "facts": facts(view, say),
        "steps": steps_of(view, say),
        "parts_shown": form_parts(visit, view, written, problems),
        "acts": acts(view, say) if one.closed else [],
        "acting": one.step == "act",
        "back": before(one.step) is not None and not one.closed,
        "kept_at": written.kept_at,
        "elsewhere": _only_there(visit, view, written),
        **drafting.known_then(visit, written.other.draft if written.other else written.draft),
        "versions": versions,
        "said_of": answers_said(visit, _changed_in(versions)),
        "presses": _presses(one, say),
        "said": [],
        "wrong": bool(problems),
    }


def _changed_in(versions: Sequence[FollowUpVersion]) -> Iterator[tuple[str, str]]:
    for one in versions:
        for change in one.changes:
            yield from ((change.field, change.before), (change.field, change.after))


def _presses(one: FollowUp, say: Texts) -> list[tuple[str, str]]:
    """The buttons that lead to a form of their own, as the chat has it."""
    add = [Button(say("action.add"), "action_form"), Button(say("board_decision.add"), "board_decision_form")]
    cancel = Button(say("follow_up.cancel"), "cancel_follow_up_form")
    diary = [Button(say("diary_number.add"), "diary_number_form")] if one.verdict else []
    shown = diary if one.closed else [*add, *diary] if one.step == "act" else [*diary, cancel]
    return [(button.title, PressedButton(button.verb, data_of(one)).sent()) for button in shown]
