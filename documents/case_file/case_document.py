"""One child's data in words: placements, every version of each report and signal, clocks, and what is new."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from documents.case_file.pdf import Document, Entry, Section
from followup import PersonId, TaskId, UnitId
from followup.clocks.rows import CLOCKS, CLOSING
from followup.month.closing_report import QUESTIONS as CLOSING_QUESTIONS
from followup.month.report import QUESTIONS
from followup.signals.progress import state_in_words
from followup.signals.signal import NUMBER_LETTER
from followup.signals.signal import QUESTIONS as SIGNAL_QUESTIONS
from followup.terms import LEFT_REGISTER
from followup.times.month import Month
from followup.wording.form import Question
from services.clocks.recording import CHECKLISTS
from services.retention.case_file import CaseFile, key_of
from texts.catalogue import Texts, capital

Row = Mapping[str, Any]
Pairs = list[tuple[str, str]]
# What the register says of a placement, in the order that it is read; what it says nothing of is left out.
REGISTERED = (
    *("starts", "ends", "end_reason", "legal_ground", "executed_on", "born", "alias", "greater_needs_since"),
    *(
        "contract_form",
        "deviation_documented",
        "deviation_reason",
        "call_off_contract",
        "individual_contract",
    ),
    *("care_plan", "care_plan_on", "care_plan_review_on"),
    *("treatment_plan", "treatment_plan_on", "treatment_plan_review_on"),
    *(
        "investigation_ended",
        "special_reasons_on",
        "home",
        "last_review_on",
        "last_review_body",
        "after_care",
    ),
)
PAPERS = ("on_file", "missing", "not_applicable", "yes", "no")
_OF_REGISTER = {"end_reason": "end_reason", "legal_ground": "legal_ground"}
_PAPER_COLUMNS = frozenset(
    {
        *("deviation_documented", "call_off_contract", "individual_contract"),
        *("care_plan", "treatment_plan", "after_care"),
    }
)


def questions_by_id(say: Texts) -> list[tuple[str, str]]:
    """Every question that is handed out with its answer, by the id that a municipality's own name stands at."""
    forms = {"report": QUESTIONS, "closing": CLOSING_QUESTIONS, "signal": SIGNAL_QUESTIONS}
    return [(f"{form}.{one.id}", say(f"{form}.{one.id}")) for form, some in forms.items() for one in some]


def case_document(
    found: CaseFile, municipality: str, say: Texts, own_names: Mapping[str, str] | None = None
) -> Document:
    """`own_names` are what the personal file's system calls the questions, by their ids."""
    writer = CaseWriter(found, say, own_names or {})
    return Document(
        title=say("case_file.title"),
        header=municipality,
        secrecy=say("case_file.secrecy"),
        lines=tuple(writer.head()),
        sections=tuple(writer.sections()),
        language=say.language,
    )


class CaseWriter:
    """The words of one child's rows."""

    def __init__(self, found: CaseFile, say: Texts, own_names: Mapping[str, str]) -> None:
        self._found, self._say, self._names, self._own_names = found, say, found.names, own_names

    def head(self) -> Iterator[str]:
        say, found = self._say, self._found
        yield say("case_file.case", case=found.reference)
        yield say("case_file.made", at=found.made_at, name=found.by.name, why=found.reason)
        if found.before is None:
            yield say("case_file.first", n=len(found.new))
        else:
            yield say("case_file.since", at=found.before.at, n=len(found.new), of=len(found.contents))
        yield say("case_file.proof", n=found.proof.entries, line=found.proof.line())

    def sections(self) -> Iterator[Section]:
        made: tuple[tuple[str, Callable[[], Iterable[Entry]]], ...] = (
            ("case_file.placements", self._placements),
            ("case_file.reports", self._reports),
            ("case_file.signals", self._signals),
            ("case_file.clocks", self._clocks),
            ("case_file.judged", self._judged),
        )
        for heading, entries in made:
            listed = tuple(entries())
            note = "" if listed else self._say("case_file.none")
            yield Section(self._say(heading), note, entries=listed)

    def _rows(self, table: str) -> Iterable[Row]:
        return self._found.tables.get(table, ())

    def _entry(self, table: str, row: Row, title: str, pairs: Pairs) -> Entry:
        is_new = self._found.before is not None and key_of(table, row) in self._found.new
        return Entry(self._say("case_file.new", title=title) if is_new else title, pairs)

    def _placements(self) -> Iterator[Entry]:
        for row in self._rows("placement"):
            pairs = [
                (self._say(f"case_file.placement.{name}"), self._registered(name, row[name]))
                for name in REGISTERED
                if row[name] is not None
            ]
            owners = [one for one in self._rows("ownership") if one["placement_id"] == row["id"]]
            pairs += [(self._say("case_file.owner"), self._owner(one)) for one in owners]
            yield self._entry("placement", row, self._unit(row["unit_id"]), pairs)

    def _owner(self, row: Row) -> str:
        owner, since = self._person(row["owner_id"]), date.fromisoformat(row["since"])
        if row["substitute_id"] is None:
            return self._say("case_file.owner_since", name=owner, day=since)
        return self._say(
            "case_file.owner_with", name=owner, day=since, other=self._person(row["substitute_id"])
        )

    def _registered(self, name: str, value: Any) -> str:
        if value == LEFT_REGISTER:
            return self._say("case_file.left_register")
        if name in _OF_REGISTER:
            return self._names.words.get((_OF_REGISTER[name], value), value)
        if name in _PAPER_COLUMNS and value in PAPERS:
            return self._say(f"case_file.paper.{value}")
        if name == "contract_form" and self._say.has(f"year.contract.{value}"):
            return self._say(f"year.contract.{value}")
        return self._day(value)

    def _reports(self) -> Iterator[Entry]:
        by_month = sorted(
            self._rows("report"),
            key=lambda row: (self._month(row["task_id"]), row["task_id"], row["version"]),
        )
        for row in by_month:
            month = self._say.write(self._month(row["task_id"]))
            title = self._version(capital(month), row)
            answers = {**row["answers"], "free_text": row["free_text"] or ""}
            pairs = self._answered("report", QUESTIONS, answers)
            if row["by_statement"]:
                pairs.insert(0, (self._say("case_file.how"), self._say("case_file.by_statement")))
            yield self._entry("report", row, title, pairs)
        for row in self._rows("closing_report"):
            texts = json.loads(row["texts"]) if row["texts"] else {}
            pairs = [(self._say("case_file.ended_on"), self._day(row["ended_on"]))]
            pairs += self._answered("closing", CLOSING_QUESTIONS, {**row["answers"], **texts})
            title = self._version(capital(self._clock(CLOSING)), row)
            yield self._entry("closing_report", row, title, pairs)

    def _signals(self) -> Iterator[Entry]:
        for row in self._rows("signal_version"):
            number = f"{NUMBER_LETTER.get(row['kind'], '')}-{row['signal_id']}"
            answers = {name: str(row[name]) for name in _SIGNAL_COLUMNS if row[name] is not None}
            answers["tone"] = "praise" if row["praise"] else ""
            pairs = self._answered("signal", SIGNAL_QUESTIONS, answers)
            if row["dismissed"]:
                pairs.append((self._say("case_file.state"), self._say("case_file.dismissed")))
            if row["reason"]:
                pairs.append((self._say("case_file.why"), row["reason"]))
            yield self._entry("signal_version", row, self._version(number, row), pairs)

        for row in self._rows("signal_step"):
            title = self._say("case_file.step", number=row["signal_id"], at=_moment(row["at"]))
            pairs = [
                (self._say("case_file.state"), self._say.say(state_in_words(row["state"], row["receiver"])))
            ]
            if row["reason"]:
                pairs.append((self._say("case_file.why"), row["reason"]))
            yield self._entry("signal_step", row, title, pairs)

    def _clocks(self) -> Iterator[Entry]:
        for row in self._rows("clock_done"):
            pairs = [(self._say("case_file.done_on"), self._day(row["done_on"]))]
            if row["body"]:
                pairs.append((self._say("case_file.body"), row["body"]))
            if row["withdrawn"]:
                pairs.append((self._say("case_file.state"), self._say("case_file.withdrawn")))
            title = self._version(capital(self._clock(row["clock"])), row)
            yield self._entry("clock_done", row, title, pairs)
        for row in self._rows("plan_check"):
            form, plan = f"plan_check.{row['plan']}", self._say(f"report.{row['plan']}")
            pairs = [(self._say("case_file.plan_on"), self._day(row["plan_on"]))]
            pairs += self._answered(form, CHECKLISTS[row["plan"]], row["answers"])
            yield self._entry("plan_check", row, self._version(plan, row), pairs)

    def _judged(self) -> Iterator[Entry]:
        """What was decided about the child's evidence: rows of reports, and alerts that it gave rise to."""
        say = self._say
        for row in self._rows("report_item"):
            pairs = [(say("case_file.why"), row["reason"])]
            if row["dismissed"]:
                pairs.append((say("case_file.state"), say("case_file.dismissed")))
            if row["consequence"] is not None:
                graded = say(f"choice.consequence.{row['consequence']}")
                pairs.append((say("signal.consequence"), graded))
            yield self._entry("report_item", row, self._version(row["item"], row), pairs)
        for row in self._rows("alert_note"):
            title = say("case_file.note", number=row["alert_id"], at=_moment(row["at"]))
            said = [(say("case_file.said"), row["text"] or say("case_file.handed_over"))]
            yield self._entry("alert_note", row, title, said)
        for row in self._rows("alert_decision"):
            title = say(
                "case_file.decision", number=row["alert_id"], day=date.fromisoformat(row["decided_on"])
            )
            decided = say(f"choice.notified.{'yes' if row['notified'] else 'no'}")
            pairs = [(say("case_file.ivo"), decided), (say("case_file.why"), row["reason"])]
            yield self._entry("alert_decision", row, title, pairs)
        for row in self._rows("alert"):
            if row["close_reason"]:
                title = say("case_file.closed", number=row["id"])
                yield self._entry("alert", row, title, [(say("case_file.why"), row["close_reason"])])

    def _answered(self, form: str, questions: Iterable[Question], answers: Mapping[str, str]) -> Pairs:
        return [
            (self._asked(f"{form}.{one.id}"), self._answer(one, answers[one.id]))
            for one in questions
            if answers.get(one.id)
        ]

    def _asked(self, id_: str) -> str:
        own = self._own_names.get(id_)
        return f"{self._say(id_)} ({own})" if own else self._say(id_)

    def _answer(self, question: Question, answer: str) -> str:
        codes = answer.split(",") if question.kind == "choices" else [answer]
        if question.choice_set:
            ids = {code: f"choice.{question.choice_set}.{code}" for code in codes}
            return ", ".join(self._say(id_) if self._say.has(id_) else code for code, id_ in ids.items())
        return self._day(answer) if question.kind == "date" else answer

    def _version(self, what: str, row: Row) -> str:
        values = {"what": what, "version": row["version"], "at": _moment(row["recorded_at"])}
        if row["author_id"] is None:
            return self._say("case_file.version_of_file", **values)
        return self._say("case_file.version", name=self._person(row["author_id"]), **values)

    def _clock(self, code: str) -> str:
        own = self._names.clocks.get(code)
        return self._say(f"clock.{code}") if own is None and code in CLOCKS else own or code

    def _unit(self, unit_id: UnitId) -> str:
        name, form = self._names.units[unit_id]
        return f"{name}, {self._names.words.get(('form', form), form)}"

    def _person(self, person_id: PersonId) -> str:
        return self._names.people[person_id]

    def _month(self, task_id: TaskId) -> Month:
        return Month.parse(self._names.months[task_id])

    def _day(self, value: str) -> str:
        try:
            return self._say.write(date.fromisoformat(value))
        except ValueError:
            return value


_SIGNAL_COLUMNS = tuple(one.id for one in SIGNAL_QUESTIONS if one.id != "tone")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
