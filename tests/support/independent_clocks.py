"""Counts what clocks had their last day in a period, and what was done by it, from raw rows with plain loops.

For the municipality of the demo, where nothing has been recorded in the bot: what the register says is all there is.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.support.independent_count import ALL, Counted, Raw, Stored

Time = tuple[str, date, bool]
FOSTER = ("konsulentstott_familjehem", "kommunens_familjehem")


def count_clocks(stored: Stored) -> Counted:
    assert not any(
        stored.rows(f"select * from {table}") for table in ("clock_done", "plan_check", "clock_term")
    )
    times = [one for row in _rows(stored) for one in _times(row) if _falls(stored, row, one)]
    due, done = Counter(code for code, *_ in times), Counter(code for code, _, done in times if done)
    found: Counted = {"clocks.all.due": (len(times), None)}
    for code in due:
        found |= {f"clocks.{code}.due": (due[code], None), f"clocks.{code}.in_time": (done[code], due[code])}
    if times:
        found["clocks.all.in_time"] = (sum(done.values()), len(times))
    return {name.replace("all", ALL): value for name, value in found.items()}


def _rows(stored: Stored) -> list[Raw]:
    """Every placement with its days as days, and the child's other placements."""
    rows = stored.rows("select p.*, u.form from placement p join unit u on u.id = p.unit_id")
    for row in rows:
        for name in ("starts", "ends", "executed_on", "care_plan_on", "treatment_plan_on", "last_review_on"):
            row[name] = date.fromisoformat(row[name]) if row[name] else None
        # The hour does not matter: it is read in at daytime.
        row["registered_on"] = date.fromisoformat(row["registered_at"][:10])
        born = stored.vault.open_some(row["born"])
        row["born"] = date.fromisoformat(born) if born else None
    for row in rows:
        row["others"] = [
            one for one in rows if one["case_reference"] == row["case_reference"] and one is not row
        ]
    return rows


def _falls(stored: Stored, row: Raw, time: Time) -> bool:
    code, due, _ = time
    last = row["ends"] or date.max
    if code.startswith("after"):
        first, last = last, date.max
    else:
        first = row["starts"]
    if code in ("consideration", "custody", "care_plan_revision") and row["born"]:
        last = min(last, _birthday(row["born"], 18) - timedelta(days=1))
    if due < row["registered_on"]:
        # Nobody has said here whether that was done in time.
        return False
    return stored.first <= due <= stored.last and first <= due <= last


def _times(row: Raw) -> Iterator[Time]:
    care, ground = _since(row, row["others"]), row["legal_ground"]
    reviews = [one for one in (row, *row["others"]) if one["last_review_on"] and one["last_review_body"]]
    if ground in ("sol", "lvu_2"):
        yield from _each_half_year("consideration", care, {one["last_review_on"] for one in reviews})
    if ground == "lvu_3":
        of_lvu_3 = {one["last_review_on"] for one in reviews if one["legal_ground"] == "lvu_3"}
        yield from _each_half_year("reconsideration", row["executed_on"] or care, of_lvu_3)
    if row["form"] in FOSTER:
        same = [one for one in row["others"] if _where(one) == _where(row)]
        yield "custody", _after(_since(row, same), 24), False
    revised = row["care_plan_on"]
    yield (
        "care_plan_revision",
        _after(care, 24),
        revised is not None and _after(care, 12) <= revised <= _after(care, 24),
    )
    for plan in ("care_plan", "treatment_plan"):
        if row[f"{plan}_on"]:
            yield f"{plan}_check", _after(row[f"{plan}_on"], 1), False
    if row["treatment_plan_on"]:
        said = date.fromisoformat(row["treatment_plan_review_on"] or "1900-01-01")
        by_routine = _after(row["treatment_plan_on"], 3)
        yield "treatment_plan_follow_up", said if said > row["treatment_plan_on"] else by_routine, False
    if row["ends"] and _followed_after(row):
        yield "after_care_3", _after(row["ends"], 3), False
        yield "after_care_6", _after(row["ends"], 6), False


def _each_half_year(code: str, since: date, reviews: set[date]) -> Iterator[Time]:
    for day in sorted(day for day in reviews if day >= since):
        yield code, _after(since, 6), day <= _after(since, 6)
        since = day
    yield code, _after(since, 6), False


def _followed_after(row: Raw) -> bool:
    day = row["ends"] + timedelta(days=1)
    if any(one["starts"] <= day and (one["ends"] or date.max) >= day for one in row["others"]):
        return False
    child = row["born"] is None or row["ends"] < _birthday(row["born"], 18)
    return bool(row["after_care"] == "yes" or (child and row["legal_ground"].startswith("lvu")))


def _since(row: Raw, others: list[Raw]) -> date:
    """The first day without a day between it and the placement."""
    since: date = row["starts"]
    for _ in others:
        for one in others:
            if one["starts"] < since <= (one["ends"] or date.max) + timedelta(days=bool(one["ends"])):
                since = one["starts"]
    return since


def _where(row: Raw) -> tuple[str, Any]:
    return ("home", row["home"]) if row["home"] else ("unit", row["unit_id"])


def _after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
