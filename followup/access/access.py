"""Who may see what: one table, to be read against law-and-facts F10 and F11 (26:1 OSL, 10 § SoLPuL).

What each role may start is the other half, `ALLOWED` in followup.people. Both are enforced from `ACCESS`, which
every turn and the sender carry: at the edge by `may`, in what is looked up by `reach`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from followup.people import ALLOWED, Conversation, Person, Role


class DataKind(StrEnum):
    """The kinds of data that the bot can show."""

    UNIT = "unit"  # A unit's name, band, index, reasons without any child, last follow-up.
    ALERT = "alert"  # That a unit needs a look: number, band before and after, who has taken it.
    CASE_REFERENCE = "case_reference"  # The child's only name here.
    ALIAS = "alias"  # The owner's own word for the child.
    ANSWERS = "answers"  # What was answered in a monthly report, but for its free text.
    REPORT_TEXT = "report_text"  # What was written in a monthly report.
    EVIDENCE = "evidence"  # Signals and reports by pseudonymous number.
    REPORT_ROW = (
        "report_row"  # What of a report is evidence: the month, the question, the answer, its versions.
    )
    EVENT_DAY = "event_day"  # The day of an event.
    SIGNAL_TEXT = "signal_text"  # What was written in a signal.
    NOTES = "notes"  # What was written about an alert or a signal: notes, messages, reasons of decisions and changes.
    VERDICT = "verdict"  # The last one of a unit, and how many of its follow-ups are open.
    OUTCOME = "outcome"  # How placements at a unit ended, in words of at least three children.
    FOLLOW_UP = (
        "follow_up"  # A follow-up's step and verdict, and its actions: what, by when, and how they stand.
    )
    FOLLOW_UP_TEXTS = "follow_up_texts"  # How and when the unit is followed up, and what was written.
    RESPONSES = "responses"  # How many reports are in.
    MISSING = "missing"  # Who has reports left, and how many.
    CLOCK = "clock"  # When what the law calls for is to be done at latest, and that it was.
    RETENTION = "retention"  # How much is to be deleted, by which plan, and who has decided; no child.
    COLLEAGUES = "colleagues"  # Workers' names.
    REGISTER = "register"  # The register's files, the configuration, the keys.
    ACCESS_LOG = "access_log"  # Who has seen what, and why.


class Reach(StrEnum):
    """How far a role sees a kind of data."""

    NOTHING = "nothing"
    OWN = "own"  # Of placements that the person owns or is substitute for now; what she raised herself.
    OWNED = "owned"  # Of placements that the person owns, not of those she is substitute for.
    OWN_PEOPLE = "own_people"  # Of the people whose manager the person is, and of what nobody answers for.
    AFTER_VERDICT = "after_verdict"  # Of a follow-up that has its verdict.
    WITH_REASON = "with_reason"  # One item at a time, after a reason that is logged.
    ALL = "all"


# One column a role; what a column does not name, the role sees nothing of.
_COLUMNS: Mapping[Role, Mapping[DataKind, Reach]] = {
    Role.WORKER: {
        DataKind.UNIT: Reach.ALL,
        DataKind.CASE_REFERENCE: Reach.OWN,
        DataKind.ALIAS: Reach.OWNED,
        DataKind.ANSWERS: Reach.OWN,
        DataKind.REPORT_TEXT: Reach.OWN,
        DataKind.EVIDENCE: Reach.OWN,
        DataKind.EVENT_DAY: Reach.OWN,
        DataKind.SIGNAL_TEXT: Reach.OWN,
        DataKind.VERDICT: Reach.ALL,
        DataKind.OUTCOME: Reach.ALL,
        DataKind.RESPONSES: Reach.OWN,
        DataKind.MISSING: Reach.OWN,
        DataKind.CLOCK: Reach.OWN,
        DataKind.COLLEAGUES: Reach.ALL,
    },
    Role.QUALITY: {
        DataKind.UNIT: Reach.ALL,
        DataKind.ALERT: Reach.ALL,
        DataKind.CASE_REFERENCE: Reach.WITH_REASON,
        DataKind.EVIDENCE: Reach.ALL,
        DataKind.REPORT_ROW: Reach.ALL,
        DataKind.REPORT_TEXT: Reach.WITH_REASON,
        DataKind.EVENT_DAY: Reach.ALL,
        DataKind.SIGNAL_TEXT: Reach.WITH_REASON,
        DataKind.NOTES: Reach.WITH_REASON,
        DataKind.VERDICT: Reach.ALL,
        DataKind.OUTCOME: Reach.ALL,
        DataKind.FOLLOW_UP: Reach.ALL,
        DataKind.FOLLOW_UP_TEXTS: Reach.ALL,
        DataKind.RESPONSES: Reach.ALL,
        DataKind.RETENTION: Reach.ALL,
        DataKind.COLLEAGUES: Reach.ALL,
    },
    Role.MANAGER: {
        DataKind.UNIT: Reach.ALL,
        DataKind.ALERT: Reach.ALL,
        DataKind.EVIDENCE: Reach.OWN_PEOPLE,
        DataKind.VERDICT: Reach.ALL,
        DataKind.OUTCOME: Reach.ALL,
        DataKind.FOLLOW_UP: Reach.ALL,
        DataKind.FOLLOW_UP_TEXTS: Reach.AFTER_VERDICT,
        DataKind.RESPONSES: Reach.OWN_PEOPLE,
        DataKind.MISSING: Reach.OWN_PEOPLE,
        DataKind.CLOCK: Reach.OWN_PEOPLE,
        DataKind.RETENTION: Reach.ALL,
        DataKind.COLLEAGUES: Reach.OWN_PEOPLE,
    },
    Role.ADMIN: {
        DataKind.RETENTION: Reach.ALL,
        DataKind.REGISTER: Reach.ALL,
        DataKind.ACCESS_LOG: Reach.ALL,
    },
}
# What each conversation is about: who is shown nothing of one of these has nothing to ask there, and is told nothing.
ABOUT: Mapping[Conversation, frozenset[DataKind]] = {
    Conversation.HELP: frozenset(),
    Conversation.TEAM_CHANNEL: frozenset(),
    Conversation.SETTINGS: frozenset(),
    # Of each thing there is on it what the reader's own view of that thing gives.
    Conversation.DESK: frozenset(),
    Conversation.LEAVE: frozenset({DataKind.COLLEAGUES}),
    Conversation.MY_TASKS: frozenset({DataKind.UNIT, DataKind.CASE_REFERENCE}),
    Conversation.REPORT: frozenset({DataKind.UNIT, DataKind.CASE_REFERENCE, DataKind.ANSWERS}),
    Conversation.SIGNAL: frozenset({DataKind.UNIT, DataKind.EVIDENCE}),
    Conversation.STATUS: frozenset({DataKind.UNIT}),
    Conversation.PROVIDER: frozenset({DataKind.UNIT}),
    Conversation.UNANSWERED: frozenset({DataKind.UNIT, DataKind.MISSING, DataKind.COLLEAGUES}),
    Conversation.ALERTS: frozenset({DataKind.UNIT, DataKind.ALERT}),
    Conversation.ALERT_DESK: frozenset(
        {DataKind.UNIT, DataKind.ALERT, DataKind.EVIDENCE, DataKind.EVENT_DAY}
    ),
    Conversation.DIGEST: frozenset({DataKind.UNIT, DataKind.ALERT}),
    Conversation.SELECTION: frozenset({DataKind.UNIT}),
    Conversation.SIGNAL_DESK: frozenset({DataKind.UNIT, DataKind.EVIDENCE, DataKind.EVENT_DAY}),
    Conversation.OWN_FAULTS: frozenset({DataKind.UNIT, DataKind.EVIDENCE}),
    Conversation.THRESHOLD: frozenset({DataKind.UNIT}),
    Conversation.CASE_REFERENCE: frozenset({DataKind.CASE_REFERENCE}),
    Conversation.FOLLOW_UPS: frozenset({DataKind.UNIT, DataKind.FOLLOW_UP, DataKind.FOLLOW_UP_TEXTS}),
    Conversation.YEAR_REPORT: frozenset({DataKind.UNIT}),
    Conversation.UNIT_EVENT: frozenset({DataKind.UNIT}),
    Conversation.CLOCKS: frozenset({DataKind.UNIT, DataKind.CLOCK}),
    Conversation.RETENTION: frozenset({DataKind.RETENTION}),
    Conversation.REGISTER: frozenset({DataKind.REGISTER}),
    Conversation.DELIVERIES: frozenset({DataKind.REGISTER}),
    Conversation.LOG_REVIEW: frozenset({DataKind.ACCESS_LOG}),
}
# In a channel others look on: units and alerts, and no child by any name, number or day.
IN_CHANNEL = frozenset({DataKind.UNIT, DataKind.ALERT})


@dataclass(frozen=True)
class Access:
    """The tables together, as a value, so that a test can hold another one against what is really shown."""

    conversations: Mapping[Role, frozenset[Conversation]]
    sight: Mapping[DataKind, Mapping[Role, Reach]]

    def may(self, person: Person, conversation: Conversation) -> bool:
        return person.active and self.allows(person.role, conversation)

    def allows(self, role: Role, conversation: Conversation) -> bool:
        """Whether the role may start it, and is shown something of all that it is about."""
        return conversation in self.conversations[role] and all(
            self.reach(role, kind) != Reach.NOTHING for kind in ABOUT[conversation]
        )

    def reach(self, role: Role, kind: DataKind) -> Reach:
        return self.sight[kind][role]


ACCESS = Access(
    ALLOWED,
    {kind: {role: seen.get(kind, Reach.NOTHING) for role, seen in _COLUMNS.items()} for kind in DataKind},
)
