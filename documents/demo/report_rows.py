"""A report of the demo municipality as a row of the file, in the words that the import reads."""

from documents.demo.people import Row
from documents.demo.reports import Told
from documents.imports.cells import Choice
from documents.imports.history_columns import QUESTION_HEADERS, REPORTS
from followup.form import Answers

_WORDS = {
    column.name: {code: word for word, code in column.kind.codes.items()}
    for column in REPORTS.columns
    if isinstance(column.kind, Choice) and column.name in QUESTION_HEADERS
}


def report_row(told: Told) -> Row:
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
    cells = {question: answers.get(question, "") for question in QUESTION_HEADERS}
    return {
        header: _WORDS.get(question, {}).get(cells[question], cells[question])
        for question, header in QUESTION_HEADERS.items()
    }
