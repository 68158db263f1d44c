"""A report of the demo municipality as a row of the file, in the words that the import reads."""

from documents.demo.people import Row
from documents.demo.reports import DemoReport
from documents.imports.cells import ChoiceCell
from documents.imports.history_columns import QUESTION_COLUMNS
from followup.wording.form import Answers

_WORDS = {
    column.name: {code: word for word, code in column.kind.codes.items()}
    for column in QUESTION_COLUMNS
    if isinstance(column.kind, ChoiceCell)
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
    }


def _answer_cells(answers: Answers) -> Row:
    given = [(column, answers.get(column.name, "")) for column in QUESTION_COLUMNS]
    return {column.header: _WORDS.get(column.name, {}).get(answer, answer) for column, answer in given}
