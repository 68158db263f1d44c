"""Counts a second time what the method is tested by, from raw rows of all years with plain loops."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import Any

from tests.support.independent_count import Counted, Raw, Stored, share_of
from tests.support.independent_year import CRITERIA, RANDOM, RISK, VERDICTS, cycles

ORDER = ("green", "yellow", "red")


def count_backtest(stored: Stored) -> Counted:
    counted: Counted = {}
    year_end = stored.now.replace(year=stored.year, month=12, day=31, hour=23, minute=0)
    stored = replace(stored, now=min(stored.now, year_end))
    for part in (_bands, _agreement, _tracks):
        counted.update(part(tested(stored)))
    counted.update(_alerts(stored))
    return {name: value for name, value in counted.items() if value is not None}


def tested(stored: Stored) -> list[Raw]:
    """The closed follow-ups of all years, each with its band the moment before the day it was held, and its reasons."""
    years = stored.rows("select distinct year from selection_cycle")
    of_all = {one["id"]: one for row in years for one in cycles(replace(stored, year=row["year"]))}
    newest: dict[int, Raw] = {}
    for row in stored.rows(
        "select v.*, f.unit_id, f.cycle_id, f.opened_at from follow_up_version v "
        "join follow_up f on f.id = v.follow_up_id order by v.version"
    ):
        newest[row["follow_up_id"]] = row
    found = []
    for row in newest.values():
        known = row["recorded_at"] <= stored.known and row["unit_id"] in stored.units
        if known and row["step"] == "closed" and row["verdict"]:
            key = stored.units[row["unit_id"]]["key"]
            reasons = of_all[row["cycle_id"]]["reasons"].get(key, set()) if row["cycle_id"] else set()
            found.append({**row, "reasons": reasons, "band": _band_before(stored, row)})
    return found


def _band_before(stored: Stored, row: Raw) -> str | None:
    """Midnight here is 22 or 23 the day before in UTC; nothing of the year's is scored between."""
    day = row["held_on"] or row["opened_at"][:10]
    made = [
        one
        for one in stored.rows(f"select * from score where unit_id = {row['unit_id']} order by id")
        if one["as_of"] < day and one["scored_at"][:10] < day
    ]
    if not made or made[-1]["method"] != "risk-2":
        return None
    last = made[-1]
    return "insufficient" if last["shown"] == "green" and not last["enough"] else str(last["shown"])


def _share(name: str, rows: list[Raw]) -> Iterator[tuple[str, Any]]:
    faults, number = sum(one["verdict"] != "meets" for one in rows), len(rows)
    yield f"{name}.tested", (number, None)
    yield f"{name}.with_faults", (faults, number)
    # The two roots of (p - x)² = z² x (1 - x) / n, which is how Wilson states the interval.
    z2, p = 1.959964**2, faults / number
    a, b, c = 1 + z2 / number, -(2 * p + z2 / number), p * p
    root = sqrt(max(0.0, b * b - 4 * a * c))
    for column, x in (("low", (-b - root) / (2 * a)), ("high", (-b + root) / (2 * a))):
        yield f"{name}.{column}", (int(100 * min(1.0, max(0.0, x)) + 0.5), None)


def _bands(rows: list[Raw]) -> Iterator[tuple[str, Any]]:
    for band in {one["band"] for one in rows if one["band"]}:
        own = [one for one in rows if one["band"] == band]
        yield from _share(f"tested_bands.{band}", own)
        for verdict in VERDICTS:
            yield f"tested_bands.{band}.{verdict}", (sum(one["verdict"] == verdict for one in own), None)


def _agreement(rows: list[Raw]) -> Iterator[tuple[str, Any]]:
    pairs = [
        (ORDER.index(one["band"]), VERDICTS.index(one["verdict"])) for one in rows if one["band"] in ORDER
    ]
    number = len(pairs)
    if number:
        yield "tested_agreement.all.tested", (number, None)
    if number < 20:
        return
    # As the share of agreement seen and by chance, each with weights 1, 1/2 and 0.
    seen = Decimal(sum(2 - abs(a - b) for a, b in pairs)) / (2 * number)
    chance = Decimal(sum(2 - abs(a - d) for a, _ in pairs for _, d in pairs)) / (2 * number * number)
    if chance != 1:
        kappa = ((seen - chance) / (1 - chance)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        yield "tested_agreement.all.kappa", (kappa, None)


def _tracks(rows: list[Raw]) -> Iterator[tuple[str, Any]]:
    for track, reasons in (("risk", RISK), ("random", RANDOM), ("criteria", CRITERIA)):
        own = [one for one in rows if one["reasons"] & reasons]
        if own:
            yield from _share(f"tested_tracks.{track}", own)


def _alerts(stored: Stored) -> Iterator[tuple[str, Any]]:
    notified = {
        one["alert_id"]
        for one in stored.rows("select * from alert_decision where notified")
        if one["recorded_at"] <= stored.known
    }
    opened = {
        one["alert_id"] for one in stored.rows("select * from follow_up") if one["opened_at"] <= stored.known
    }
    alerts = [
        one
        for one in stored.rows("select * from alert where kind <> 'silence'")
        if one["unit_id"] in stored.units and one["raised_at"] <= stored.known
    ]
    for year in {one["raised_at"][:4] for one in alerts}:
        own, workers = [one for one in alerts if one["raised_at"][:4] == year], len(_workers(stored, year))
        yield f"alerts_by_year.{year}.raised", (len(own), None)
        yield f"alerts_by_year.{year}.workers", (workers, None)
        rate = (Decimal(len(own)) / workers).quantize(Decimal("0.01"), ROUND_HALF_UP) if workers else None
        yield f"alerts_by_year.{year}.per_worker", None if rate is None else (rate, None)
        yield f"alerts_by_year.{year}.led", share_of(one["id"] in notified | opened for one in own)


def _workers(stored: Stored, year: str) -> set[int]:
    """Who owns, on the year's last day or today, a placement that was open some day of the year until then."""
    last = min(f"{year}-12-31", str(stored.now.date()))
    owners: dict[int, int] = {}
    for row in stored.rows("select * from ownership order by id"):
        if row["since"] <= last:
            owners[row["placement_id"]] = row["owner_id"]
    return {
        owners[row["id"]]
        for row in stored.rows("select * from placement")
        if row["id"] in owners
        and row["unit_id"] in stored.units
        and row["starts"] <= last
        and (row["ends"] or "9") >= f"{year}-01-01"
    }
