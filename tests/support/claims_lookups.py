"""What a sentence is about, found in the lines before it, and what several claims count alike."""

import re

from tests.support.told import Told, day_of


def is_letter(told: Told) -> bool:
    """The weekly one, which is of all units together."""
    return "Veckobrev" in told.lines


def rate(told: Told, month: str) -> tuple[int, int]:
    """By who answered for each on the round's last day, or answers today where that is to come."""
    mine = [one for one in told.then.all_tasks if one["month"] == month and is_hers(told, one)]
    return sum(one["is_in"] for one in mine), len(mine)


def is_hers(told: Told, task: dict[str, object]) -> bool:
    if told.role == "quality":
        return True
    day = min(told.then.today, day_of(str(task["deadline"])))
    who = told.then.answered_for(int(str(task["placement_id"])), str(day))
    return told.person_id in told.then.managers_of(who)


def follow_up_unit(told: Told, follow_up_id: int) -> int:
    [one] = told.then.rows("select unit_id from follow_up where id = :id", id=follow_up_id)
    return int(one["unit_id"])


def unit_near(told: Told, line: int) -> dict[str, object]:
    """Of a unit's own part, or of a card of evidence about one unit."""
    for before in reversed(told.lines[: line + 1]):
        if found := re.fullmatch(r"Underlag för (.+)|Larm L-\d+: (.+)", before):
            title = str(found[1] or found[2])
            # One home's name may be the beginning of another's.
            return max(
                (one for one in told.then.units if one["name"] in title), key=lambda one: len(one["name"])
            )
        for unit in told.then.units:
            if before.endswith(f" · {unit['name']}"):
                return unit
    raise LookupError(told.lines[line])
