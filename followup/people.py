"""People and roles: what each role may ask for, and who answers for a placement on a given day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from followup import PersonId


class Role(StrEnum):
    WORKER = "worker"
    QUALITY = "quality"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True)
class Person:
    """`quiet_days` are the weekdays, 1 for Monday, on which she has asked to be told nothing unasked.

    `shortcuts` is whether the pages' lists listen to single keys.
    """

    id: PersonId
    key: str
    name: str
    role: Role
    team: str | None
    manager_id: PersonId | None
    language: str
    active: bool
    teams_id: str | None = None
    tenant: str = ""
    quiet_days: frozenset[int] = frozenset()
    shortcuts: bool = True


StandInAnswer = Literal["yes", "no"]


@dataclass(frozen=True)
class Leave:
    """Away from the first to the last day, both included; `answer` is what the substitute has said, if anything."""

    person_id: PersonId
    starts: date
    ends: date
    substitute_id: PersonId | None
    answer: StandInAnswer | None = field(default=None, compare=False)
    recorded_on: date | None = field(default=None, compare=False)

    @property
    def stand_in(self) -> PersonId | None:
        """Whoever has not said no stands in."""
        return None if self.answer == "no" else self.substitute_id


class Conversation(StrEnum):
    """What can be started by a word or a button; the table below says by whom."""

    HELP = "help"
    LEAVE = "leave"
    MY_TASKS = "my_tasks"
    REPORT = "report"
    SIGNAL = "signal"
    STATUS = "status"
    PROVIDER = "provider"
    UNANSWERED = "unanswered"
    ALERTS = "alerts"
    ALERT_DESK = "alert_desk"
    DIGEST = "digest"
    SELECTION = "selection"
    SIGNAL_DESK = "signal_desk"
    OWN_FAULTS = "own_faults"
    THRESHOLD = "threshold"
    CASE_REFERENCE = "case_reference"
    FOLLOW_UPS = "follow_ups"
    YEAR_REPORT = "year_report"
    UNIT_EVENT = "unit_event"
    CLOCKS = "clocks"
    RETENTION = "retention"
    TEAM_CHANNEL = "team_channel"
    SETTINGS = "settings"
    DESK = "desk"
    REGISTER = "register"
    DELIVERIES = "deliveries"
    LOG_REVIEW = "log_review"


ALLOWED: Mapping[Role, frozenset[Conversation]] = {
    Role.WORKER: frozenset(
        {
            Conversation.HELP,
            Conversation.SETTINGS,
            Conversation.DESK,
            Conversation.LEAVE,
            Conversation.MY_TASKS,
            Conversation.PROVIDER,
            Conversation.REPORT,
            Conversation.SIGNAL,
            Conversation.CLOCKS,
        }
    ),
    Role.QUALITY: frozenset(
        {
            Conversation.HELP,
            Conversation.SETTINGS,
            Conversation.DESK,
            Conversation.SIGNAL,
            Conversation.STATUS,
            Conversation.PROVIDER,
            Conversation.ALERTS,
            Conversation.ALERT_DESK,
            Conversation.DIGEST,
            Conversation.SELECTION,
            Conversation.SIGNAL_DESK,
            Conversation.THRESHOLD,
            Conversation.CASE_REFERENCE,
            Conversation.FOLLOW_UPS,
            Conversation.YEAR_REPORT,
            Conversation.UNIT_EVENT,
            Conversation.RETENTION,
            Conversation.TEAM_CHANNEL,
        }
    ),
    Role.MANAGER: frozenset(
        {
            Conversation.HELP,
            Conversation.SETTINGS,
            Conversation.DESK,
            Conversation.STATUS,
            Conversation.PROVIDER,
            Conversation.UNANSWERED,
            Conversation.ALERTS,
            Conversation.DIGEST,
            Conversation.OWN_FAULTS,
            Conversation.CLOCKS,
            Conversation.RETENTION,
        }
    ),
    Role.ADMIN: frozenset(
        {
            Conversation.HELP,
            Conversation.SETTINGS,
            Conversation.DESK,
            Conversation.RETENTION,
            Conversation.TEAM_CHANNEL,
            Conversation.REGISTER,
            Conversation.DELIVERIES,
            Conversation.LOG_REVIEW,
        }
    ),
}


def may(person: Person, conversation: Conversation) -> bool:
    return person.active and conversation in ALLOWED[person.role]


def may_report(person: Person | None) -> bool:
    """Active, and still a worker: who has become a manager answers for no placement any more."""
    return person is not None and may(person, Conversation.REPORT)


class Managers:
    """Those who lead, found by whom they lead: a register's people are not looked through for each of them."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.all = [one for one in people if one.active and one.role == Role.MANAGER]
        self._by_id = {one.id: one for one in self.all}
        self._by_team: dict[str, list[Person]] = {}
        for one in self.all:
            if one.team:
                self._by_team.setdefault(one.team, []).append(one)

    def of(self, who: Person | None) -> list[Person]:
        """The person's own manager, else the team's, else every manager: nothing may be left without one."""
        own = self._by_id.get(who.manager_id) if who and who.manager_id is not None else None
        if own is not None:
            return [own]
        return (self._by_team.get(who.team) if who and who.team else None) or self.all


def managers_of(people: Mapping[PersonId, Person], who: Person | None) -> list[Person]:
    """Those of one person."""
    return Managers(people.values()).of(who)


class WhoAnswers:
    """Who answers for placements on a day, found in the people and leaves that are given once."""

    def __init__(self, people: Mapping[PersonId, Person], leaves: Iterable[Leave], day: date) -> None:
        self._people = people
        self._away = {leave.person_id: leave for leave in leaves if leave.starts <= day <= leave.ends}

    def of(self, owner_id: PersonId | None, substitute_id: PersonId | None) -> PersonId | None:
        """The owner, else the substitute for the leave, else the placement's own.

        None when nobody present and active is named: the placement then stands on the manager's list.
        """
        leave = self._away.get(owner_id) if owner_id is not None else None
        owner = self._people.get(owner_id) if owner_id is not None else None
        if not may_report(owner):
            return substitute_id if self._present(substitute_id) else None
        candidates = (owner_id, leave.stand_in if leave else None, substitute_id)
        return next((person_id for person_id in candidates if self._present(person_id)), None)

    def _present(self, person_id: PersonId | None) -> bool:
        person = self._people.get(person_id) if person_id is not None else None
        return may_report(person) and person_id not in self._away
