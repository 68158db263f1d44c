"""A follow-up's versions, newest first: who saved each, when, and what it changed from what to what."""

from dataclasses import dataclass
from datetime import datetime

from followup.follow_ups.follow_up import FollowUp, FollowUpStep, answers_of
from services.acting import Acting
from services.follow_ups.steps import may_follow_up
from storage.follow_ups import follow_ups
from storage.register import people


@dataclass(frozen=True)
class FieldChange:
    """One answer by its question, empty where there was or is none."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class FollowUpVersion:
    version: int
    at: datetime
    by: str
    step: FollowUpStep
    changes: tuple[FieldChange, ...]


def versions_of(acting: Acting, found: FollowUp) -> list[FollowUpVersion]:
    """For those who follow up alone, who have read all that stands in the newest one; it was logged with that."""
    if acting.channel or not may_follow_up(acting):
        return []
    everyone, told = people.PeopleById(acting.tx), []
    before: dict[str, str] = {}
    for one in follow_ups.versions(acting.tx, found.id):
        after = answers_of(one)
        changes = tuple(
            FieldChange(name, before.get(name, ""), after.get(name, ""))
            for name in dict.fromkeys([*before, *after])
            if before.get(name, "") != after.get(name, "")
        )
        by = everyone[one.author_id].name
        told.append(FollowUpVersion(one.version, one.recorded_at, by, one.step, changes))
        before = after
    return told[::-1]
