"""What is claimed of the year's work: follow-ups, what they are filled in with, and actions."""

import re
from datetime import date
from functools import wraps

from tests.support.card_count import NAMED, in_words, month_in_words, months_back, percent
from tests.support.claims import Claim, claims
from tests.support.claims_lookups import follow_up_unit
from tests.support.heard import Heard
from tests.support.told import Told, day_of


@claims("follow_ups.none")
def _no_follow_up_is_open(told: Told, said: Heard) -> bool:
    return told.then.open_follow_ups == []


@claims("actions.none")
def _no_action_is_unfinished(told: Told, said: Heard) -> bool:
    of_one = told.carried.get("follow_up")
    return not any(of_one in (None, _of_action(told, one)) for one in told.then.unfinished)


def _of_action(told: Told, version: dict[str, object]) -> int:
    [one] = told.then.rows("select follow_up_id from action where id = :id", id=version["action_id"])
    return int(one["follow_up_id"])


def _follow_up_above(told: Told, line: int) -> int:
    """The follow-up of a row or of a card: its number stands in the title."""
    for before in reversed(told.lines[: line + 1]):
        if found := re.match(r"(?:Uppföljning )?UF-(\d+)(?:: | · )", before):
            return int(found[1])
    raise LookupError(told.lines[line])


@claims("follow_up.no_actions")
def _the_follow_up_has_no_action(told: Told, said: Heard) -> bool:
    number = _follow_up_above(told, said.line)
    return told.then.rows("select id from action where follow_up_id = :id", id=number) == []


@claims("follow_up.nothing_written")
def _nothing_is_written_in_it(told: Told, said: Heard) -> bool:
    number = _follow_up_above(told, said.line)
    [newest] = [one for one in told.then.newest_versions("follow_up") if one["follow_up_id"] == number]
    return not any(newest[name] for name in ("participants", "areas", "strengths", "improvements"))


@claims("follow_up.late.actions")
def _so_many_actions_are_late(told: Told, said: Heard) -> bool:
    number, day = _follow_up_above(told, said.line), str(told.then.today)
    late = [one for one in told.then.unfinished if one["due_on"] < day]
    return said.number() == sum(_of_action(told, one) == number for one in late)


@claims("follow_up.late.planned")
def _its_day_has_passed(told: Told, said: Heard) -> bool:
    number = _follow_up_above(told, said.line)
    [newest] = [one for one in told.then.newest_versions("follow_up") if one["follow_up_id"] == number]
    planned = newest["planned_on"]
    passed = planned < str(told.then.today) and newest["held_on"] is None
    return passed and said.values["day"] == in_words(date.fromisoformat(planned))


@claims("follow_up.actions_left")
def _so_many_actions_are_not_verified(told: Told, said: Heard) -> bool:
    number = told.carried.get("follow_up")
    return said.number() == sum(_of_action(told, one) == number for one in told.then.unfinished)


@claims("follow_up.open_already")
def _it_is_followed_up_already(told: Told, said: Heard) -> bool:
    return int(said.values["number"][3:]) in {one["follow_up_id"] for one in told.then.open_follow_ups}


def as_it_is_filled_in(check: Claim) -> Claim:
    """Of a form that nobody has saved yet: what was saved is a document of its day."""

    @wraps(check)
    def check_form(told: Told, said: Heard) -> bool:
        number = _follow_up_above(told, said.line)
        versions = told.then.rows("select id from follow_up_version where follow_up_id = :id", id=number)
        return len(versions) > 1 or check(told, said)

    return check_form


@claims("follow_up.pre.no_alerts", "follow_up.pre.alerts", "follow_up.pre.alerts_few")
@as_it_is_filled_in
def _so_many_alerts_in_the_months(told: Told, said: Heard) -> bool:
    unit = _unit_of_title(told, said.line)
    first = f"{months_back(told.then.today, 12)[0]}-01"
    raised = told.then.rows("select raised_at from alert where unit_id = :unit", unit=unit)
    number = sum(str(day_of(one["raised_at"])) >= first for one in raised)
    if said.id == "follow_up.pre.alerts_few":
        return number > 0
    return number == (0 if said.id == "follow_up.pre.no_alerts" else said.number())


def _unit_of_title(told: Told, line: int) -> int:
    return follow_up_unit(told, _follow_up_above(told, line))


@claims("follow_up.pre.no_events")
@as_it_is_filled_in
def _nothing_counts(told: Told, said: Heard) -> bool:
    newest = told.then.newest_score(_unit_of_title(told, said.line), str(told.then.today))
    return newest is not None and newest["o"] == 0


@claims("follow_up.pre.nothing_tried")
@as_it_is_filled_in
def _nothing_was_decided_on(told: Told, said: Heard) -> bool:
    first = f"{months_back(told.then.today, 12)[0]}-01"
    made = told.then.rows(
        "select d.decided_on from alert_decision d join alert a on a.id = d.alert_id where a.unit_id = :unit",
        unit=_unit_of_title(told, said.line),
    )
    return not any(one["decided_on"] >= first for one in made)


@claims("follow_up.pre.nothing_expected", "follow_up.pre.response")
@as_it_is_filled_in
def _so_many_reports_are_in(told: Told, said: Heard) -> bool:
    arrived, expected = told.then.coverage(_unit_of_title(told, said.line))
    if said.id == "follow_up.pre.nothing_expected":
        return expected == 0
    return said.number("percent") == percent(arrived, expected)


@claims("follow_up.pre.index_up", "follow_up.pre.index_down", "follow_up.pre.index_same")
@as_it_is_filled_in
def _the_index_has_moved_so(told: Told, said: Heard) -> bool:
    """From the oldest month end of the twelve months and the one before; today's index is measured as it is said."""
    year = dict(
        zip(
            months_back(told.then.today, 25)[:-1],
            told.then.trend(_unit_of_title(told, said.line)),
            strict=True,
        )
    )
    first = next(one for one in months_back(told.then.today, 13) if year.get(one, "–") != "–")
    before, now = (int(said.values[name]) for name in ("before", "index"))
    way = "same" if now == before else "up" if now > before else "down"
    return (month_in_words(first), year[first], way) == (
        said.values["month"],
        str(before),
        said.id.rpartition("_")[2],
    )


@claims("follow_up.no_day")
def _no_day_is_planned(told: Told, said: Heard) -> bool:
    number = _follow_up_above(told, said.line)
    [newest] = [one for one in told.then.newest_versions("follow_up") if one["follow_up_id"] == number]
    return newest["planned_on"] is None


@claims("follow_up.ownerless", "action.ownerless", "action_due.ownerless")
def _the_owner_has_left_the_team(told: Told, said: Heard) -> bool:
    """Somebody who answers for open work is not of the quality team any more."""
    work = [*told.then.open_follow_ups, *told.then.unfinished]
    owners = [told.then.people.get(one["owner_id"] or 0) for one in work]
    return any(one is None or not one["active"] or one["role"] != "quality" for one in owners)


@claims("unit_follow_ups.no_verdict")
def _a_follow_up_has_no_verdict(told: Told, said: Heard) -> bool:
    return any(one["verdict"] is None for one in told.then.newest_versions("follow_up"))


@claims("action.late")
def _an_action_is_so_late(told: Told, said: Heard) -> bool:
    number = next(
        int(found[1])
        for one in reversed(told.lines[: said.line + 1])
        if (found := re.match(r"(?:Åtgärd )?Å-(\d+)\b", one))
    )
    [newest] = [one for one in told.then.unfinished if one["action_id"] == number]
    return (told.then.today - date.fromisoformat(newest["due_on"])).days == said.number()


@claims("action_due.coming", "action_due.today", "action_due.passed")
def _the_action_is_due_so(told: Told, said: Heard) -> bool:
    [newest] = [one for one in told.then.unfinished if one["action_id"] == int(said.values["number"][2:])]
    days = (date.fromisoformat(newest["due_on"]) - told.then.today).days
    way = "today" if days == 0 else "coming" if days > 0 else "passed"
    return said.id.endswith(way) and (way != "coming" or days == said.number())


@claims("action.row", "unit_follow_ups.action")
def _the_action_is_to_be_done_then(told: Told, said: Heard) -> bool:
    number = next(
        int(found[1])
        for one in reversed(told.lines[: said.line + 1])
        if (found := re.match(r"Å-(\d+)\b", one))
    )
    [newest] = [one for one in told.then.newest_versions("action") if one["action_id"] == number]
    return said.values["due"] == in_words(date.fromisoformat(newest["due_on"]))


@claims("follow_up.late.year", "follow_ups.no_selection")
def _the_years_day_has_passed(told: Told, said: Heard) -> bool:
    words = said.values["day"].split()
    return (int(words[2]), NAMED.index(words[1]) + 1, int(words[0])) < (
        told.then.today.year,
        told.then.today.month,
        told.then.today.day,
    )
