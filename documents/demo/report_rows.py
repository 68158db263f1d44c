"""A report of the demo municipality as a row of the file, in the words that the import reads."""

from documents.demo.endings import closing_answers
from documents.demo.people import Row
from documents.demo.reports import DemoReport
from documents.imports.cells import ChoiceCell, Choices
from documents.imports.history_columns import CLOSING_COLUMNS, QUESTION_COLUMNS
from followup.month.closing_report import named_in_report
from followup.times.month import Month
from followup.wording.form import Answers

_WORDS = {
    column.name: {code: word for word, code in column.kind.codes.items()}
    for column in (*QUESTION_COLUMNS, *CLOSING_COLUMNS)
    if isinstance(column.kind, (ChoiceCell, Choices))
}


def report_row(told: DemoReport) -> Row:
    report = told.report
    return {
        "Månad": str(told.month),
        "Aktreferens": told.stay.case,
        "Enhetskod": told.stay.unit,
        "Status": "inkommen" if report else "saknas",
        "Inkommen": told.came_on.isoformat() if told.came_on else "",
        "Rapporterad av": told.stay.worker if report else "",
        "Intygad": "ja" if report and report.by_statement else "nej",
        **_answer_cells(report.answers if report else {}),
        **_closing_cells(told),
    }


def _answer_cells(answers: Answers) -> Row:
    given = [(column, answers.get(column.name, "")) for column in QUESTION_COLUMNS]
    return {column.header: _WORDS.get(column.name, {}).get(answer, answer) for column, answer in given}


def _closing_cells(told: DemoReport) -> Row:
    """Beside the last month's report."""
    stay = told.stay
    is_last = told.report is not None and stay.ends is not None and Month.of(stay.ends) == told.month
    answers = named_in_report(closing_answers(stay)) if is_last else {}
    cells = {}
    for column in CLOSING_COLUMNS:
        answer = answers.get(column.name, "")
        codes = answer.split(",") if isinstance(column.kind, Choices) else [answer]
        cells[column.header] = ", ".join(_WORDS.get(column.name, {}).get(code, code) for code in codes)
    return cells
