"""A row of evidence that is no signal: opened, regraded, linked, dismissed or taken up again, each with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from followup import SignalId, TaskId, UnitId
from followup.access.access import DataKind, Reach
from followup.log.subject import What
from followup.month.findings import LETTERS, findings
from followup.month.report import AREAS, Report
from followup.provider import Unit
from followup.risk.inputs import OF_REPORTS, PROVIDER_REPORT, REGISTERED, Item
from followup.signals.signal import read_number
from followup.times.month import Month
from followup.wording.form import Answers
from services.acting import Acting, Refused, Why
from services.risk.evidence import REGISTER_LETTER, inputs_of
from services.risk.scoring import rescore
from storage.engine.locks import hold_unit
from storage.log import openings, references
from storage.month import reports
from storage.register import units
from storage.risk import report_items, scores
from storage.risk.report_items import JudgedItem, JudgedVersion
from storage.signals import signals

RowAct = Literal["regrade", "link", "dismiss", "restore"]
ROW_ACTS: tuple[RowAct, ...] = ("regrade", "link", "dismiss", "restore")
ALONE = "alone"
OWN_REPORT_LETTER = "U"
# By the letter of its number what in a report the row is about.
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "B": ("feels_safe",),
    "R": (*AREAS, "about_care"),
    OWN_REPORT_LETTER: ("provider_report", "provider_report_on", "provider_report_quality"),
}


@dataclass(frozen=True)
class ReportRow:
    """What may be shown of it: no case reference, and of the report only the answers that the row is about."""

    number: str
    unit: Unit
    when: date | Month
    told: tuple[tuple[Report, Answers], ...]
    judged: JudgedItem
    history: Sequence[JudgedVersion]

    @property
    def offered(self) -> tuple[RowAct, ...]:
        return ("restore",) if self.judged.dismissed else ("regrade", "link", "dismiss")


@dataclass(frozen=True)
class RowChange:
    """`same_as` is the number of a signal or a row of the unit, or `alone`; `version` what the person saw."""

    act: RowAct
    version: int
    reason: str
    consequence: int | None = None
    same_as: str = ""


def open_row(acting: Acting, typed: str) -> ReportRow | Refused:
    """The row as it stands, logged; refused where others look on, and where there is no such row."""
    if acting.reach(DataKind.REPORT_ROW) != Reach.ALL:
        return acting.refuse(What.REPORT_ROW.of())
    if acting.channel:
        return Refused(Why.CHANNEL)
    row = _found(acting, typed)
    if row is None:
        return acting.refuse(What.REPORT_ROW.of(), Why.UNKNOWN)
    acting.log("read", What.REPORT_ROW.of(row.number))
    return row


def _found(acting: Acting, typed: str) -> ReportRow | None:
    letter, id_ = read_number(typed) or ("", 0)
    found = references.find(acting.tx, typed) if letter in (*_ABOUT, REGISTER_LETTER) else None
    if found is None:
        return None
    told = _told(acting, letter, TaskId(id_)) if letter in _ABOUT else ()
    if letter in _ABOUT and not told:
        return None
    history = report_items.history(acting.tx, found.number)
    judged = history[-1].judged if history else JudgedItem(found.number)
    return ReportRow(found.number, units.get(acting.tx, found.unit_id), found.when, told, judged, history)


def _told(acting: Acting, letter: str, task_id: TaskId) -> tuple[tuple[Report, Answers], ...]:
    """Every version with what the row is about; nothing where no version was ever such a row."""
    versions = reports.versions(acting.tx, task_id)
    config, _ = scores.method_on(acting.tx, acting.today)
    late_from = int(config.report_late_from)
    rows = {LETTERS[kind] for one in versions for kind in findings(one.answers, one.month, late_from)}
    if letter not in rows:
        return ()
    calm = {area for area in AREAS if all(one.answers.get(area) != "concern" for one in versions)}
    about = [name for name in _ABOUT[letter] if name not in calm]
    return tuple(
        (one, {name: one.answers[name] for name in about if name in one.answers}) for one in versions
    )


def change_row(acting: Acting, typed: str, change: RowChange) -> ReportRow | Refused:
    """A new version with its reason, and the unit scored anew; refused when it is not as it was seen."""
    found = references.find(acting.tx, typed)
    if found is not None:
        # Other rows and signals of the unit may be reports of the same event.
        hold_unit(acting.tx, found.unit_id)
    row = open_row(acting, typed)
    if isinstance(row, Refused):
        return row
    if change.act not in row.offered or change.version != row.judged.version:
        return Refused(Why.CHANGED)
    is_linked = change.act == "link" and change.same_as != ALONE
    if is_linked and not may_link(acting, row, change.same_as):
        return Refused(Why.CHANGED)
    _carry_out(acting, row, change)
    acting.log("write", What.REPORT_ROW.of(row.number))
    rescore(acting.tx, row.unit.id, acting.now)
    again = _found(acting, row.number)
    assert again is not None
    return again


def _carry_out(acting: Acting, row: ReportRow, change: RowChange) -> None:
    changes: Mapping[RowAct, dict[str, object]] = {
        "regrade": {"consequence": change.consequence},
        "dismiss": {"dismissed": True},
        "restore": {"dismissed": False},
    }
    decided = changes.get(change.act) or {"event": _event_with(acting, row, change)}
    _decide(acting, row.number, row.unit.id, decided, change.reason)
    if change.act == "link" and change.same_as != ALONE and row.judged.event is not None:
        _bring_along(acting, row, decided["event"], change.reason)


def _bring_along(acting: Acting, row: ReportRow, event: object, reason: str) -> None:
    """Every report of the event that it was one of becomes a report of the other, as with signals."""
    left, known = row.judged.event, signals.ALL_KNOWN
    for signal in signals.of_unit(acting.tx, row.unit.id, known):
        if signal.event == left:
            who, now = acting.person.id, acting.now
            signals.revise(acting.tx, signal.id, {"event": event}, reason=reason, author_id=who, now=now)
            acting.log("write", What.SIGNAL.of(signal.id))
    for one in report_items.of_unit(acting.tx, row.unit.id, known).values():
        if one.event == left:
            _decide(acting, one.item, row.unit.id, {"event": event}, reason)
            acting.log("write", What.REPORT_ROW.of(one.item))


def _decide(acting: Acting, number: str, unit_id: UnitId, decided: Mapping[str, object], reason: str) -> None:
    who, now = acting.person.id, acting.now
    report_items.decide(acting.tx, number, unit_id, decided, reason=reason, author_id=who, now=now)


def _event_with(acting: Acting, row: ReportRow, change: RowChange) -> str | None:
    """The event of what it is the same as, which becomes one if it was none."""
    if change.same_as == ALONE:
        return None
    letter, number = read_number(change.same_as) or ("", 0)
    if letter in (*_ABOUT, REGISTER_LETTER):
        return _event_of_row(acting, row.unit.id, f"{letter}-{number}", change)
    return _event_of_signal(acting, SignalId(number), change)


def _event_of_row(acting: Acting, unit_id: UnitId, number: str, change: RowChange) -> str:
    event = report_items.newest(acting.tx, number).event
    if event is None:
        event = f"row:{number}"
        _decide(acting, number, unit_id, {"event": event}, change.reason)
        acting.log("write", What.REPORT_ROW.of(number))
    return event


def _event_of_signal(acting: Acting, signal_id: SignalId, change: RowChange) -> str:
    signal = signals.get(acting.tx, signal_id)
    if signal.event is None:
        signals.revise(
            acting.tx,
            signal.id,
            {"event": f"signal:{signal.id}"},
            reason=change.reason,
            author_id=acting.person.id,
            now=acting.now,
        )
        acting.log("write", What.SIGNAL.of(signal.id))
    return signal.event or f"signal:{signal.id}"


def may_link(acting: Acting, row: ReportRow, number: str) -> bool:
    """Whether it is one of the unit's that the row may be linked to, as `linkable`, for which all evidence is read."""
    found = references.find(acting.tx, number)
    if found is None or found.number != number or number == row.number or found.unit_id != row.unit.id:
        return False
    letter, id_ = read_number(number) or ("", 0)
    if letter not in (*_ABOUT, REGISTER_LETTER):
        return _is_another(row, signals.get(acting.tx, SignalId(id_)).event)
    is_alike = (letter == OWN_REPORT_LETTER) == row.number.startswith(OWN_REPORT_LETTER)
    is_row = row.unit.segment is not None and _found(acting, number) is not None
    return is_alike and is_row and _is_another(row, report_items.newest(acting.tx, number).event)


def _is_another(row: ReportRow, event: str | None) -> bool:
    return row.judged.event is None or event != row.judged.event


def linkable(acting: Acting, row: ReportRow) -> list[str]:
    """The numbers of the unit's signals and other rows that it is not linked to already, nearest in time first."""
    near = row.when.last if isinstance(row.when, Month) else row.when
    told = signals.of_unit(acting.tx, row.unit.id, signals.ALL_KNOWN)
    found = [(one.number, one.event_on, one.event) for one in told]
    found += [(one.id, one.day, one.event) for one in _rows_beside(acting, row)]
    others = [
        (number, day) for number, day, event in found if number != row.number and _is_another(row, event)
    ]
    return [number for number, _ in sorted(others, key=lambda one: abs((one[1] - near).days))]


def _rows_beside(acting: Acting, row: ReportRow) -> list[Item]:
    """The unit's rows of the same sort: the provider's own reports are about no event of a child's."""
    if row.unit.segment is None:
        return []
    is_own_report = row.number.startswith(OWN_REPORT_LETTER)
    return [
        one
        for one in inputs_of(acting.tx, row.unit, acting.today, acting.now).items
        if one.kind in (*OF_REPORTS, REGISTERED) and (one.kind in PROVIDER_REPORT) == is_own_report
    ]


def free_text(acting: Acting, row: ReportRow, reason: str | None) -> str:
    """What was written in the newest version of the report; a reason is logged, and opens it until midnight."""
    subject = What.REPORT_TEXT.of(row.number)
    if reason is not None:
        openings.open_until_midnight(acting.tx, subject, acting.person.id, acting.today)
    acting.log("read", subject, reason=reason)
    return row.told[-1][0].answers.get("free_text", "") if row.told else ""
