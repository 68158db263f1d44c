"""What an entry of the access log is about: a kind of thing, and which one."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

# What was done with it.
Act = Literal["read", "write", "fetch", "refused"]


class What(StrEnum):
    """The kinds; the values are how they are stored, and what is stored keeps its name."""

    PLACEMENT = "placement"
    TASK = "task"  # One placement's report of one month.
    TASKS = "tasks"  # The list of what is left to report, by how many.
    REPORT = "report"  # By the task that it answers.
    CORRECTIONS = "corrections"
    CASES = "cases"  # The case references to choose from for a signal.
    SIGNAL = "signal"
    SIGNALS = "signals"  # The list of them.
    SIGNAL_TEXT = "signal_text"  # What was written in it.
    REPORT_ROW = "report_row"  # By the number that it has in the evidence.
    REPORT_TEXT = "report_text"  # What was written in the report that the row is of.
    ALERT = "alert"
    ALERT_HISTORY = "alert_history"
    ALERT_NOTES = "alert_notes"  # What was written about it.
    ALERTS = "alerts"
    EVIDENCE = "evidence:unit"  # By the unit's key.
    CASE_REFERENCE = "case_reference"  # By the number of the signal or report that it was opened from.
    UNIT = "unit"  # By its number here.
    UNIT_EVENT = "unit_event"  # Registered at the unit, by the unit's number here.
    PROVIDER = "provider"
    STATUS = "status"
    DIGEST = "digest"
    OWN_FAULTS = "own_faults"
    UNANSWERED = "unanswered"
    CLOCKS = "clocks"  # The list of those that run.
    CLOCK = "clock"  # By placement and code.
    HAND_OVER = "hand_over"
    OWNER = "owner"  # Of a placement.
    REMINDER = "reminder"  # To a person.
    SNOOZE = "snooze"
    LEAVE = "leave"
    FOLLOW_UP = "follow_up"
    FOLLOW_UPS = "follow_ups"
    ACTION = "action"
    ACTIONS = "actions"
    BOARD_DECISION = "board_decision"
    DIARY_NUMBER = "diary_number"  # Of a follow-up, by the follow-up's number.
    SELECTION = "selection"  # With the step that was taken.
    SELECTION_BIRTHS = "births:selection"
    REPORT_BIRTHS = "births:report"  # By year.
    RECOMMENDATIONS = "recommendations"  # Of a year's report, by year.
    EDITION = "edition"  # Of the public report, by year.
    RISK_CONFIG = "risk_config"
    BASE_LEVELS = "base_levels"  # By their id.
    KEYS = "keys"
    CLOCK_RIGHT = "clock_right"  # That the machine's own is, by what it said.
    BACKUP = "backup"  # Of the whole database, by when it was taken: read as it is taken, written as it is put back.
    MOVED = "moved"  # The whole database, to where it is now.
    IMPORT = "import"
    CASE_FILE = "case_file"  # All about one child, by the number of its first placement.
    CASE_EXPORT = "case_export"  # The same as it was handed out, by the export's number.
    EXTRACT = "extract"  # All about one employee, by her number here.
    PURGE = "purge"  # By its number.
    LOG_REVIEW = "log_review"  # By quarter.
    LOG_CHECKPOINT = "log_checkpoint"
    LINK = "link"
    MESSAGE = "message"  # One that was sent unasked, by its kind and its number in the ledger.
    ANSWER = "answer"  # One that was kept, given again to the same press; by the button's verb.
    CONVERSATION = "conversation"
    VERB = "verb"  # A button that is none of ours.
    INSTALLATION = "installation"
    TEAM_CHANNEL = "team_channel"  # Which is the quality team's, by its id in Teams.
    STRANGER = "stranger"
    DOOR = "door"  # Who had a good token, and was let in no further.
    OTHER = ""  # As it was written before there were kinds.

    def of(self, *named: object) -> "Subject":
        """The one with the id; several parts are joined."""
        return Subject(self, ":".join(str(one) for one in named))

    def each(self, ids: Iterable[object]) -> "list[Subject]":
        return [Subject(self, str(one)) for one in ids]


@dataclass(frozen=True)
class Subject:
    what: What
    id: str = ""

    @classmethod
    def read(cls, text: str) -> "Subject":
        """From its stored form; what has none of the kinds is kept as it stands."""
        if text in _BY_TEXT:
            return cls(_BY_TEXT[text])
        parts = text.split(":")
        for length in (2, 1):
            named, rest = ":".join(parts[:length]), ":".join(parts[length:])
            if rest and named in _BY_TEXT:
                return cls(_BY_TEXT[named], rest)
        return cls(What.OTHER, text)

    def __str__(self) -> str:
        return f"{self.what}:{self.id}" if self.what and self.id else self.what or self.id


_BY_TEXT = {str(what): what for what in What if what}

# Which row that is about one child, or one alert, a thing is: by its own number, or by one with a letter.
_ROW = {
    **dict.fromkeys((What.PLACEMENT, What.OWNER, What.CLOCK, What.CASE_FILE), What.PLACEMENT),
    **dict.fromkeys((What.TASK, What.REPORT, What.REPORT_TEXT), What.TASK),
    **dict.fromkeys((What.SIGNAL, What.SIGNAL_TEXT), What.SIGNAL),
    **dict.fromkeys((What.ALERT, What.ALERT_NOTES, What.ALERT_HISTORY), What.ALERT),
    What.CASE_EXPORT: What.CASE_EXPORT,
}
_LETTERED = frozenset({What.REPORT_ROW, What.REPORT_TEXT, What.CASE_REFERENCE})
_BY_LETTER = {"R": What.TASK, "B": What.TASK, "U": What.TASK, "P": What.PLACEMENT}


def row_of(subject: Subject) -> tuple[What, int] | None:
    """None of what is about no one child, such as a list."""
    first = subject.id.partition(":")[0]
    letter, _, number = first.rpartition("-")
    if not (number.isascii() and number.isdigit()):
        return None
    if letter and subject.what in _LETTERED:
        return _BY_LETTER.get(letter, What.SIGNAL), int(number)
    return (_ROW[subject.what], int(number)) if subject.what in _ROW and not letter else None
