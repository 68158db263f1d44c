"""What of a monthly report is evidence about the unit, by kind (risk-and-selection.md, Items and points)."""

from collections.abc import Iterator, Mapping
from typing import Literal

from followup.month.report import AREAS
from followup.times.month import Month
from followup.wording.form import read_day

ReportFinding = Literal[
    "unsafe", "concern", "provider_report_missing", "provider_report_late", "provider_report_poor"
]
# By kind the letter of the item's number: the worker's report gives at most one of each letter.
LETTERS: Mapping[ReportFinding, str] = {
    "unsafe": "B",
    "concern": "R",
    "provider_report_missing": "U",
    "provider_report_late": "U",
    "provider_report_poor": "U",
}
NOT_THE_CARE = frozenset({"no", "unknown"})


def findings(answers: Mapping[str, str], month: Month, late_from: int) -> Iterator[ReportFinding]:
    """Kinds of items; the provider's report comes late from so many days after the month's last."""
    if answers.get("feels_safe") == "no":
        yield "unsafe"
    if _has_concern(answers):
        yield "concern"
    if answers.get("provider_report") == "not_arrived":
        yield "provider_report_missing"
    elif _days_after(answers, month) >= late_from:
        yield "provider_report_late"
    elif answers.get("provider_report_quality") == "poor":
        yield "provider_report_poor"


def about_care(answers: Mapping[str, str]) -> bool:
    """A concern is about the care unless the worker says otherwise; before the question was asked nobody could."""
    return answers.get("about_care", "yes") not in NOT_THE_CARE


def tells(answers: Mapping[str, str]) -> bool:
    """Whether anything in the report is evidence, whenever the provider's report came."""
    return (
        answers.get("feels_safe") == "no"
        or _has_concern(answers)
        or answers.get("provider_report") == "not_arrived"
        or answers.get("provider_report_quality") == "poor"
    )


def provider_report_in(answers: Mapping[str, str]) -> Month | None:
    """The month in which the provider's report came; None where that is not said."""
    day = read_day(answers.get("provider_report_on", ""))
    return Month.of(day) if day else None


def _has_concern(answers: Mapping[str, str]) -> bool:
    return "concern" in map(answers.get, AREAS)


def _days_after(answers: Mapping[str, str], month: Month) -> int:
    day = read_day(answers.get("provider_report_on", ""))
    return (day - month.last).days if day else 0
