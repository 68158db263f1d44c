"""Every kind of message: the list that the ledger reads by and that whoever words them matches against."""

from collections.abc import Mapping
from typing import get_args

from followup.messages.alerts import (
    AlertAgain,
    AlertRaised,
    DecisionDue,
    DutyToReport,
    EvidenceAsked,
    HandedOver,
    HistoryAgain,
    HistoryRead,
    LedTo,
    OwnAlert,
    OwnFault,
    SignalAsked,
    SignalGiven,
    SignalsOfDay,
)
from followup.messages.clocks import ClocksLate, ClocksNear, ContractAsked, YearlyList
from followup.messages.follow_ups import (
    ActionDue,
    ActionGiven,
    ActionLate,
    DateNear,
    FollowUpGiven,
    SelectionFrozen,
)
from followup.messages.month import (
    Escalation,
    InDoubt,
    LeaveTold,
    Nudge,
    Ownerless,
    Prompt,
    Reminder,
    Snoozed,
)
from followup.messages.operation import (
    BaseLevelsDue,
    CardChanged,
    ChannelChosen,
    ChannelRefused,
    CheckpointDue,
    LogReviewDue,
    PurgeProposed,
    TokenRefused,
    Trouble,
    WeeklyDigest,
)

EveryMessage = (
    Prompt
    | Reminder
    | Snoozed
    | Nudge
    | LeaveTold
    | Escalation
    | Ownerless
    | InDoubt
    | ClocksNear
    | ClocksLate
    | ContractAsked
    | AlertRaised
    | AlertAgain
    | HistoryRead
    | HistoryAgain
    | OwnAlert
    | EvidenceAsked
    | SignalAsked
    | SignalGiven
    | SignalsOfDay
    | DecisionDue
    | DutyToReport
    | YearlyList
    | HandedOver
    | OwnFault
    | LedTo
    | FollowUpGiven
    | ActionGiven
    | ActionDue
    | ActionLate
    | DateNear
    | SelectionFrozen
    | WeeklyDigest
    | BaseLevelsDue
    | PurgeProposed
    | LogReviewDue
    | CheckpointDue
    | ChannelChosen
    | ChannelRefused
    | TokenRefused
    | Trouble
    | CardChanged
)
KINDS: Mapping[str, type[EveryMessage]] = {one.kind: one for one in get_args(EveryMessage)}
