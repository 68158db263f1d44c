"""What is claimed of units: bands, response, what has changed, evidence, agreements, plans, follow-ups."""

import re
from datetime import date, timedelta
from functools import wraps

from tests.support.card_count import NAMED, in_words, month_in_words, months_back, percent
from tests.support.claims import Claim, claims
from tests.support.heard import Heard, forms
from tests.support.told import Told, day_of, moment_of

BANDS = {"röd": "red", "gul": "yellow", "grön": "green"}


def _end_of_last_month(told: Told) -> date:
    return told.then.today.replace(day=1) - timedelta(days=1)


@claims("status.unchanged")
def _no_unit_has_changed(told: Told, said: Heard) -> bool:
    return told.then.changed_since(_end_of_last_month(told)) == set()


@claims("change.up", "change.down")
def _the_unit_has_changed(told: Told, said: Heard) -> bool:
    """Since the month's end in the overview, since a moment in the weekly letter; the new band is today's in both."""
    [unit] = [one for one in told.then.units if one["name"] == said.values["unit"]]
    now = told.then.newest_score(unit["id"], str(told.then.today))
    stands = now is not None and now["shown"] == BANDS[said.values["after"]]
    since = (unit["name"], BANDS[said.values["before"]], BANDS[said.values["after"]])
    return stands and (_is_letter(told) or since in told.then.changed_since(_end_of_last_month(told)))


def _is_letter(told: Told) -> bool:
    """The weekly one, which is of all units together."""
    return "Veckobrev" in told.lines


@claims("status.none_to_follow")
def _no_unit_is_red_or_yellow(told: Told, said: Heard) -> bool:
    return not {"red", "yellow"} & {*told.then.shown().values()}


@claims("status.alerts_late")
def _so_many_alerts_are_late(told: Told, said: Heard) -> bool:
    return said.number() == told.then.late_untaken() > 0


@claims("status.no_responses")
def _nothing_was_asked_for(told: Told, said: Heard) -> bool:
    return not any(_rate(told, month)[1] for month in _asked_months(told))


@claims("status.response", "status.response.so_far")
def _so_many_of_the_month_are_in(told: Told, said: Heard) -> bool:
    month = next(one for one in _asked_months(told) if month_in_words(one) == said.values["month"].lower())
    answered, all_ = _rate(told, month)
    said_of = said.number("percent"), said.number("answered"), said.number("all")
    return said_of == (percent(answered, all_), answered, all_)


@claims("status.response.up", "status.response.down", "status.response.same")
def _it_is_more_or_less_than_the_month_before(told: Told, said: Heard) -> bool:
    """Of two closed months, the newest first."""
    closed = [
        one for one in _asked_months(told) if one not in told.then.open_months() and _rate(told, one)[1]
    ]
    newest, before = (percent(*_rate(told, one)) for one in closed[:2])
    number = said.number() if "n" in said.values or said.id != "status.response.same" else 0
    expected = {"up": newest - before, "down": before - newest, "same": 0}[said.id.rpartition(".")[2]]
    right = number == expected and (newest == before) is said.id.endswith("same")
    return right and said.number("percent") == before and said.values["month"] == month_in_words(closed[1])


def _asked_months(told: Told) -> list[str]:
    """The newest first."""
    return sorted({one["month"] for one in told.then.all_tasks}, reverse=True)


def _rate(told: Told, month: str) -> tuple[int, int]:
    """By who answered for each on the round's last day, or answers today where that is to come."""
    mine = [one for one in told.then.all_tasks if one["month"] == month and _is_hers(told, one)]
    return sum(one["is_in"] for one in mine), len(mine)


def _is_hers(told: Told, task: dict[str, object]) -> bool:
    if told.role == "quality":
        return True
    day = min(told.then.today, day_of(str(task["deadline"])))
    who = told.then.answered_for(int(str(task["placement_id"])), str(day))
    return told.person_id in told.then.managers_of(who)


@claims("overdue.none")
def _no_contact_is_overdue(told: Told, said: Heard) -> bool:
    day = str(told.then.today)
    placed = [
        one
        for one in told.then.rows(
            "select p.* from placement p join unit u on u.id = p.unit_id where form <> 'kommunens_familjehem'"
        )
        if one["starts"] <= day <= (one["ends"] or "9")
        and told.person_id in told.then.managers_of(told.then.owner(one["id"]))
    ]
    return said.number() == len(placed) and told.then.overdue(placed) == set()


# The twelve months of a unit's card.


@claims("provider.never_followed_up")
def _the_unit_was_never_followed_up(told: Told, said: Heard) -> bool:
    unit = told.unit_above(said.line)
    held = [
        one
        for one in told.then.newest_versions("follow_up")
        if one["verdict"] and _follow_up_unit(told, one["follow_up_id"]) == unit["id"]
    ]
    return unit["last_follow_up"] is None and held == []


@claims("provider.no_verdict")
def _the_last_follow_up_has_no_verdict(told: Told, said: Heard) -> bool:
    return told.unit_above(said.line)["last_verdict"] is None


def _follow_up_unit(told: Told, follow_up_id: int) -> int:
    [one] = told.then.rows("select unit_id from follow_up where id = :id", id=follow_up_id)
    return int(one["unit_id"])


@claims(
    "provider.no_contract", "provider.contract_ended", "provider.contract_ends", "provider.contract_lasts"
)
def _its_agreements_are_so(told: Told, said: Heard) -> bool:
    return told.then.contract(told.unit_above(said.line)["id"]) == told.lines[said.line]


@claims("supplementary.contract_ended")
def _no_agreement_is_in_force(told: Told, said: Heard) -> bool:
    mine = told.then.contract(int(str(_unit_near(told, said.line)["id"])))
    return mine == f"Inget gällande avtal. Det senaste slutade {said.values['day']}."


def _unit_near(told: Told, line: int) -> dict[str, object]:
    """Of a unit's own part, or of a card of evidence about one unit."""
    for before in reversed(told.lines[: line + 1]):
        if found := re.fullmatch(r"Underlag för (.+)|Larm L-\d+: (.+)", before):
            title = str(found[1] or found[2])
            return next(one for one in told.then.units if one["name"] in title)
        for unit in told.then.units:
            if before.endswith(f" · {unit['name']}"):
                return unit
    raise LookupError(told.lines[line])


@claims("provider.no_placements")
def _nobody_is_placed_there(told: Told, said: Heard) -> bool:
    return told.then.placed(told.unit_above(said.line)["id"]) == []


@claims("provider.framework_own", "provider.framework_unknown", "provider.framework_share")
def _so_many_are_on_framework_agreements(told: Told, said: Heard) -> bool:
    unit = told.unit_above(said.line)
    counted = told.then.on_framework(unit)
    if said.id == "provider.framework_unknown":
        return counted.startswith("0\u00a0% (0 av ")
    return told.lines[said.line] == counted


@claims("provider.missing.care_plan", "provider.missing.treatment_plan", "provider.plans_unknown")
def _so_many_have_no_plan(told: Told, said: Heard) -> bool:
    return _plans(told, said) == told.lines[said.line]


def _plans(told: Told, said: Heard) -> str:
    """As card_count has it, and how many nobody has said anything of."""
    unit = told.unit_above(said.line)
    missing, unknown = told.then.plans_missing(unit["id"]), 0
    for one in told.then.placed(unit["id"]):
        answers = told.then.answers(one["id"])
        states = [
            next((each[plan] for each in reversed(answers) if each.get(plan)), one[plan])
            for plan in ("care_plan", "treatment_plan")
        ]
        unknown += None in states
    parts = [] if missing == "Inga" else [missing]
    return ", ".join([*parts, *([f"{unknown} utan uppgift"] if unknown else [])]) or "Inga"


@claims("provider.none_missing")
def _no_plan_is_missing(told: Told, said: Heard) -> bool:
    if told.lines[said.line] != "Inga" or "Planer som saknas" not in told.lines[: said.line + 1][-2:]:
        return True
    return _plans(told, said) == "Inga"


@claims("provider.signals_in")
def _so_many_signals(told: Told, said: Heard) -> bool:
    """By kind, or by `provider.no_signals` that there are none."""
    year = months_back(told.then.today, 12)
    if said.values["months"] != f"{month_in_words(year[0])}–{month_in_words(year[-1])}":
        return True
    mine = told.then.signals(told.unit_above(said.line)["id"])
    counted = [int(one) for one in re.findall(r" (\d+)(?:,|$)", said.values["kinds"])]
    return sorted(counted) == sorted(mine.values()) and (said.values["kinds"] == "inga") is not bool(mine)


@claims("provider.no_trend")
def _there_is_no_index_to_show(told: Told, said: Heard) -> bool:
    """For those who see all of them."""
    trend = told.then.trend(told.unit_above(said.line)["id"])
    return told.role != "quality" or {*trend} == {"–"}


@claims("completeness.share")
def _so_many_of_the_reports_are_in(told: Told, said: Heard) -> bool:
    """Of a card of a unit or of its evidence; an alert's is of the unit that the alert is about."""
    unit = int(str(_unit_near(told, said.line)["id"]))
    return said.number("percent") == percent(*told.then.coverage(unit))


@claims("completeness.nothing")
def _no_report_can_be_counted(told: Told, said: Heard) -> bool:
    return told.then.coverage(int(str(_unit_near(told, said.line)["id"])))[1] == 0


@claims("evidence.none", "reasons.none")
def _nothing_raises_the_ratio(told: Told, said: Heard) -> bool:
    """The newest reading has no points."""
    unit = _unit_near(told, said.line)
    newest = told.then.newest_score(int(str(unit["id"])), str(told.then.today))
    return newest is not None and newest["o"] == 0


# The year's work.


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


@claims("follow_up.late.actions", "digest.actions_late")
def _so_many_actions_are_late(told: Told, said: Heard) -> bool:
    """The same words say it of one follow-up and of all."""
    day = str(told.then.today)
    late = [one for one in told.then.unfinished if one["due_on"] < day]
    if not _is_letter(told):
        number = _follow_up_above(told, said.line)
        late = [one for one in late if _of_action(told, one) == number]
    return said.number() == len(late)


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
    return _follow_up_unit(told, _follow_up_above(told, line))


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


# The weekly letter.


def _week_begins(told: Told) -> str:
    """A letter that is asked for is of the last seven days; one that is sent says since when it is."""
    return f"{told.then.now - timedelta(days=7):%Y-%m-%d %H:%M:%S.%f}"


@claims("digest.nothing_new")
def _no_band_has_risen(told: Told, said: Heard) -> bool:
    if told.unasked:
        return True
    for unit in told.then.units:
        now = told.then.newest_score(unit["id"], str(told.then.today))
        known = told.then.rows(
            "select shown from score where unit_id = :unit and scored_at <= :since and method = 'risk-2' "
            "order by as_of, id",
            unit=unit["id"],
            since=_week_begins(told),
        )
        was = known[-1]["shown"] if known else "green"
        ranks = ("green", "yellow", "red")
        if now is not None and ranks.index(now["shown"]) > ranks.index(was):
            return False
    return True


@claims("digest.reports")
def _so_many_were_handed_in(told: Told, said: Heard) -> bool:
    return told.unasked or said.number() == _handed_in(told)


def _handed_in(told: Told) -> int:
    since = moment_of(_week_begins(told))
    if told.role == "quality":
        return told.then.answered_since(since)
    mine = {one for one in told.then.people if told.person_id in told.then.managers_of(one)}
    return told.then.answered_since(since, {*mine})


@claims("digest.nothing_answered")
def _nothing_was_handed_in_and_nothing_waits(told: Told, said: Heard) -> bool:
    waits = any(_rate(told, month)[1] for month in told.then.open_months())
    return not waits and (told.unasked or _handed_in(told) == 0)


@claims("digest.reports_late")
def _so_many_of_the_month_are_late(told: Told, said: Heard) -> bool:
    now = f"{told.then.now:%Y-%m-%d %H:%M:%S.%f}"
    late = [
        one
        for one in told.then.tasks
        if not one["is_in"] and one["deadline"] < now and month_in_words(one["month"]) == said.values["month"]
    ]
    hers = [one for one in late if _sees_missing(told, one["who"])]
    return said.number() == len(hers)


def _sees_missing(told: Told, worker: int | None) -> bool:
    return told.role == "quality" or told.person_id in told.then.managers_of(worker)


@claims("digest.nothing_overdue")
def _nothing_is_late(told: Told, said: Heard) -> bool:
    """Of reports, alerts, follow-ups and actions; a manager is not told of the last two."""
    now, day = f"{told.then.now:%Y-%m-%d %H:%M:%S.%f}", str(told.then.today)
    reports = any(
        not one["is_in"] and one["deadline"] < now and _sees_missing(told, one["who"])
        for one in told.then.tasks
    )
    work = told.role == "quality" and (
        any(one["due_on"] < day for one in told.then.unfinished)
        or any(
            one["planned_on"] and one["planned_on"] < day and not one["held_on"]
            for one in told.then.open_follow_ups
        )
    )
    return not (reports or work or told.then.late_untaken())


@claims("digest.nothing_decided")
def _nothing_was_decided(told: Told, said: Heard) -> bool:
    """For those who are told of every unit."""
    if told.unasked or told.role != "quality":
        return True
    since = _week_begins(told)
    closed = told.then.rows("select id from alert where closed_at >= :since", since=since)
    decided = told.then.rows("select id from alert_decision where recorded_at >= :since", since=since)
    dismissed = told.then.rows(
        "select v.id from signal_version v left join signal_version b "
        "on b.signal_id = v.signal_id and b.version = v.version - 1 "
        "where v.recorded_at >= :since and v.version > 1 and v.dismissed and not b.dismissed",
        since=since,
    )
    return not (closed or decided or dismissed)


@claims("digest.closed")
def _the_alert_was_closed(told: Told, said: Heard) -> bool:
    [one] = told.then.rows("select closed_at from alert where id = :id", id=int(said.values["number"][2:]))
    return one["closed_at"] is not None


# Contacts and plans that are overdue, by team in the overview and by unit on its card.


@claims(
    *(
        f"overdue.{one}"
        for one in ("visit_on", "private_talk_on", "carer_talk_on", "guardian_talk_on", "reviews")
    )
)
def _so_many_are_overdue(told: Told, said: Heard) -> bool:
    sentence = forms()[said.id][0].format(**said.values)
    if "Läge" not in told.lines:
        return sentence in told.then.overdue(told.then.placed(int(str(_unit_near(told, said.line)["id"]))))
    teams: dict[object, list[dict[str, object]]] = {}
    for one in told.then.rows(
        "select p.* from placement p join unit u on u.id = p.unit_id where form <> 'kommunens_familjehem'"
    ):
        owner = told.then.owner(one["id"])
        if one["starts"] <= str(told.then.today) <= (
            one["ends"] or "9"
        ) and told.person_id in told.then.managers_of(owner):
            teams.setdefault(told.then.people[owner]["team"] if owner else None, []).append(one)
    return any(sentence in told.then.overdue(placed) for placed in teams.values())


@claims("risk.insufficient.share", "risk.insufficient.nothing_expected", "risk.insufficient.silent")
def _too_little_is_known(told: Told, said: Heard) -> bool:
    arrived, expected = told.then.coverage(int(str(_unit_near(told, said.line)["id"])))
    if said.id == "risk.insufficient.share":
        return said.number("percent") == percent(arrived, expected) < 70
    return (expected == 0) is said.id.endswith("nothing_expected")


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


@claims("digest.follow_ups_late")
def _so_many_follow_ups_are_late(told: Told, said: Heard) -> bool:
    """Of those opened for no selection, whose day has passed."""
    day = str(told.then.today)
    late = [
        one
        for one in told.then.open_follow_ups
        if one["planned_on"] and one["planned_on"] < day and not one["held_on"]
    ]
    return said.number() == len(late)


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


@claims("threshold.none_today")
def _no_unit_changes(told: Told, said: Heard) -> bool:
    return said.number() == len(told.then.units)


@claims("status.as_of", "provider.about")
def _it_is_of_today(told: Told, said: Heard) -> bool:
    """And of the provider's units that are followed, as many as are said."""
    of_today = said.values["day"] == in_words(told.then.today)
    providers = [one["provider_id"] for one in told.then.units]
    return of_today and (said.id == "status.as_of" or said.number() in map(providers.count, providers))


@claims("status.changed")
def _it_is_since_the_months_end(told: Told, said: Heard) -> bool:
    return said.values["day"] == in_words(_end_of_last_month(told))


@claims("digest.since")
def _it_is_of_the_days_until_today(told: Told, said: Heard) -> bool:
    since = in_words(told.then.today - timedelta(days=7))
    return said.values["until"] == in_words(told.then.today) and (
        told.unasked or said.values["since"] == since
    )


@claims("status.rate")
def _the_rate_is_of_its_month(told: Told, said: Heard) -> bool:
    """The chart's sentence has one after the other, of which this is the last."""
    month = next(
        (one for one in _asked_months(told) if month_in_words(one) == said.values["month"].lower()), None
    )
    return month is None or said.number("percent") == percent(*_rate(told, month))


@claims("supplementary.more")
def _so_many_more_are_registered(told: Told, said: Heard) -> bool:
    unit = _unit_near(told, said.line)["id"]
    return (
        said.number() == len(told.then.rows("select id from unit_event where unit_id = :unit", unit=unit)) - 6
    )


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


@claims("threshold.past_unit")
def _each_month_end_that_would_differ_is_told(told: Told, said: Heard) -> bool:
    return said.number() == said.values["shifts"].count(" → ")
