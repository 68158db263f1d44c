"""Counts what the cards of chat say a second time, from raw rows with plain loops, for tests to compare with."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.support.year_rows import Rows

Raw = dict[str, Any]
NAMED = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
KINDS = {"complaint": "klagomål", "deviation": "avvikelser", "replacement": "omplaceringar"}
CONTACTS = {
    "visit_on": (90, "haft besök på 90 dagar"),
    "private_talk_on": (90, "haft ett enskilt samtal på 90 dagar"),
    "carer_talk_on": (90, "haft samtal med boendet på 90 dagar"),
    "guardian_talk_on": (180, "haft samtal med vårdnadshavare på 180 dagar"),
}
FOLLOWED = "form <> 'kommunens_familjehem'"


def in_words(day: date) -> str:
    return f"{day.day} {NAMED[day.month - 1]} {day.year}"


def month_in_words(month: str) -> str:
    return f"{NAMED[int(month[5:]) - 1]} {month[:4]}"


def months_back(day: date, number: int) -> list[str]:
    """The day's month and those before it, oldest first."""
    whole = day.year * 12 + day.month - 1
    return [f"{one // 12}-{one % 12 + 1:02d}" for one in range(whole - number + 1, whole + 1)]


def percent(part: int, whole: int) -> int:
    return int((Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass
class Known:
    """The database file as it is known at a moment, which is a day in the municipality; what is read is kept."""

    path: Path
    now: datetime
    today: date
    kept: dict[str, list[Raw]] = field(default_factory=dict, repr=False, kw_only=True)

    def rows(self, statement: str, **given: Any) -> list[Raw]:
        key = f"{statement} {given}"
        if key not in self.kept:
            self.kept[key] = self.read(statement, known=f"{self.now:%Y-%m-%d %H:%M:%S.%f}", **given)
        return self.kept[key]

    def read(self, statement: str, **given: Any) -> list[Raw]:
        return Rows(self.path).all(statement, **given)

    @cached_property
    def units(self) -> list[Raw]:
        return self.rows(f"select * from unit where {FOLLOWED} order by id")

    def placed(self, unit_id: int) -> list[Raw]:
        return [
            one
            for one in self.rows("select * from placement where unit_id = :unit", unit=unit_id)
            if one["starts"] <= str(self.today) <= (one["ends"] or "9")
        ]

    def newest_score(self, unit_id: int, as_of: str) -> Raw | None:
        found = self.rows(
            "select * from score where unit_id = :unit and as_of <= :day and method = 'risk-2' order by as_of, id",
            unit=unit_id,
            day=as_of,
        )
        return found[-1] if found else None

    def bands(self) -> Counter[str]:
        shown = [self.newest_score(one["id"], str(self.today)) for one in self.units]
        return Counter(
            "insufficient" if one is None or (one["shown"] == "green" and not one["enough"]) else one["shown"]
            for one in shown
        )

    def changed_since(self, day: date) -> set[tuple[str, str, str]]:
        """Units whose band is not what it was: name, before, after."""
        found = set()
        for unit in self.units:
            before, after = (self.newest_score(unit["id"], str(one)) for one in (day, self.today))
            assert after is not None
            was = before["shown"] if before else "green"
            if was != after["shown"]:
                found.add((unit["name"], was, after["shown"]))
        return found

    def rate(self, month: str, of: set[int | None] | None = None) -> tuple[int, int]:
        """How many of the month's reports are in, of how many; of all, or of some people's."""
        asked = self.rows(
            "select t.id, t.placement_id, r.deadline, exists (select 1 from report where task_id = t.id) as is_in "
            "from report_task t join round r on r.id = t.round_id where r.month = :month",
            month=month,
        )
        if of is not None:
            last_day = min(str(self.today), asked[0]["deadline"][:10]) if asked else ""
            asked = [one for one in asked if self.answers_for(one["placement_id"], last_day) in of]
        return sum(one["is_in"] for one in asked), len(asked)

    def answers_for(self, placement_id: int, day: str) -> int | None:
        """Of a municipality without leave: the last owner, where that is an active worker."""
        owners = self._owners(placement_id, day)
        return owners[-1]["owner_id"] if owners and owners[-1]["active"] else None

    def owner(self, placement_id: int) -> int | None:
        """The last recorded one."""
        owners = self._owners(placement_id, str(self.today))
        return owners[-1]["owner_id"] if owners else None

    def _owners(self, placement_id: int, day: str) -> list[Raw]:
        """Everybody who had it until then, the last one last."""
        all_ = self.rows(
            "select o.placement_id, o.owner_id, o.since, p.active from ownership o "
            "join person p on p.id = o.owner_id order by o.since, o.id"
        )
        return [one for one in all_ if one["placement_id"] == placement_id and one["since"] <= day]

    def team_of(self, manager: str) -> set[int | None]:
        """The manager's own people, and nobody, whose placements are every manager's."""
        [team] = self.rows("select team from person where key = :key", key=manager)
        people = self.rows("select id from person where team = :team", team=team["team"])
        return {None, *(one["id"] for one in people)}

    def open_months(self) -> list[str]:
        found = self.rows("select month from round where asks and opened_at <= :known and closes_at > :known")
        return sorted(one["month"] for one in found)

    def signals(self, unit_id: int) -> dict[str, int]:
        """By kind, by the day of the event in the twelve months, without those that were dismissed."""
        newest: dict[int, Raw] = {}
        for row in self.rows(
            "select v.* from signal_version v join signal s on s.id = v.signal_id "
            "where s.unit_id = :unit and v.known_at <= :known order by v.version",
            unit=unit_id,
        ):
            newest[row["signal_id"]] = row
        first = f"{months_back(self.today, 12)[0]}-01"
        return Counter(
            row["kind"] for row in newest.values() if row["event_on"] >= first and not row["dismissed"]
        )

    def coverage(self, unit_id: int) -> tuple[int, int]:
        """Reports that are in, of those that are in or should have been, about the twelve months."""
        tasks = self.rows(
            "select r.month, r.deadline, exists (select 1 from report where task_id = t.id) as is_in "
            "from report_task t join round r on r.id = t.round_id join placement p on p.id = t.placement_id "
            "where p.unit_id = :unit",
            unit=unit_id,
        )
        year = [one for one in tasks if one["month"] in months_back(self.today, 12)]
        came = sum(one["is_in"] for one in year)
        late = sum(not one["is_in"] and one["deadline"] < f"{self.now:%Y-%m-%d %H:%M:%S.%f}" for one in year)
        return came, came + late

    def trend(self, unit_id: int) -> list[str]:
        """The index at each of the last 24 month ends, by the reading that was made last of it."""
        newest = {
            one["as_of"][:7]: str(one["index"])
            for one in self.rows(
                "select * from score where unit_id = :unit and month_end and method = 'risk-2' order by id",
                unit=unit_id,
            )
        }
        return [newest.get(month, "–") for month in months_back(self.today, 25)[:-1]]

    def contract(self, unit_id: int) -> str:
        mine = self.rows("select * from contract where unit_id = :unit", unit=unit_id)
        day, in_a_year = str(self.today), str(self.today + timedelta(days=365))
        standing = [one for one in mine if one["starts"] <= day <= (one["ends"] or "9")]
        if not standing:
            ended = [one["ends"] for one in mine if one["ends"] and one["ends"] < day]
            if not ended:
                return "Inget gällande avtal i registret"
            return f"Inget gällande avtal. Det senaste slutade {in_words(date.fromisoformat(max(ended)))}."
        ends = sorted(one["ends"] for one in standing if one["ends"] and one["ends"] <= in_a_year)
        said = [f"Slutar {in_words(date.fromisoformat(one))}" for one in ends]
        return ", ".join(said) or "Inget avtal slutar inom ett år"

    def answers(self, placement_id: int) -> list[dict[str, str]]:
        """The newest version of each report, the oldest month first."""
        newest = {
            one["task_id"]: json.loads(one["answers"])
            for one in self.rows(
                "select p.task_id, p.answers from report p join report_task t on t.id = p.task_id "
                "join round r on r.id = t.round_id where t.placement_id = :placement and p.known_at <= :known "
                "order by r.month, p.task_id, p.version",
                placement=placement_id,
            )
        }
        return list(newest.values())

    def plans_missing(self, unit_id: int) -> str:
        if not self.placed(unit_id):
            return "Inga pågående placeringar"
        said = []
        for plan, name in (("care_plan", "vårdplan"), ("treatment_plan", "genomförandeplan")):
            missing = 0
            for one in self.placed(unit_id):
                told = [each[plan] for each in self.answers(one["id"]) if each.get(plan)]
                missing += (told[-1] if told else one[plan]) == "missing"
            said += [f"{missing} utan {name}"] if missing else []
        return ", ".join(said) or "Inga"

    def on_framework(self, unit: Raw) -> str:
        placed = self.placed(unit["id"])
        if not placed:
            return "Inga pågående placeringar"
        if unit["ownership"] == "in_house":
            return "Egen regi, behöver inget avtal"
        day = str(self.today)
        contracts = self.rows(
            "select * from contract where unit_id = :unit order by starts, id", unit=unit["id"]
        )
        standing = [one["form"] for one in contracts if one["starts"] <= day <= (one["ends"] or "9")]
        forms = [one["contract_form"] or (standing[-1] if standing else None) for one in placed]
        outside = [one for one in forms if one != "in_house"]
        number = outside.count("framework")
        return f"{percent(number, len(outside))}\u00a0% ({number} av {len(outside)} placeringar)"

    def overdue(self, placed: list[Raw]) -> set[str]:
        """A sentence for each contact that is overdue somewhere, and one for plans to review."""
        late: Counter[str] = Counter()
        for one in placed:
            told = self.answers(one["id"])
            for contact, (days, words) in CONTACTS.items():
                had = [day for each in told if _is_day(day := each.get(contact, ""))]
                late[words] += max([one["starts"], *had]) < str(self.today - timedelta(days=days))
            late["plan"] += any(self._review(one, told, plan) for plan in ("care_plan", "treatment_plan"))
        reviews = late.pop("plan", 0)
        said = {f"{n} av {len(placed)} placeringar har inte {words}." for words, n in late.items() if n}
        ending = "placeringar har en plan vars dag för uppföljning har passerat."
        return said | ({f"{reviews} av {len(placed)} {ending}"} if reviews else set())

    def _review(self, placement: Raw, told: list[dict[str, str]], plan: str) -> bool:
        days = [day for each in told if _is_day(day := each.get(f"{plan}_review_on", ""))]
        last = days[-1] if days else placement[f"{plan}_review_on"]
        return last is not None and last < str(self.today)

    def answered_since(self, moment: datetime, of: set[int | None] | None = None) -> int:
        """First versions that people handed in themselves, after a moment; of all, or of some people."""
        found = self.rows(
            "select author_id from report where version = 1 and not imported "
            "and recorded_at >= :since and recorded_at < :known",
            since=f"{moment:%Y-%m-%d %H:%M:%S.%f}",
        )
        return sum(of is None or one["author_id"] in of for one in found)

    def closed_since(self, moment: datetime) -> set[int]:
        since = f"{moment:%Y-%m-%d %H:%M:%S.%f}"
        found = self.rows(
            "select id from alert where closed_at >= :since and closed_at < :known", since=since
        )
        return {one["id"] for one in found}

    def left_reports(self, of: set[int | None] | None = None, *, late: bool = False) -> dict[str, int]:
        """By month of the open rounds, or of those whose last day has passed, what is still left."""
        left = self.rows(
            "select r.month, r.deadline < :known as is_late, t.placement_id "
            "from report_task t join round r on r.id = t.round_id "
            "where r.asks and r.opened_at <= :known and r.closes_at > :known "
            "and not exists (select 1 from report where task_id = t.id)"
        )
        day = str(self.today)
        left = [one for one in left if one["is_late"] or not late]
        mine = [one for one in left if of is None or self.answers_for(one["placement_id"], day) in of]
        return Counter(month_in_words(one["month"]) for one in mine)

    def open_alerts(self) -> list[Raw]:
        return self.rows("select * from alert where closed_at is null order by id")

    def owed(self, of: set[int | None]) -> Counter[int | None]:
        """What is left in the open rounds, by who answers for it today."""
        left = self.rows(
            "select t.placement_id from report_task t join round r on r.id = t.round_id "
            "where r.asks and r.opened_at <= :known and r.closes_at > :known "
            "and not exists (select 1 from report where task_id = t.id)"
        )
        owing = [self.answers_for(one["placement_id"], str(self.today)) for one in left]
        return Counter(one for one in owing if one in of)


def _is_day(text: str) -> bool:
    return len(text) == 10 and text[4] == "-"
