"""The yearly draw done again from the published frame and value alone, with a sum, a sort and SHA-256."""

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

Row = dict[str, Any]


def drawn_by_hand(frame: str, value: str) -> dict[str, set[str]]:
    """The reasons of each unit that the method chooses, before anybody adjusts it."""
    published = json.loads(frame)
    parameters, rows = published["parameters"], published["rows"]
    assert parameters["lots"] == "one"
    seed = f"{sha256(frame.encode()).hexdigest()}|{value}"
    chosen = _by_criteria(rows, Decimal(parameters["share"]))
    _by_risk(rows, chosen, parameters["n_risk"])
    rested = [one for one in rows if published["year"] - (one["last"] or 0) > parameters["exclude_years"]]
    _by_lot(rested, chosen, seed, "general", parameters["n_spot_general"])
    _by_lot(rows, chosen, seed, "risk", parameters["n_spot_risk"])
    return chosen


def _by_criteria(rows: list[Row], share: Decimal) -> dict[str, set[str]]:
    chosen: dict[str, set[str]] = {}
    total, running = sum(one["placements"] for one in rows), 0
    for one in sorted(rows, key=lambda one: (-one["placements"], one["id"])):
        reasons = {name for name in ("age0_15", "needs") if one[name]}
        if running < share * total:
            reasons.add("largest_share")
        running += one["placements"]
        if reasons:
            chosen[one["id"]] = reasons
    return chosen


def _by_risk(rows: list[Row], chosen: dict[str, set[str]], most: int) -> None:
    outside = [one for one in rows if one["id"] not in chosen]
    red = [one for one in outside if one["band"] == "red"]
    yellow = [one for one in outside if one["band"] == "yellow"]
    yellow.sort(key=lambda one: (-one["index"], -Decimal(one["R"]), one["id"]))
    for one in rows:
        if one["id"] in chosen and one["band"] in ("red", "yellow"):
            chosen[one["id"]].add(one["band"])
    taken = red + yellow[: max(most - len(red), 0)]
    thin = [one for one in outside if one["band"] == "insufficient"]
    thin.sort(key=lambda one: (-one["placements"], one["id"]))
    for one in taken:
        chosen[one["id"]] = {one["band"]}
    for one in thin[: max(most - len(taken), 0)]:
        chosen[one["id"]] = {"risk_insufficient"}


def _by_lot(rows: list[Row], chosen: dict[str, set[str]], seed: str, draw: str, most: int) -> None:
    """The general draw is a rotation: those longest without a follow-up come first."""

    def place(one: Row) -> tuple[int, str]:
        ticket = sha256(f"{seed}|{draw}|{one['id']}|1".encode()).hexdigest()
        return ((one["last"] or 0) if draw == "general" else 0), ticket

    left = sorted((one for one in rows if one["id"] not in chosen), key=place)
    assert len(left) >= most
    for one in left[:most]:
        chosen[one["id"]] = {f"spot_{draw}"}
