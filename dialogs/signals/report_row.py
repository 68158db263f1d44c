"""A row of evidence that is no signal, at the quality team's desk: shown, regraded, linked, dismissed, and its text."""

from collections.abc import Callable, Mapping, Sequence

from dialogs.alerts.desk_form import form_card
from dialogs.alerts.evidence_card import iso_days
from dialogs.alerts.reading_reason import given_reason, reason_card
from dialogs.card import Button, Card, Choice, Facts, Field, Part, Text
from dialogs.forms.form_fields import by_field
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Stored, Turn, read_beside
from followup.access.access import DataKind
from followup.log.subject import What
from followup.month.report import QUESTIONS
from followup.people import Conversation
from followup.risk.explanation import explain
from followup.times.calendar import municipal_day
from followup.wording.form import Answers, Question, asked, read, refused_free_text
from followup.wording.wording import Problem, wording
from services.acting import Refused
from services.opened_texts import OpenedTexts, opened_texts_of
from services.risk.report_rows import (
    ROW_ACTS,
    ReportRow,
    RowAct,
    RowChange,
    change_row,
    free_text,
    linkable,
    may_link,
    open_row,
)
from services.risk.scoring import read_as_of
from services.signals.judging import ALONE, GRADE, MOST_CHOICES, WHY
from services.views.people import roles_of

VERSIONS_SHOWN = 8


def show(turn: Turn) -> Reply:
    return _shown(turn, _number(turn), lambda _: "")


def _shown(turn: Turn, number: str, done: Callable[[ReportRow], str], effect: Stored | None = None) -> Reply:
    """Read beside whoever writes, since all the evidence of its unit is what says how much it weighs."""

    def read_row(later: Turn) -> Reply:
        row = open_row(later.acting, number)
        if isinstance(row, Refused):
            return _refused(later, row)
        return Reply(card=_card(later, row, done(row)))

    return read_beside(turn, read_row, effect)


def _number(turn: Turn) -> str:
    carried = turn.press.data.get("item")
    return carried if isinstance(carried, str) else ""


def _refused(turn: Turn, refused: Refused) -> Reply:
    return Reply(notice=turn.say(f"report_row.refused.{refused.why}"))


def _card(turn: Turn, row: ReportRow, done: str = "") -> Card:
    """The month, the questions with their answers, every version and the grade: nothing that names a child."""
    say, opening = turn.say, opened_texts_of(turn.acting, What.REPORT_TEXT.of(row.number))
    hidden = sum(bool(one.reason) and not opening.shows(one.author_id) for one in row.history)
    _log_reasons(turn, row, opening)
    parts: list[Part] = [
        Text(say("report_row.title", number=row.number, unit=row.unit.name), "title"),
        *([Text(done, "good")] if done else []),
        Facts(_facts(turn, row)),
        *_weight(turn, row),
        Text(say("signals.versions"), "heading"),
        *_versions(turn, row, opening),
        *([Text(say("report_row.reasons_hidden", n=hidden), "subtle")] if hidden else []),
    ]
    data = {"item": row.number, **_alert(turn)}
    acts = [Button(say(f"signals.{act}"), "report_row_form", {**data, "act": act}) for act in row.offered]
    text = [Button(say("reading.read"), "report_text_form", data)] if row.told or hidden else []
    return Card(say("report_row.summary"), tuple(parts), (*acts, *text, *_back(turn)))


def _log_reasons(turn: Turn, row: ReportRow, opening: OpenedTexts) -> None:
    """Each time that one is shown; why it was read stands with the opening."""
    if any(one.reason and opening.shows(one.author_id) for one in row.history):
        turn.log("read", What.REPORT_TEXT.of(row.number))


def _alert(turn: Turn) -> dict[str, int]:
    alert = turn.press.number("alert")
    return {} if alert is None else {"alert": alert}


def _back(turn: Turn) -> list[Button]:
    alert = _alert(turn)
    return [Button(turn.say("alert.evidence"), "alert_evidence", alert)] if alert else []


def _facts(turn: Turn, row: ReportRow) -> tuple[tuple[str, str], ...]:
    say, judged = turn.say, row.judged
    graded = say(f"risk.consequence.{judged.consequence}") if judged.consequence else say("alert.ungraded")
    state = say("signals.state.dismissed" if judged.dismissed else "signals.state.open")
    return (
        (say("signals.provider"), row.unit.provider_name),
        (say("reference.when"), say.write(row.when)),
        *(_answered(turn, row.told[-1][1]) if row.told else ()),
        (say("signals.consequence"), graded.capitalize()),
        (say("signals.state"), state),
    )


def _answered(turn: Turn, answers: Answers) -> list[tuple[str, str]]:
    """Each question by its label, with the choice's own words."""
    return [
        (turn.say(f"report.{one.id}"), _words(turn, one, answers[one.id]))
        for one in QUESTIONS
        if one.id in answers
    ]


def _words(turn: Turn, question: Question, answer: str) -> str:
    return turn.say(f"choice.{question.choice_set}.{answer}") if question.kind == "choice" else answer


def _weight(turn: Turn, row: ReportRow) -> list[Part]:
    """The row's own sentence in its unit's score today."""
    if row.unit.segment is None:
        return []
    reading = read_as_of(turn.tx, row.unit, municipal_day(turn.now), turn.now)
    rows = explain(reading.score, reading.inputs, reading.judgement).rows
    return [Text(turn.say.say(iso_days(one.wording))) for one in rows if row.number in one.evidence]


def _versions(turn: Turn, row: ReportRow, opening: OpenedTexts) -> list[Part]:
    """What was decided, newest first, why as far as that is open, and the report's versions before that."""
    say, roles = turn.say, roles_of(turn.acting, {one.author_id for one in row.history})
    decided = [
        say(
            "report_row.decided",
            who=say(f"role.{roles[one.author_id]}"),
            at=one.recorded_at,
            what=_outcome(turn, one.judged.consequence, linked=one.judged.event is not None)
            if not one.judged.dismissed
            else say("signals.state.dismissed"),
        )
        + (
            f" {say('signals.because', reason=one.reason)}"
            if one.reason and opening.shows(one.author_id)
            else ""
        )
        for one in reversed(row.history)
    ]
    told = [
        say("report_row.version", version=report.version, at=report.known_at, what=_told(turn, answers))
        for report, answers in reversed(row.told)
    ]
    return [Text(line) for line in (*decided, *told)[:VERSIONS_SHOWN]]


def _outcome(turn: Turn, consequence: int | None, *, linked: bool) -> str:
    graded = turn.say(f"risk.consequence.{consequence}") if consequence else turn.say("alert.ungraded")
    return f"{graded}, {turn.say('report_row.linked')}" if linked else graded


def _told(turn: Turn, answers: Answers) -> str:
    return ", ".join(f"{label} {word}" for label, word in _answered(turn, answers)) or turn.say(
        "report_row.nothing"
    )


def change_form(turn: Turn) -> Reply:
    row = open_row(turn.acting, _number(turn))
    if isinstance(row, Refused):
        return _refused(turn, row)
    act = turn.press.word("act", row.offered)
    return show(turn) if act is None else _to_fill_in(turn, row, act, {}, [])


def _to_fill_in(
    turn: Turn, row: ReportRow, act: RowAct, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Reply:
    """What it may be linked to is chosen among all the evidence of its unit."""

    def drawn(later: Turn) -> Reply:
        return Reply(card=_form(later, row, act, typed, problems))

    return read_beside(turn, drawn, is_form=True) if act == "link" else drawn(turn)


def _form(
    turn: Turn, row: ReportRow, act: RowAct, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Card:
    say = turn.say
    data = {"item": row.number, "act": act, "version": row.judged.version, **_alert(turn)}
    return form_card(
        turn,
        say(f"report_row.{act}.title", number=row.number, unit=row.unit.name),
        [say(f"report_row.{act}.means")],
        _asked(turn, [GRADE] if act == "regrade" else []),
        typed,
        problems,
        (
            Button(say(f"report_row.{act}.send"), "change_report_row", data, takes_inputs=True),
            Button(say("report_row.back"), "show_report_row", {"item": row.number, **_alert(turn)}),
        ),
        chosen=[_same_as(turn, row, typed, problems)] if act == "link" else [],
    )


def _same_as(turn: Turn, row: ReportRow, typed: Mapping[str, str], problems: Sequence[Problem]) -> Field:
    say, wrong = turn.say, by_field(problems, turn.say).get("same_as", "")
    return Field(
        "same_as",
        "choice",
        say("report_row.same_as"),
        typed.get("same_as", ""),
        tuple(Choice(one, say("signals.alone") if one == ALONE else one) for one in _choices(turn, row)),
        required=True,
        problem=wrong,
        compact=True,
    )


def _choices(turn: Turn, row: ReportRow) -> list[str]:
    alone = [ALONE] if row.judged.event is not None else []
    return [*linkable(turn.acting, row)[:MOST_CHOICES], *alone]


def change(turn: Turn) -> Reply:
    """All that is wrong at once, or a new version of what is decided about the row."""
    row = open_row(turn.acting, _number(turn))
    if isinstance(row, Refused):
        return _refused(turn, row)
    act = turn.press.word("act", ROW_ACTS)
    if act is None or act not in row.offered:
        return Reply(notice=turn.say("report_row.refused.changed"))
    answers, problems = _read(turn, row, act)
    if problems:
        return _to_fill_in(turn, row, act, turn.press.inputs, problems)
    done = change_row(turn.acting, row.number, _wanted(turn, act, answers))
    if isinstance(done, Refused):
        return _refused(turn, done)
    stored = Stored("report_row", {"item": row.number, "version": done.judged.version})
    return _shown(turn, done.number, lambda _: turn.say("signals.saved"), stored)


def _read(turn: Turn, row: ReportRow, act: RowAct) -> tuple[Answers, list[Problem]]:
    choices = _chosen(turn, row)
    asked_by = {"regrade": (GRADE,), "link": (Question("same_as", "choice", "desk", choices=choices),)}
    of_act = asked_by.get(act, ())
    typed = turn.press.inputs
    answers, problems = read(_asked(turn, of_act), typed, municipal_day(turn.now))
    problems += refused_free_text([WHY], typed, "why", turn.municipality.text_refused)
    if turn.press.number("version") != row.judged.version:
        problems.append(Problem("why", wording("report_row.changed_meanwhile", number=row.number)))
    return answers, problems


def _chosen(turn: Turn, row: ReportRow) -> tuple[str, ...]:
    """What is named, where the row may be linked to it."""
    named = turn.press.inputs.get("same_as", "")
    is_there = row.judged.event is not None if named == ALONE else may_link(turn.acting, row, named)
    return (named,) if is_there else ()


def _asked(turn: Turn, of_act: Sequence[Question]) -> tuple[Question, ...]:
    """With the reason, where free text about children is kept here at all."""
    return asked([*of_act, WHY], free_text=turn.municipality.free_text)


def _wanted(turn: Turn, act: RowAct, answers: Answers) -> RowChange:
    return RowChange(
        act,
        turn.press.number("version") or 0,
        answers.get("why", ""),
        int(answers["consequence"]) if "consequence" in answers else None,
        answers.get("same_as", ""),
    )


def told_again(turn: Turn, item: str, version: int) -> Reply:
    """The row as it stands now."""

    def done(row: ReportRow) -> str:
        saved = turn.say("receipt.saved")
        return f"{saved} {turn.say('receipt.changed')}" if row.judged.version > version else saved

    return _shown(turn, item, done)


def text_form(turn: Turn) -> Reply:
    """What was written in the report is read with a reason, as a signal's text is."""
    row = open_row(turn.acting, _number(turn))
    if isinstance(row, Refused):
        return _refused(turn, row)
    if opened_texts_of(turn.acting, What.REPORT_TEXT.of(row.number)).whole and turn.acting.opens(
        DataKind.REPORT_TEXT
    ):
        return Reply(card=_text(turn, row, None))
    return Reply(card=_reason(turn, row, {}, []))


def _reason(turn: Turn, row: ReportRow, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    data = {"item": row.number, **_alert(turn)}
    send = Button(turn.say("reading.send"), "report_text", data, takes_inputs=True)
    back = Button(turn.say("report_row.back"), "show_report_row", data)
    title = turn.say("report_row.text_title", number=row.number)
    return reason_card(turn, title, typed, problems, (send, back))


def read_text(turn: Turn) -> Reply:
    row = open_row(turn.acting, _number(turn))
    if isinstance(row, Refused) or not turn.acting.opens(DataKind.REPORT_TEXT):
        return _refused(turn, row) if isinstance(row, Refused) else Reply(notice=turn.say("refused.role"))
    reason, problems = given_reason(turn)
    if problems:
        return Reply(card=_reason(turn, row, turn.press.inputs, problems))
    return Reply(card=_text(turn, row, reason))


def _text(turn: Turn, row: ReportRow, reason: str | None) -> Card:
    """None for one who has given her reason earlier in the day."""
    parts: tuple[Part, ...] = (
        Text(turn.say("report_row.text_title", number=row.number), "title"),
        Text(free_text(turn.acting, row, reason) or turn.say("reading.nothing")),
        Text(turn.say("report_row.text_logged"), "subtle"),
    )
    back = Button(turn.say("report_row.back"), "show_report_row", {"item": row.number, **_alert(turn)})
    return Card(turn.say("report_row.summary"), parts, (back,))


OFFERED = (
    Verb("show_report_row", Conversation.SIGNAL_DESK, show),
    Verb("report_row_form", Conversation.SIGNAL_DESK, change_form),
    Verb("change_report_row", Conversation.SIGNAL_DESK, change),
    Verb("report_text_form", Conversation.SIGNAL_DESK, text_form),
    Verb("report_text", Conversation.SIGNAL_DESK, read_text),
)
