"""Counts the figures of selection, follow-ups and actions a second time, from raw rows with plain loops."""

import json
from collections.abc import Iterator
from typing import Any

from followup.selection.selection import propose
from followup.selection.selection_frame import read_frame
from tests.support.independent_count import ALL, Counted, Raw, Stored, share_of

VERDICTS = ("meets", "partly", "not")
CRITERIA, RISK, RANDOM = (
    {"largest_share", "age0_15", "needs"},
    {"red", "yellow"},
    {"spot_general", "spot_risk"},
)
REASONS = (
    "largest_share",
    "age0_15",
    "needs",
    "spot_general",
    "red",
    "yellow",
    "spot_risk",
    "added",
)


def count_year(stored: Stored) -> Counted:
    counted: Counted = {}
    for part in (_selection, _selected, _verdicts, _written, _satisfaction, _notified):
        counted.update(part(stored))
    for part in (_hits, _band_verdicts, _actions, _providers):
        counted.update(part(stored))
    return {name: value for name, value in counted.items() if value is not None}


def cycles(stored: Stored) -> list[Raw]:
    """Each with its frame's rows by unit, and the reasons of what was selected after the adjustments."""
    rows = stored.rows(f"select * from selection_cycle where year = {stored.year} order by id")
    found = [{**one} for one in rows]
    for cycle in found:
        cycle["rows"] = {row["id"]: row for row in json.loads(cycle["frame"])["rows"]}
        reasons: dict[str, set[str]] = {}
        if cycle["public_value"] is not None:
            proposal = propose(read_frame(cycle["frame"]), cycle["public_value"])
            reasons = {one.unit: set(one.reasons) for one in proposal.units}
            for row in stored.rows(
                "select a.act, u.key from selection_adjustment a join unit u on u.id = a.unit_id "
                f"where a.cycle_id = {cycle['id']} order by a.id"
            ):
                if row["act"] == "remove":
                    reasons.pop(row["key"])
                else:
                    reasons[row["key"]] = {"added"}
        cycle["reasons"] = reasons
    return found


def follow_ups_of(stored: Stored) -> list[Raw]:
    """The newest version of the year's follow-ups, with the unit, its band and what chose it."""
    newest: dict[int, Raw] = {}
    for row in stored.rows(
        "select v.*, f.unit_id, f.cycle_id, f.opened_at from follow_up_version v "
        "join follow_up f on f.id = v.follow_up_id order by v.version"
    ):
        if row["recorded_at"] <= stored.known:
            newest[row["follow_up_id"]] = row
    of_year = {cycle["id"]: cycle for cycle in cycles(stored)}
    mine = []
    for row in newest.values():
        if row["cycle_id"] in of_year or (
            row["cycle_id"] is None and row["opened_at"][:4] == str(stored.year)
        ):
            unit, cycle = (
                stored.units[row["unit_id"]],
                of_year.get(row["cycle_id"], {"reasons": {}, "rows": {}}),
            )
            chosen = {"unit": unit, "reasons": cycle["reasons"].get(unit["key"], set())}
            mine.append({**row, **chosen, "band": cycle["rows"].get(unit["key"], {}).get("band")})
    return mine


def actions_of(stored: Stored, review: Raw) -> list[Raw]:
    newest: dict[int, Raw] = {}
    for row in stored.rows(
        "select v.* from action_version v join action a on a.id = v.action_id "
        f"where a.follow_up_id = {review['follow_up_id']} order by v.version"
    ):
        if row["recorded_at"] <= stored.known:
            newest[row["action_id"]] = row
    return list(newest.values())


def _yearly(stored: Stored) -> Raw | None:
    """The year's own, or of its two halves the later that is drawn."""
    own = [one for one in cycles(stored) if one["name"] in ("yearly", "half-1", "half-2")]
    return next((one for one in reversed(own) if one["public_value"]), None)


def _selection(stored: Stored) -> Iterator[tuple[str, Any]]:
    cycle = _yearly(stored)
    if cycle is None:
        yield "selection.all.units", (0, None)
        return
    everything = sum(row["placements"] for row in cycle["rows"].values())
    for reason in (*REASONS, ALL):
        units = [unit for unit, why in cycle["reasons"].items() if reason in (*why, ALL)]
        if units:
            covered = sum(cycle["rows"][unit]["placements"] for unit in units)
            yield f"selection.{reason}.units", (len(units), None)
            yield f"selection.{reason}.covered", (covered, everything)


def _selected(stored: Stored) -> Iterator[tuple[str, Any]]:
    placements = [one["rows"][unit]["placements"] for one in cycles(stored) for unit in one["reasons"]]
    if len(cycles(stored)) < 2:
        yield "selected.all.placements", (sum(placements), None)
    for number, cycle in enumerate(cycles(stored)):
        for unit in cycle["reasons"]:
            yield f"selected.{number}:{unit}.placements", (cycle["rows"][unit]["placements"], None)


def _verdicts(stored: Stored) -> Iterator[tuple[str, Any]]:
    found = follow_ups_of(stored)
    kinds = {one["unit"]["ownership"] for one in found}
    for verdict in (*VERDICTS, None, ALL):
        if not found and verdict != ALL:
            continue
        for kind in (*kinds, ALL):
            number = sum(
                verdict in (ALL, one["verdict"]) and kind in (ALL, one["unit"]["ownership"]) for one in found
            )
            column = ALL if kind == ALL else f"of_{kind}"
            yield f"verdicts.{verdict or 'none'}.{column}", (number, None)


def _written(stored: Stored) -> Iterator[tuple[str, Any]]:
    asked = [one for one in follow_ups_of(stored) if one["report_asked_on"]]
    if asked:
        yield "written_reports.written.asked_for", (len(asked), None)
        yield (
            "written_reports.written.received",
            share_of(one["report_received_on"] is not None for one in asked),
        )


def _satisfaction(stored: Stored) -> Iterator[tuple[str, Any]]:
    for one in follow_ups_of(stored):
        for number, figure in enumerate(json.loads(one["satisfaction"] or "[]")):
            name = f"satisfaction.UF-{one['follow_up_id']}:{number}.answered"
            yield name, (figure["answered"], figure["asked"])


def _notified(stored: Stored) -> Iterator[tuple[str, Any]]:
    decided = [
        row
        for row in stored.rows("select * from alert_decision")
        if str(stored.first) <= row["decided_on"] <= f"{stored.year}-12-31"
        and row["recorded_at"] <= stored.known
    ]
    for name, value in (("yes", 1), ("no", 0)):
        if decided:
            yield f"notified.{name}.decisions", (sum(row["notified"] == value for row in decided), None)
    yield "notified.all.decisions", (len(decided), None)


def _hits(stored: Stored) -> Iterator[tuple[str, Any]]:
    for track, reasons in (("risk", RISK), ("random", RANDOM), ("criteria", CRITERIA)):
        judged = [one for one in follow_ups_of(stored) if one["verdict"] and one["reasons"] & reasons]
        faults = [one for one in judged if one["verdict"] != "meets"]
        if judged:
            yield f"hit_share.{track}.follow_ups", (len(judged), None)
            yield f"hit_share.{track}.with_faults", (len(faults), None)
            yield f"hit_share.{track}.hits", (len(faults), len(judged)) if len(judged) >= 5 else None


def _band_verdicts(stored: Stored) -> Iterator[tuple[str, Any]]:
    judged = [one for one in follow_ups_of(stored) if one["verdict"] and one["reasons"] and one["band"]]
    for band in {one["band"] for one in judged}:
        for verdict in VERDICTS:
            number = sum(one["band"] == band and one["verdict"] == verdict for one in judged)
            yield f"band_verdicts.{band}.{verdict}", (number, None)


def _actions(stored: Stored) -> Iterator[tuple[str, Any]]:
    found = [action for one in follow_ups_of(stored) for action in actions_of(stored, one)]
    today = str(stored.now.date())
    for state in ("open", "done", "verified", "cancelled", ALL):
        if not found and state != ALL:
            continue
        mine = [one for one in found if state in (ALL, one["state"])]
        late = [one for one in mine if one["state"] in ("open", "done") and one["due_on"] < today]
        yield f"actions.{state}.actions", (len(mine), None)
        yield f"actions.{state}.late", (len(late), None)


def _providers(stored: Stored) -> Iterator[tuple[str, Any]]:
    names = {row["id"]: row["name"] for row in stored.rows("select * from provider")}
    private = [stay for stay in stored.stays if stay["unit"]["ownership"] == "private"]
    for provider in (*{stay["unit"]["provider_id"] for stay in private}, ALL):
        stays = [stay for stay in private if provider in (ALL, stay["unit"]["provider_id"])]
        units = {stay["unit_id"] for stay in stays}
        due = [one for one in stored.due if one["unit_id"] in units]
        judged = [one for one in follow_ups_of(stored) if one["verdict"] and one["unit_id"] in units]
        name = f"private_providers.{names.get(provider, ALL)}"
        yield f"{name}.units", (len(units), None)
        yield f"{name}.placements", (len(stays), None)
        yield f"{name}.response", share_of(one["answers"] is not None for one in due)
        yield f"{name}.followed_up", (len(judged), None)
        yield f"{name}.with_faults", (sum(one["verdict"] != "meets" for one in judged), None)
        yield f"{name}.actions", (sum(len(actions_of(stored, one)) for one in judged), None)
