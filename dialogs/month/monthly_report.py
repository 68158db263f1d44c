"""One placement's monthly report: the form, its mistakes, handing it in, and correcting it."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.differences import differences
from dialogs.forms.elsewhere import where_to_write
from dialogs.forms.form_fields import fields, of_prefix, problem_banner, with_prefix
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.verbs import Command, Verb
from dialogs.month.my_tasks import list_again, ticked_tasks
from dialogs.month.one_answer import which_answer
from dialogs.month.report_receipt import (
    handed_in_here,
    receipt,
    seen_versions,
    stands,
    told_already,
    told_here,
)
from dialogs.month.report_sections import FilledForm, form_sections
from dialogs.month.signal_blocks import (
    drawn_kinds,
    number_of_signals,
    with_signal,
    without_signal,
)
from dialogs.month.task_rows import name_of, where
from dialogs.turn import Press, Reply, Stored, Turn
from followup import TaskId
from followup.month import closing_report
from followup.month import report as form
from followup.month.closing_report import named_in_report
from followup.month.rounds import Task
from followup.people import Conversation
from followup.signals.signal import KINDS
from followup.wording.form import asked
from followup.wording.wording import Problem
from services.acting import Acting, Refused
from services.month.closing import first_closing, stored_closing
from services.month.own_tasks import log_report, own_task, stored_answers
from services.month.reporting import AlreadySo, Filled, HandedIn, NotStored, hand_in, prefix
from services.views import month
from services.views.month import ReportSeen
from texts.catalogue import Texts


def open_form(turn: Turn) -> Reply:
    """The placement's form: last month's answers, or what was answered when it is to be corrected."""
    acting, task = turn.acting, _my_task(turn)
    if isinstance(task, Refused):
        note = Text(turn.say("report.not_yours"), "problem")
        return Reply(card=list_again(turn, [note]))
    if task.answered and not turn.press.data.get("correct"):
        log_report(acting, task)
        return _already(turn, task)
    if task.answered and turn.press.data.get("statement"):
        typed = {**month.ticked_answers(acting, task), **_of_its_end(acting, task)}
        return Reply(card=form_card(turn, task, typed, [], blocks=0, unseen=True))
    only = _only(turn.press, task)
    if task.by_statement and not only and not turn.press.data.get("whole"):
        return Reply(card=which_answer(turn, task))
    return Reply(card=form_card(turn, task, typed_at_first(acting, task), [], blocks=0, only=only))


def _only(press: Press, task: Task) -> str:
    """The one answer of a report that is to be corrected; "" for all of them."""
    return (press.word("only", [one.id for one in form.QUESTIONS]) or "") if task.answered else ""


def typed_at_first(acting: Acting, task: Task) -> dict[str, str]:
    """What the form begins with: what is stored of the month, or of a new one what last month's answers give."""
    typed = stored_answers(acting, task) if task.answered else month.first_answers(acting, task)
    return {**typed, **_of_its_end(acting, task)}


def _of_its_end(acting: Acting, task: Task) -> dict[str, str]:
    return named_in_report(first_closing(acting, task.placement.id)) if task.ended_on else {}


def _my_task(turn: Turn) -> Task | Refused:
    return own_task(turn.acting, turn.press.id("task", TaskId))


def _not_saved(turn: Turn) -> Reply:
    """A form that has been filled in stays as it is, with what was typed."""
    return Reply(notice=turn.say("report.not_saved"))


def _already(turn: Turn, task: Task) -> Reply:
    note = Text(turn.say("list.already", n=1, cases=task.placement.case_reference), "subtle")
    return Reply(card=list_again(turn, [note]))


def form_card(
    turn: Turn,
    task: Task,
    typed: Mapping[str, str],
    problems: Sequence[Problem],
    blocks: int,
    *,
    unseen: bool = False,
    only: str = "",
) -> Card:
    """The whole form with `blocks` signals to fill in after the question about them; or `only` the one answer.

    `unseen` says that what is typed was not typed over what is stored now, so that what differs is shown first.
    """
    say, seen = turn.say, month.report_of(turn.acting, task)
    parts: list[Part] = [
        Text(say("report.title", case=name_of(task)), "title"),
        Text(say("report.about", unit=task.placement.unit_name, month=task.month), "subtle"),
        *(_differing(turn, seen, typed) if unseen else []),
        *problem_banner(problems, say),
    ]
    if not task.answered and typed:
        parts.append(Text(say("report.prefilled"), "subtle"))
    data = {"task": task.id, "version": task.version, "blocks": blocks, **told_already(turn, task)}
    data |= {"only": only} if only else {}
    data |= {"kinds": [typed.get(f"{prefix(one)}kind", "") for one in range(1, blocks + 1)]} if blocks else {}
    send = Button(say("report.hand_in"), "hand_in_report", data, takes_inputs=True)
    opened, folded = form_sections(turn, seen, FilledForm(typed, problems, blocks, only), send)
    parts += opened
    if not only:
        parts += _of_end(turn, task, typed, problems)
    if not turn.municipality.free_text:
        said = where_to_write(turn, "report", case=task.placement.case_reference)
        parts.append(Text(said, "subtle"))
    parts += folded
    buttons = (send, Button(say("report.back"), "my_tasks"))
    ticked = [one for one in ticked_tasks(turn.press) if one != task.id]
    return Card(say("report.summary"), tuple(parts), buttons, {"ticked": ticked}, f"rapport/{task.id}")


def _of_end(turn: Turn, task: Task, typed: Mapping[str, str], problems: Sequence[Problem]) -> list[Part]:
    """The closing questions in the last report of a placement that has ended."""
    if task.ended_on is None:
        return []
    say, questions = turn.say, asked(closing_report.QUESTIONS, free_text=turn.municipality.free_text)
    own = of_prefix(closing_report.PREFIX, problems)
    about = Text(say("closing.in_report", day=task.ended_on), "subtle")
    form_fields = fields(
        questions, closing_report.without_prefix(typed), own, say, "closing", closing_report.PREFIX
    )
    return [*form_fields[:1], about, *form_fields[1:]]


def _differing(turn: Turn, seen: ReportSeen, typed: Mapping[str, str]) -> list[Part]:
    free_text = turn.municipality.free_text
    of_end = stored_closing(turn.acting, seen.task)
    return [
        *differences(asked(form.QUESTIONS, free_text=free_text), seen.answers, typed, turn.say, "report"),
        *differences(
            asked(closing_report.QUESTIONS, free_text=free_text) if seen.task.ended_on else (),
            of_end,
            closing_report.without_prefix(typed),
            turn.say,
            "closing",
        ),
    ]


def add_signal(turn: Turn) -> Reply:
    """The same form with room for one more signal of the kind, and everything that was typed kept."""
    kind = turn.press.word("kind", KINDS)
    typed, blocks = with_signal(turn.press.inputs, number_of_signals(turn.press), kind)
    return _same_form(turn, typed, blocks)


def drop_signal(turn: Turn) -> Reply:
    """The same form without that signal; the question about signals is open again when none is left."""
    blocks = number_of_signals(turn.press)
    return _same_form(turn, *without_signal(turn.press.inputs, blocks, turn.press.number("number")))


def _same_form(turn: Turn, typed: Mapping[str, str], blocks: int) -> Reply:
    task = _my_task(turn)
    if isinstance(task, Refused):
        return _not_saved(turn)
    unseen = task.version not in seen_versions(turn, handed_in_here(turn))
    only = _only(turn.press, task)
    return Reply(card=form_card(turn, task, typed, [], blocks, unseen=unseen, only=only))


def hand_in_report(turn: Turn) -> Reply:
    """Stores the report, its signals and what follows from them in one transaction; or all problems at once."""
    filled = filled_in(turn)
    match hand_in(turn.acting, turn.press.id("task", TaskId), filled):
        case Refused():
            return _not_saved(turn)
        case AlreadySo(task):
            return Reply(card=list_again(turn, [stands(turn, task)]))
        case NotStored() as wrong:
            return Reply(
                card=form_card(
                    turn,
                    wrong.task,
                    filled.typed,
                    wrong.problems,
                    len(filled.signals),
                    unseen=wrong.unseen,
                    only=_only(turn.press, wrong.task),
                )
            )
        case HandedIn() as done:
            return _handed_in(turn, done)


def filled_in(turn: Turn) -> Filled:
    """The form as it was filled in, with what its drawings before this one have stored."""
    here, typed = handed_in_here(turn), turn.press.inputs
    told = [with_prefix(prefix(block), typed) for block in range(1, number_of_signals(turn.press) + 1)]
    only = turn.press.word("only", [one.id for one in form.QUESTIONS]) or ""
    return Filled(
        typed, told, seen_versions(turn, here), told_here(turn, here), only, drawn_kinds(turn.press)
    )


def _handed_in(turn: Turn, done: HandedIn) -> Reply:
    said = receipt(turn, done.task, done.task.version, done.signals.values())
    numbers = {"task": done.task.id, "version": done.task.version, "signals": dict(done.signals)}
    return Reply(card=list_again(turn, said, done.tasks), effect=Stored("report", numbers))


def corrections(turn: Turn) -> Reply:
    """What can still be corrected, narrowed to the case, the alias or the month that was typed after `rätta`."""
    say, wanted = turn.say, turn.said.rest.casefold()

    def fits(task: Task) -> bool:
        placement = task.placement
        names = (placement.case_reference, placement.alias or "", say.write(task.month))
        return any(wanted in one.casefold() for one in names)

    found = month.corrections(turn.acting, fits, MOST_ROWS)
    items = at_most(MOST_ROWS, [_to_correct(task, say) for task in found.tasks], say("correct.narrow"), say)
    said = [] if found.fits else _none_fits(found, say)
    return Reply(
        card=Card(
            said[0].text if said else say("correct.title"),
            (Text(say("correct.title"), "title"), *said, *items),
        )
    )


def _none_fits(found: month.Corrections, say: Texts) -> list[Text]:
    if found.tasks:
        return [Text(say("correct.no_such"))]
    away = [Text(say("correct.away", day=found.away_until))] if found.away_until else []
    return [Text(say("correct.none")), *away]


def _to_correct(task: Task, say: Texts) -> ListRow:
    button = Button(say("correct.open"), "open_form", {"task": task.id, "correct": True})
    return ListRow(name_of(task), where(task, say), button=button)


OFFERED = (
    Command("corrections", Conversation.REPORT, ("rätta", "ratta", "correct"), corrections),
    Verb("open_form", Conversation.REPORT, open_form),
    Verb("add_signal", Conversation.REPORT, add_signal),
    Verb("drop_signal", Conversation.REPORT, drop_signal),
    Verb("hand_in_report", Conversation.REPORT, hand_in_report),
    Verb("corrections", Conversation.REPORT, corrections),
)
