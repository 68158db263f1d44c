"""Counts the report's figures a second time, from raw rows with plain loops, for tests to compare with."""

import json
import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from storage.engine.vault import Vault
from tests.support.as_file import connected

Raw = dict[str, Any]
Counted = dict[str, tuple[Any, int | None]]
FOLLOWED = ("hvb", "stodboende", "konsulentstott_familjehem", "konsulentstott_jourhem", "oppenvard")
AREAS = ("health", "development", "behaviour", "schooling", "relations")
ALL = "all"


@dataclass
class Stored:
    """The stored rows of a database file that a period is about, as they stand in it; what is read is kept."""

    path: Path
    vault: Vault
    year: int
    first: date
    last: date
    now: datetime
    read: dict[str, list[Raw]] = field(default_factory=dict)

    def rows(self, statement: str) -> list[Raw]:
        if statement not in self.read:
            asked = connected(self.path).cursor()
            asked.row_factory = sqlite3.Row
            self.read[statement] = [dict(row) for row in asked.execute(statement)]
        return self.read[statement]

    @property
    def known(self) -> str:
        return f"{self.now:%Y-%m-%d %H:%M:%S.%f}"

    @cached_property
    def units(self) -> dict[int, Raw]:
        return {row["id"]: row for row in self.rows("select * from unit") if row["form"] in FOLLOWED}

    @cached_property
    def stays(self) -> list[Raw]:
        return [
            {**row, "unit": self.units[row["unit_id"]]}
            for row in self.rows("select * from placement")
            if row["unit_id"] in self.units
            and row["starts"] <= str(self.last)
            and (row["ends"] or "9") >= str(self.first)
        ]

    @cached_property
    def due(self) -> list[Raw]:
        """Reports that were due, with the newest version's answers and when the first one came."""
        versions: dict[int, list[Raw]] = {}
        for row in self.rows("select * from report order by version"):
            if row["known_at"] <= self.known:
                versions.setdefault(row["task_id"], []).append(row)
        asked = self.rows(
            "select t.id, r.month, r.deadline, p.unit_id, p.case_reference, p.id as placement_id "
            "from report_task t join round r on r.id = t.round_id join placement p on p.id = t.placement_id"
        )
        found = []
        for row in asked:
            mine = versions.get(row["id"], [])
            if row["unit_id"] not in self.units or not self._in_period(f"{row['month']}-15"):
                continue
            if mine or row["deadline"] < self.known:
                came = {
                    "unit": self.units[row["unit_id"]],
                    "answers": json.loads(mine[-1]["answers"]) if mine else None,
                    "concern": bool(mine and mine[-1]["concern"]),
                    "in_time": bool(mine and mine[0]["known_at"] <= row["deadline"]),
                }
                found.append({**row, **came})
        return found

    @cached_property
    def _said(self) -> list[Raw]:
        """The newest version of each report about a month up to the period's last, whenever asked for."""
        rows = self.rows(
            "select p.task_id, p.answers, r.month, t.placement_id from report p "
            "join report_task t on t.id = p.task_id join round r on r.id = t.round_id "
            f"where p.known_at <= '{self.known}' and r.month <= '{self.last:%Y-%m}' "
            "order by r.month, p.task_id, p.version"
        )
        return list({row["task_id"]: {**row, "answers": json.loads(row["answers"])} for row in rows}.values())

    def said_last(self, placement_id: int, question: str) -> str | None:
        """The answer of the last month in whose report the question was answered."""
        mine = [one for one in self._said if one["placement_id"] == placement_id]
        given = [(one["month"], one["answers"][question]) for one in mine if one["answers"].get(question)]
        return max(given, key=lambda one: one[0])[1] if given else None

    @cached_property
    def teams(self) -> dict[int, str]:
        """The team of the last recorded owner, by placement."""
        rows = self.rows(
            "select o.placement_id, o.since, p.team from ownership o join person p on p.id = o.owner_id "
            "order by o.id"
        )
        return {row["placement_id"]: row["team"] for row in rows if row["since"] <= str(self.last)}

    @cached_property
    def signals(self) -> list[Raw]:
        newest: dict[int, Raw] = {}
        for row in self.rows(
            "select v.*, s.unit_id from signal_version v join signal s on s.id = v.signal_id order by v.version"
        ):
            if row["known_at"] <= self.known:
                newest[row["signal_id"]] = row
        return [
            row
            for row in newest.values()
            if row["unit_id"] in self.units and self._in_period(row["event_on"])
        ]

    def _in_period(self, day: str) -> bool:
        return str(self.first) <= day <= str(self.last)

    @property
    def months(self) -> list[str]:
        days = (self.last - self.first).days + 1
        return sorted({f"{self.first + timedelta(days=step):%Y-%m}" for step in range(days)})

    def months_of_care(self, stays: Iterable[Raw]) -> Decimal:
        """Day by day."""
        total = Decimal(0)
        for stay in stays:
            for step in range((self.last - self.first).days + 1):
                day = self.first + timedelta(days=step)
                if stay["starts"] <= str(day) <= (stay["ends"] or "9"):
                    total += Decimal(1) / monthrange(day.year, day.month)[1]
        return total


def count(stored: Stored) -> Counted:
    """Every figure of the report by its name, with the whole that it is a share of."""
    counted: Counted = {}
    for part in (
        _forms,
        _units,
        _ownerships,
        _ages,
        _grounds,
        _contracts,
        _papers,
        _responses,
        _signals,
        _by_unit,
    ):
        counted.update(part(stored))
    for part in (_answers, _talks, _areas, _bands, _alerts):
        counted.update(part(stored))
    return {name: value for name, value in counted.items() if value is not None}


def share_of(rows: Iterable[bool]) -> Any:
    listed = list(rows)
    return (sum(listed), len(listed)) if listed else None


def _form_of_contract(stored: Stored, stay: Raw) -> str | None:
    if stay["unit"]["ownership"] == "in_house":
        return "in_house"
    if stay["contract_form"]:
        return str(stay["contract_form"])
    day = min(stay["ends"] or str(stored.last), str(stored.last))
    rows = stored.rows(f"select * from contract where unit_id = {stay['unit_id']} order by starts")
    valid = [row for row in rows if row["starts"] <= day <= (row["ends"] or "9")]
    return valid[-1]["form"] if valid else None


def _care(stored: Stored, stays: list[Raw], due: list[Raw]) -> dict[str, Any]:
    forms = [_form_of_contract(stored, stay) for stay in stays]
    return {
        "units": (len({stay["unit_id"] for stay in stays}), None),
        "placements": (len(stays), None),
        "children": (len({stay["case_reference"] for stay in stays}), None),
        "framework": share_of(form == "framework" for form in forms if form != "in_house"),
        "response": share_of(one["answers"] is not None for one in due),
    }


def _forms(stored: Stored) -> Iterator[tuple[str, Any]]:
    for form in (*FOLLOWED, ALL):
        stays = [stay for stay in stored.stays if form in (ALL, stay["unit"]["form"])]
        due = [one for one in stored.due if form in (ALL, one["unit"]["form"])]
        if stays or form == ALL:
            for column, value in _care(stored, stays, due).items():
                yield f"forms.{form}.{column}", value


def _units(stored: Stored) -> Iterator[tuple[str, Any]]:
    for key in (*(unit["key"] for unit in stored.units.values()), ALL):
        stays = [stay for stay in stored.stays if key in (ALL, stay["unit"]["key"])]
        due = [one for one in stored.due if key in (ALL, one["unit"]["key"])]
        if stays or key == ALL:
            yield f"units.{key}.placements", (len(stays), None)
            yield f"units.{key}.response", share_of(one["answers"] is not None for one in due)


def _ownerships(stored: Stored) -> Iterator[tuple[str, Any]]:
    for kind in ("private", "in_house", "other_public", ALL):
        stays = [stay for stay in stored.stays if kind in (ALL, stay["unit"]["ownership"])]
        due = [one for one in stored.due if kind in (ALL, one["unit"]["ownership"])]
        if not stays and kind != ALL:
            continue
        for column, value in _care(stored, stays, due).items():
            yield f"ownerships.{kind}.{column}", value
        for column, question, answer in (
            ("provider_reports", "provider_report", "arrived"),
            ("feels_safe", "feels_safe", "yes"),
            ("knows_plan", "knows_plan", "yes"),
        ):
            given = [one["answers"][question] for one in due if question in (one["answers"] or {})]
            yield f"ownerships.{kind}.{column}", share_of(one == answer for one in given)
        months = stored.months_of_care(stays)
        for column, signal in (("complaints", "complaint"), ("deviations", "deviation")):
            number = sum(
                one["kind"] == signal and _counts(one)
                for one in stored.signals
                if kind in (ALL, stored.units[one["unit_id"]]["ownership"])
            )
            rate = (100 * number / months).quantize(Decimal("0.1"), ROUND_HALF_UP) if months else None
            yield f"ownerships.{kind}.{column}", None if rate is None else (rate, None)
        last = max((reading["as_of"] for reading in _readings(stored)), default="")
        shown = [
            _shown(reading)
            for reading in _readings(stored)
            if reading["as_of"] == last and kind in (ALL, stored.units[reading["unit_id"]]["ownership"])
        ]
        yield f"ownerships.{kind}.raised_bands", share_of(one in ("red", "yellow") for one in shown)


def _ages(stored: Stored) -> Iterator[tuple[str, Any]]:
    groups: dict[str, int] = {}
    children = {stay["case_reference"] for stay in stored.stays}
    for child in children:
        mine = [stay for stay in stored.stays if stay["case_reference"] == child]
        born = next((stored.vault.open(stay["born"]) for stay in mine if stay["born"]), None)
        first = max(str(stored.first), min(stay["starts"] for stay in mine))
        years = int(first[:4]) - int(born[:4]) - (first[5:] < born[5:]) if born else -1
        group = next(
            name
            for low, high, name in (
                (-1, -1, "unknown"),
                (0, 12, "0_12"),
                (13, 15, "13_15"),
                (16, 17, "16_17"),
                (18, 20, "18_20"),
                (21, 99, "21"),
            )
            if low <= years <= high
        )
        groups[group] = groups.get(group, 0) + 1
    for group, number in groups.items():
        yield f"ages.{group}.children", (number, len(children))
    yield "ages.all.children", (len(children), None)


def _grounds(stored: Stored) -> Iterator[tuple[str, Any]]:
    grounds = [stay["legal_ground"] for stay in stored.stays]
    for ground in set(grounds):
        yield f"grounds.{ground}.placements", (grounds.count(ground), len(grounds))
    yield "grounds.all.placements", (len(grounds), None)


def _contracts(stored: Stored) -> Iterator[tuple[str, Any]]:
    forms = [_form_of_contract(stored, stay) or "unknown" for stay in stored.stays]
    for form in set(forms):
        yield f"contracts.{form}.placements", (forms.count(form), len(forms))
    yield "contracts.all.placements", (len(forms), None)


def _papers(stored: Stored) -> Iterator[tuple[str, Any]]:
    told = ("yes", "no", "on_file", "missing", "current", "needs_review")
    for paper in ("deviation_documented", "call_off_contract", "individual_contract"):
        states = [stay[paper] for stay in stored.stays if stay[paper] in told]
        yield f"papers.{paper}.on_file", share_of(state in ("yes", "on_file") for state in states)
    for plan in ("care_plan", "treatment_plan"):
        newest = [stored.said_last(stay["id"], plan) or stay[plan] for stay in stored.stays]
        states = [state for state in newest if state in told]
        yield f"papers.{plan}.on_file", share_of(state != "missing" for state in states)


def _responses(stored: Stored) -> Iterator[tuple[str, Any]]:
    for month in (*stored.months, ALL):
        due = [one for one in stored.due if month in (ALL, one["month"])]
        yield from _response(f"response_months.{month}", due, month)
    for team in {*(stored.teams.get(one["placement_id"]) for one in stored.due), ALL}:
        due = [one for one in stored.due if team in (ALL, stored.teams.get(one["placement_id"]))]
        yield from _response(f"response_teams.{team or 'none'}", due, team or "none")


def _response(name: str, due: list[Raw], key: str) -> Iterator[tuple[str, Any]]:
    if due or key == ALL:
        yield f"{name}.due", (len(due), None)
        yield f"{name}.came", (sum(one["answers"] is not None for one in due), None)
        yield f"{name}.response", share_of(one["answers"] is not None for one in due)
        yield f"{name}.in_time", share_of(one["in_time"] for one in due)


def _counts(signal: Raw) -> bool:
    """Not dismissed, not the authority's own, no praise, no move for another reason."""
    blames = {"dissatisfaction", "quality"} & set(signal["reasons"].split(","))
    praise = signal["kind"] == "remark" and signal["praise"]
    moved_otherwise = signal["kind"] == "replacement" and not blames
    return not (signal["dismissed"] or signal["cause"] == "authority" or praise or moved_otherwise)


def _is_serious(signal: Raw) -> bool:
    return bool(_counts(signal) and (signal["consequence"] == 4 or signal["marks"]))


def _signals(stored: Stored) -> Iterator[tuple[str, Any]]:
    if not stored.signals:
        yield from (("signals.all.number", (0, None)), ("signals.all.units_with", _with_one(stored, [])))
        return
    kinds = ("complaint", "deviation", "remark", "replacement")
    rows = {kind: [one for one in stored.signals if one["kind"] == kind and _counts(one)] for kind in kinds}
    rows[ALL] = [one for one in stored.signals if _counts(one)]
    for key, found in rows.items():
        yield f"signals.{key}.number", (len(found), None)
        yield f"signals.{key}.units_with", _with_one(stored, found)
    blameless = [one for one in stored.signals if not one["dismissed"] and one["cause"] != "authority"]
    parts = {
        "serious": [one for one in stored.signals if _is_serious(one)],
        "lex_sarah": [one for one in rows[ALL] if "lex_sarah" in one["marks"]],
        "ivo": [one for one in rows[ALL] if "ivo" in one["marks"]],
        "praise": [one for one in blameless if one["kind"] == "remark" and one["praise"]],
        "authority": [one for one in stored.signals if one["cause"] == "authority" and not one["dismissed"]],
        "other_reason": [one for one in blameless if one["kind"] == "replacement" and not _counts(one)],
        "dismissed": [one for one in stored.signals if one["dismissed"]],
    }
    for key, found in parts.items():
        yield f"signal_parts.{key}.number", (len(found), None)
        yield f"signal_parts.{key}.units_with", _with_one(stored, found)


def _with_one(stored: Stored, found: list[Raw]) -> Any:
    housing = {stay["unit_id"] for stay in stored.stays}
    ids = {one["unit_id"] for one in found}
    return share_of(unit_id in ids for unit_id in housing)


def _by_unit(stored: Stored) -> Iterator[tuple[str, Any]]:
    for key in (*(unit["key"] for unit in stored.units.values()), ALL):
        stays = [stay for stay in stored.stays if key in (ALL, stay["unit"]["key"])]
        due = [one for one in stored.due if key in (ALL, one["unit"]["key"])]
        signals = [one for one in stored.signals if key in (ALL, stored.units[one["unit_id"]]["key"])]
        if not (stays or signals or key == ALL):
            continue
        name = f"signals_by_unit.{key}"
        yield f"{name}.placements", (len(stays), None)
        for kind in ("deviation", "complaint", "remark", "replacement"):
            yield f"{name}.{kind}", (sum(one["kind"] == kind and _counts(one) for one in signals), None)
        yield f"{name}.concern", (sum(one["concern"] for one in due), None)
        yield f"{name}.response", share_of(one["answers"] is not None for one in due)


def _answers(stored: Stored) -> Iterator[tuple[str, Any]]:
    for question, choices in (
        ("feels_safe", ("yes", "partly", "no", "not_asked")),
        ("spoken_alone", ("yes", "no")),
        ("knows_plan", ("yes", "no", "not_asked")),
        ("provider_report", ("arrived", "not_arrived")),
        ("goal_progress", ("reached", "largely", "partly", "not", "too_early")),
    ):
        given = sorted(
            (one for one in stored.due if question in (one["answers"] or {})), key=lambda one: one["month"]
        )
        newest = {one["case_reference"]: one["answers"][question] for one in given}
        for choice in choices if given else ():
            yield (
                f"{question}.{choice}.reports",
                share_of(one["answers"][question] == choice for one in given),
            )
            yield f"{question}.{choice}.children", share_of(one == choice for one in newest.values())
        yield f"{question}.all.reports", (len(given), None)
        yield f"{question}.all.children", (len(newest), None)


def _talks(stored: Stored) -> Iterator[tuple[str, Any]]:
    came = [one for one in stored.due if one["answers"] is not None]
    children = {one["case_reference"] for one in came}
    for key, question, answer in (("talked", "spoken_alone", "yes"), ("unsafe", "feels_safe", "no")):
        such = {one["case_reference"] for one in came if one["answers"].get(question) == answer}
        yield f"talks.{key}.children", share_of(child in such for child in children)


def _areas(stored: Stored) -> Iterator[tuple[str, Any]]:
    for area in AREAS:
        given = [one["answers"][area] for one in stored.due if area in (one["answers"] or {})]
        for state in ("ok", "watch", "concern"):
            yield f"areas.{area}.{state}", share_of(one == state for one in given)


def _readings(stored: Stored) -> list[Raw]:
    """The newest reading of a unit's month end, where it had a placement in the month."""
    newest: dict[tuple[int, str], Raw] = {}
    for row in stored.rows("select * from score where month_end and method = 'risk-2' order by id"):
        month = row["as_of"][:7]
        housed = any(
            stay["unit_id"] == row["unit_id"]
            and stay["starts"] <= f"{month}-99"
            and (stay["ends"] or "9") >= f"{month}-01"
            for stay in stored.stays
        )
        if housed and str(stored.first) <= row["as_of"] <= str(stored.last):
            newest[row["unit_id"], row["as_of"]] = row
    return list(newest.values())


def _shown(reading: Raw) -> str:
    return "insufficient" if reading["shown"] == "green" and not reading["enough"] else reading["shown"]


def _bands(stored: Stored) -> Iterator[tuple[str, Any]]:
    for month in stored.months:
        shown = [_shown(row) for row in _readings(stored) if row["as_of"].startswith(month)]
        for band in ("red", "yellow", "green", "insufficient") if shown else ():
            yield f"bands.{month}.{band}", (shown.count(band), None)


def _alerts(stored: Stored) -> Iterator[tuple[str, Any]]:
    since, until = (
        f"{stored.first - timedelta(days=1)} 22:00",
        min(stored.known, f"{stored.year}-12-31 23:00"),
    )
    alerts = [
        row
        for row in stored.rows("select * from alert")
        if row["unit_id"] in stored.units and since <= row["raised_at"] <= until
    ]
    for kind in ("event", "band", "safety", "silence", ALL):
        found = [row for row in alerts if kind in (ALL, row["kind"])]
        if found or kind == ALL:
            yield f"alerts.{kind}.raised", (len(found), None)
            yield f"alerts.{kind}.taken_soon", share_of(_taken_soon(row) for row in found)
            yield f"alerts.{kind}.closed", share_of(row["closed_at"] is not None for row in found)
            yield f"alerts.{kind}.open", (sum(row["closed_at"] is None for row in found), None)


def _taken_soon(alert: Raw) -> bool:
    """Within a week, which holds five working days where no day between is a holiday."""
    if alert["taken_at"] is None:
        return False
    raised, taken = (date.fromisoformat(alert[name][:10]) for name in ("raised_at", "taken_at"))
    return taken <= raised + timedelta(days=7)
