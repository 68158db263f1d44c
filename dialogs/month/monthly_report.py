"""One placement's monthly report: the form, its mistakes, handing it in, and correcting it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dialogs.card import Button, Card, Item, Part, Text
from dialogs.forms.differences import differences
from dialogs.forms.form_fields import asked, fields, filled, free_text_problems, problem_banner, under
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.offered import Command, Verb
from dialogs.month.my_tasks import list_again, name_of, ticked_tasks
from dialogs.month.report_receipt import receipt, store_signals, told_already, unseen_by
from dialogs.stored import Stored
from dialogs.turn import Press, Reply, Turn
from followup.form import Answers
from followup.log.subject import What
from followup.month import report as form
from followup.month.report import Report, by_statement, read_answers, starting_point
from followup.month.rounds import Task
from followup.people import Conversation
from followup.signals import signal as signal_form
from followup.signals.signal import read_signal
from followup.times.calendar import municipal_day
from followup.wording import Problem, wording
from services.risk.scoring import rescore
from storage.month import awaiting, reports
from storage.signals import signals
from texts.catalogue import Texts

# With more, what is typed in all of them would not fit in a card.
MOST_SIGNALS = 3


def open_form(turn: Turn) -> Reply:
    """The placement's form: last month's answers, or what was answered when it is to be corrected."""
    task = _my_task(turn)
    if task is None:
        return not_mine(turn)
    if task.answered and not turn.press.data.get("correct"):
        return _already(turn, task)
    if task.answered and turn.press.data.get("statement"):
        return Reply(card=form_card(turn, task, _stated(turn, task), [], blocks=0, unseen=True))
    typed = _stored_answers(turn, task) if task.answered else starting_point(_before(turn, task))
    return Reply(card=form_card(turn, task, typed, [], blocks=0))


def _my_task(turn: Turn) -> Task | None:
    return _wanted(turn, awaiting.of_person(turn.tx, turn.person, turn.now))


def _wanted(turn: Turn, mine: Sequence[Task]) -> Task | None:
    wanted = turn.press.number("task")
    return next((task for task in mine if task.id == wanted), None)


def not_mine(turn: Turn) -> Reply:
    """The placement has moved, the round has closed, or it never was the person's."""
    turn.log("refused", What.TASK.of(turn.press.number("task") or "?"))
    note = Text(turn.say("report.not_yours"), "problem")
    return Reply(card=list_again(turn, [note]))


def _not_saved(turn: Turn) -> Reply:
    """The same of a form that has been filled in: it stays as it is, with what was typed."""
    turn.log("refused", What.TASK.of(turn.press.number("task") or "?"))
    return Reply(notice=turn.say("report.not_saved"))


def _already(turn: Turn, task: Task) -> Reply:
    turn.log("read", What.REPORT.of(task.id), seen=[What.PLACEMENT.of(task.placement.id)])
    note = Text(turn.say("list.already", n=1, cases=task.placement.case_reference), "subtle")
    return Reply(card=list_again(turn, [note]))


def _before(turn: Turn, task: Task) -> Report | None:
    """The report of the month before, or of the last before that."""
    earlier = reports.of_placements(turn.tx, [task.placement.id])[task.placement.id]
    return next((report for report in earlier if report.month < task.month), None)


def _stated(turn: Turn, task: Task) -> Answers:
    """What a tick in the list would have handed in."""
    before = _before(turn, task)
    return by_statement(before) if before else {}


def _stored_answers(turn: Turn, task: Task) -> Answers:
    newest = reports.newest(turn.tx, task.id)
    return newest.answers if newest else {}


def form_card(
    turn: Turn,
    task: Task,
    typed: Mapping[str, str],
    problems: Sequence[Problem],
    blocks: int,
    *,
    unseen: bool = False,
) -> Card:
    """The whole form with `blocks` signals to fill in after the question about them.

    `unseen` says that what is typed was not typed over what is stored now, so that what differs is shown first.
    """
    say = turn.say
    turn.log("read", What.REPORT.of(task.id), seen=[What.PLACEMENT.of(task.placement.id)])
    parts: list[Part] = [
        Text(say("report.title", case=name_of(task, turn.person.id)), "title"),
        Text(say("report.about", unit=task.placement.unit_name, month=task.month), "subtle"),
        *(_differing(turn, task, typed) if unseen else []),
        *problem_banner(problems, say),
    ]
    if not task.answered and typed:
        parts.append(Text(say("report.prefilled"), "subtle"))
    parts += _with_signals(turn, task, typed, problems, blocks)
    if not turn.municipality.free_text:
        parts.append(Text(say("minimal.report", case=task.placement.case_reference), "subtle"))
    data = {"task": task.id, "version": task.version, "blocks": blocks, **told_already(turn, task)}
    buttons = (
        Button(say("report.hand_in"), "hand_in_report", data, takes_inputs=True),
        *_signal_buttons(blocks, data, say),
        Button(say("report.back"), "my_tasks"),
    )
    ticked = [one for one in ticked_tasks(turn.press) if one != task.id]
    return Card(say("report.summary"), tuple(parts), buttons, {"ticked": ticked})


def _differing(turn: Turn, task: Task, typed: Mapping[str, str]) -> list[Part]:
    questions = asked(form.QUESTIONS, turn.municipality)
    return differences(questions, _stored_answers(turn, task), typed, turn.say, "report")


def _signal_buttons(blocks: int, data: Mapping[str, object], say: Texts) -> list[Button]:
    """One more signal, or one less: what was chosen in one can often not be unchosen."""
    add = Button(say("report.add_signal"), "add_signal", data, takes_inputs=True)
    drop = Button(say("report.drop_signal", number=blocks), "drop_signal", data, takes_inputs=True)
    return [add] * (blocks < MOST_SIGNALS) + [drop] * (blocks > 0)


def _with_signals(
    turn: Turn, task: Task, typed: Mapping[str, str], problems: Sequence[Problem], blocks: int
) -> list[Part]:
    say = turn.say
    parts = fields(asked(form.QUESTIONS, turn.municipality), typed, problems, say, "report")
    at = 1 + next(number for number, part in enumerate(parts) if getattr(part, "id", "") == "signals")
    inserted: list[Part] = []
    for signal in signals.of_tasks(turn.tx, [task.id])[task.id]:
        inserted.append(Text(say("report.has_signal", number=signal.number), "subtle"))
    for block in range(1, blocks + 1):
        prefix = _prefix(block)
        own = [
            Problem(one.field.removeprefix(prefix), one.what)
            for one in problems
            if one.field.startswith(prefix)
        ]
        inserted.append(Text(say("report.signal_block", number=block), "heading"))
        inserted += fields(
            asked(signal_form.QUESTIONS, turn.municipality), under(prefix, typed), own, say, "signal", prefix
        )
    if blocks == MOST_SIGNALS:
        inserted.append(Text(say("report.most_signals", most=MOST_SIGNALS), "subtle"))
    if blocks:
        inserted.append(Text(say("signal.not_lex_sarah"), "warning"))
    return [*parts[:at], *inserted, *parts[at:]]


def _prefix(block: int) -> str:
    return f"s{block}."


def add_signal(turn: Turn) -> Reply:
    """The same form with room for one more signal, and everything that was typed kept."""
    blocks = min(_blocks(turn.press) + 1, MOST_SIGNALS)
    return _same_form(turn, {**turn.press.inputs, "signals": "some"}, blocks)


def drop_signal(turn: Turn) -> Reply:
    """The same form without the last signal; the question about signals is open again when none is left."""
    blocks, dropped = _blocks(turn.press), _prefix(_blocks(turn.press))
    typed = {name: value for name, value in turn.press.inputs.items() if not name.startswith(dropped)}
    if blocks <= 1:
        typed.pop("signals", None)
    return _same_form(turn, typed, max(blocks - 1, 0))


def _same_form(turn: Turn, typed: Mapping[str, str], blocks: int) -> Reply:
    task = _my_task(turn)
    if task is None:
        return _not_saved(turn)
    return Reply(card=form_card(turn, task, typed, [], blocks, unseen=unseen_by(turn, task)))


def _blocks(press: Press) -> int:
    return min(press.number("blocks") or 0, MOST_SIGNALS)


def hand_in_report(turn: Turn) -> Reply:
    """Stores the report, its signals and what follows from them in one transaction; or all problems at once."""
    mine = awaiting.of_person(turn.tx, turn.person, turn.now)
    task = _wanted(turn, mine)
    if task is None:
        return _not_saved(turn)
    typed, unseen = turn.press.inputs, unseen_by(turn, task)
    questions = asked(form.QUESTIONS, turn.municipality)
    answers, problems = read_answers(typed, task.month, municipal_day(turn.now), questions)
    problems += free_text_problems(form.QUESTIONS, typed, turn.municipality, "goal_progress")
    blocks = _blocks(turn.press)
    new_signals, signal_problems = _read_signals(turn, blocks, answers)
    problems += signal_problems + _between(turn, task, answers, blocks)
    if unseen and not problems and not new_signals and answers == _stored_answers(turn, task):
        return _already(turn, task)
    if problems or unseen:
        needed = max(blocks, int(answers.get("signals") == "some" and not _handed_in(turn, task)))
        return Reply(card=form_card(turn, task, typed, problems, needed, unseen=unseen))
    return _store(turn, task, mine, answers, new_signals)


def _read_signals(turn: Turn, blocks: int, answers: Answers) -> tuple[list[Answers], list[Problem]]:
    """The filled-in signals; blocks left wholly empty, or not wanted after all, are none."""
    read, problems = [], []
    for block in range(1, blocks + 1):
        typed = under(_prefix(block), turn.press.inputs)
        if answers.get("signals") != "some" or not filled(typed):
            continue
        questions = asked(signal_form.QUESTIONS, turn.municipality)
        signal, wrong = read_signal(typed, municipal_day(turn.now), questions)
        wrong += free_text_problems(signal_form.QUESTIONS, typed, turn.municipality, "marks")
        read.append(signal)
        problems += [Problem(_prefix(block) + one.field, one.what) for one in wrong]
    return read, problems


def _between(turn: Turn, task: Task, answers: Answers, blocks: int) -> list[Problem]:
    """What the answer about signals and the signals themselves say against each other."""
    typed = any(filled(under(_prefix(block), turn.press.inputs)) for block in range(1, blocks + 1))
    told = _handed_in(turn, task)
    if answers.get("signals") == "some" and not typed and not told:
        return [Problem("signals", wording("report.signal_needed"))]
    if answers.get("signals") == "none" and (typed or told):
        return [Problem("signals", wording("report.signal_there"))]
    return []


def _handed_in(turn: Turn, task: Task) -> bool:
    return task.answered and bool(signals.of_tasks(turn.tx, [task.id])[task.id])


def _store(
    turn: Turn, task: Task, mine: Sequence[Task], answers: Answers, new_signals: Sequence[Answers]
) -> Reply:
    version = reports.save(
        turn.tx, task.id, answers, by_statement=False, author_id=turn.person.id, now=turn.now
    )
    turn.log("write", What.REPORT.of(task.id), detail=f"version {version}")
    told = store_signals(turn, task, new_signals)
    rescore(turn.tx, task.placement.unit_id, turn.now)
    now_answered = [replace(one, version=version) if one.id == task.id else one for one in mine]
    return Reply(
        card=list_again(turn, receipt(turn, task, version, told.values()), now_answered),
        effect=Stored("report", {"task": task.id, "version": version, "signals": told}),
    )


def corrections(turn: Turn) -> Reply:
    """What can still be corrected, narrowed to the case references that hold what was typed after `rätta`."""
    say, wanted = turn.say, turn.said.rest.casefold()
    answered = [
        task
        for task in awaiting.of_person(turn.tx, turn.person, turn.now)
        if task.answered and wanted in task.placement.case_reference.casefold()
    ]
    if not answered:
        return Reply(
            card=Card(say("correct.none"), (Text(say("correct.title"), "title"), Text(say("correct.none"))))
        )
    turn.log(
        "read",
        What.CORRECTIONS.of(),
        seen=What.PLACEMENT.each(task.placement.id for task in answered[:MOST_ROWS]),
    )
    items = at_most(
        MOST_ROWS, [_to_correct(task, turn.person.id, say) for task in answered], say("correct.narrow"), say
    )
    return Reply(card=Card(say("correct.title"), (Text(say("correct.title"), "title"), *items)))


def _to_correct(task: Task, person_id: int, say: Texts) -> Item:
    button = Button(say("correct.open"), "open_form", {"task": task.id, "correct": True})
    return Item(
        name_of(task, person_id), f"{task.placement.unit_name}, {say.write(task.month)}", button=button
    )


OFFERED = (
    Command("corrections", Conversation.REPORT, ("rätta", "ratta", "correct"), corrections),
    Verb("open_form", Conversation.REPORT, open_form),
    Verb("add_signal", Conversation.REPORT, add_signal),
    Verb("drop_signal", Conversation.REPORT, drop_signal),
    Verb("hand_in_report", Conversation.REPORT, hand_in_report),
    Verb("corrections", Conversation.REPORT, corrections),
)
