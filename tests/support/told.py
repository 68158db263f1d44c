"""What somebody was shown at a moment, and what plain SQL says of the same moment, for claims to be held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from sqlite3 import Connection
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.card_count import Known, Raw

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# What is stored by a deed that somebody does; that something was read is stored too, and is no deed.
DEEDS = (
    *(
        "report",
        "signal_version",
        "leave",
        "snooze",
        "ownership",
        "report_item",
        "risk_config",
        "base_levels",
    ),
    *(
        "alert_note",
        "alert_decision",
        "follow_up_version",
        "action_version",
        "board_decision",
        "diary_number",
        "unit_event",
    ),
    *("selection_adjustment", "selection_cycle", "edition", "recommendations"),
)


def moment_of(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def day_of(stored: str) -> date:
    """The day in the municipality."""
    return moment_of(stored).astimezone(STOCKHOLM).date()


@dataclass
class Then(Known):
    """As Known, with who answers for what that day where people are away, have left or have changed role."""

    connection: Connection

    def read(self, statement: str, **given: Any) -> list[Raw]:
        found = self.connection.execute(statement, given)
        names = [one[0] for one in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    @cached_property
    def people(self) -> Mapping[int, Raw]:
        return {one["id"]: one for one in self.rows("select * from person")}

    @cached_property
    def away(self) -> Mapping[int, int | None]:
        """Who is on leave, and who stands in."""
        found = self.rows("select * from leave where cancelled_at is null order by id")
        day = str(self.today)
        return {
            one["person_id"]: None if one["answer"] == "no" else one["substitute_id"]
            for one in found
            if one["starts"] <= day <= one["ends"]
        }

    def works(self, person_id: int | None) -> bool:
        one = self.people.get(person_id or 0)
        return one is not None and bool(one["active"]) and one["role"] == "worker"

    def answers_for(self, placement_id: int, day: str) -> int | None:
        """The owner, else who stands in for her leave, else the placement's substitute: the first who is there."""
        assert day == str(self.today)
        found = self.rows(
            "select * from ownership where placement_id = :placement and since <= :day order by since, id",
            placement=placement_id,
            day=day,
        )
        if not found:
            return None
        owner, substitute = found[-1]["owner_id"], found[-1]["substitute_id"]
        stands_in = self.away.get(owner) if self.works(owner) else None
        able = (one for one in (owner, stands_in, substitute) if self.works(one) and one not in self.away)
        return next(able, None)

    def answered_for(self, placement_id: int, day: str) -> int | None:
        """As `answers_for`, on a day that may have been: by the leaves and the owners of that day."""
        return Then(
            self.path, self.now, date.fromisoformat(day), self.connection, kept=self.kept
        ).answers_for(placement_id, day)

    @cached_property
    def tasks(self) -> list[Raw]:
        """Of the open rounds, each with who answers for it today."""
        known = f"{self.now:%Y-%m-%d %H:%M:%S.%f}"
        return [one for one in self.all_tasks if one["opened_at"] <= known < one["closes_at"]]

    @cached_property
    def all_tasks(self) -> list[Raw]:
        found = self.rows(
            "select t.id, t.placement_id, r.month, r.deadline, r.opened_at, r.closes_at, p.case_reference, p.unit_id, "
            "exists (select 1 from report where task_id = t.id) as is_in "
            "from report_task t join round r on r.id = t.round_id join placement p on p.id = t.placement_id "
            "where r.asks order by r.month, p.case_reference"
        )
        return [{**one, "who": self.answers_for(one["placement_id"], str(self.today))} for one in found]

    def left_by_round(self, manager_id: int) -> dict[tuple[str, str], list[Raw]]:
        """What the manager's people have left of each round, by its last day and month."""
        found: dict[tuple[str, str], list[Raw]] = {}
        for one in self.all_tasks:
            if not one["is_in"] and manager_id in self.managers_of(one["who"]):
                found.setdefault((one["deadline"], one["month"]), []).append(one)
        return found

    def tasks_of(self, person_id: int) -> list[Raw]:
        return [one for one in self.tasks if one["who"] == person_id]

    def left_for(self, person_id: int) -> list[Raw]:
        return [one for one in self.tasks_of(person_id) if not one["is_in"]]

    def managers_of(self, person_id: int | None) -> set[int]:
        """Her own, else her team's, else all of them."""
        who = self.people.get(person_id or 0, {"manager_id": None, "team": None})
        able = [one for one in self.people.values() if one["active"] and one["role"] == "manager"]
        own = {one["id"] for one in able if one["id"] == who["manager_id"]}
        team = {one["id"] for one in able if who["team"] and one["team"] == who["team"]}
        return own or team or {one["id"] for one in able}

    def left_under(self, manager_id: int) -> list[Raw]:
        """What the manager's people have left, and what nobody answers for."""
        return [one for one in self.tasks if not one["is_in"] and manager_id in self.managers_of(one["who"])]

    def newest_versions(self, kind: str) -> list[Raw]:
        """Of follow_up, action or signal."""
        rows = self.rows(f"select * from {kind}_version order by version, id")
        return list({one[f"{kind}_id"]: one for one in rows}.values())

    @cached_property
    def open_follow_ups(self) -> list[Raw]:
        shut = ("closed", "cancelled")
        return [one for one in self.newest_versions("follow_up") if one["step"] not in shut]

    @cached_property
    def unfinished(self) -> list[Raw]:
        return [one for one in self.newest_versions("action") if one["state"] in ("open", "done")]

    def late_untaken(self) -> int:
        """Open alerts that nobody has taken within two working days, of days that are no holidays."""
        found = [one for one in self.open_alerts() if one["taken_at"] is None]
        return sum(self.today > working_days_after(day_of(one["raised_at"]), 2) for one in found)

    def shown(self) -> Mapping[str, str]:
        """Each followed unit's band as it is shown, by name."""
        found = {}
        for unit in self.units:
            score = self.newest_score(unit["id"], str(self.today))
            enough = score is not None and (score["shown"] != "green" or score["enough"])
            found[unit["name"]] = score["shown"] if score and enough else "insufficient"
        return found

    def counts(self) -> dict[str, int]:
        """The newest row of each table of deeds, none of which loses any."""
        counted = ", ".join(f"(select max(id) from {one}) as {one}" for one in DEEDS)
        return {name: last or 0 for name, last in self.rows(f"select {counted}")[0].items()}


def working_days_after(day: date, number: int) -> date:
    """The holidays are those of the months that are walked through."""
    while number:
        day += timedelta(days=1)
        number -= is_ordinary(day)
    return day


def is_ordinary(day: date) -> bool:
    closed = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (1, 6)}
    return day.weekday() < 5 and (day.month, day.day) not in closed


@dataclass(frozen=True)
class Told:
    """What was shown to whom, after what; `who` is None in the channel, `before` what was stored before her turn."""

    then: Then
    who: Raw | None
    lines: Sequence[str]
    typed: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, object] = field(default_factory=dict)
    before: Mapping[str, int] | None = None

    @property
    def unasked(self) -> bool:
        """Whether it is a message."""
        return self.before is None

    @property
    def person_id(self) -> int:
        return self.who["id"] if self.who else 0

    @property
    def role(self) -> str:
        return self.who["role"] if self.who else "channel"

    def unit_above(self, line: int) -> Raw:
        """The followed unit that a line is about: the last one named as a heading or a row before it."""
        for before in reversed(self.lines[: line + 1]):
            for unit in self.then.units:
                if before.endswith(f" · {unit['name']}"):
                    return unit
        raise LookupError(self.lines[line])

    def added(self, table: str) -> int:
        """How many rows her turn has put there."""
        assert self.before is not None
        return self.then.counts()[table] - self.before[table]
