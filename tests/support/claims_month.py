"""What is claimed of the month: what awaits whom, what is late, what was stored, and that there is nothing."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from tests.support.card_count import Raw, in_words, month_in_words
from tests.support.claims import claims
from tests.support.heard import Heard
from tests.support.told import Told, day_of, is_ordinary

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


def _weekday(stored: str) -> str:
    day = day_of(stored)
    return f"{WEEKDAYS[day.weekday()]} {in_words(day).rpartition(' ')[0]}"


@claims("list.nothing")
def _nothing_awaits_her(told: Told, said: Heard) -> bool:
    return told.then.tasks_of(told.person_id) == []


@claims("list.all_done")
def _all_is_answered(told: Told, said: Heard) -> bool:
    mine = told.then.tasks_of(told.person_id)
    return len(mine) == said.number() and all(one["is_in"] for one in mine)


@claims("list.progress", "list.progress_late")
def _so_much_is_left(told: Told, said: Heard) -> bool:
    """Of the only month that something is left of."""
    left = told.then.left_for(told.person_id)
    return len({one["month"] for one in left}) == 1 and _is_left_of(told, said, left[0]["month"])


@claims("list.month", "list.month_late")
def _so_much_is_left_of_the_month(told: Told, said: Heard) -> bool:
    named = [one["month"] for one in told.then.left_for(told.person_id)]
    month = next((one for one in named if month_in_words(one) == said.values["month"].lower()), None)
    return len({*named}) > 1 and month is not None and _is_left_of(told, said, month)


def _is_left_of(told: Told, said: Heard, month: str) -> bool:
    """With the last day to answer while that is to come, and the day when it closes after it."""
    mine = [one for one in told.then.tasks_of(told.person_id) if one["month"] == month]
    left = [one for one in mine if not one["is_in"]]
    late = mine[0]["deadline"] < f"{told.then.now:%Y-%m-%d %H:%M:%S}"
    day = _weekday(mine[0]["closes_at" if late else "deadline"])
    said_so = (said.id.endswith("_late"), said.number(), said.number("all"), said.values["day"])
    return said_so == (late, len(left), len(mine), day)


@claims("list.summary", "greeting.late", "greeting.reminder", "greeting.nudge")
def _so_many_wait_for_her(told: Told, said: Heard) -> bool:
    return said.number() == len(told.then.left_for(told.person_id))


@claims(
    "list.more",
    "evidence.more",
    "evidence.next",
    "list.ticked_elsewhere",
    "notes.hidden",
    "signals.reasons_hidden",
    "report_row.reasons_hidden",
)
def _so_many_more(told: Told, said: Heard) -> bool:
    """Of a list that is longer than what is shown of it; each list's own number is counted with the list."""
    return said.number() > 0


@claims("evidence.page")
def _these_of_all_rows(told: Told, said: Heard) -> bool:
    return 1 <= said.number("first") <= said.number("last") <= said.number("n")


def _case_above(told: Told, line: int) -> str:
    """The case reference of the row that a line stands in."""
    known = {one["case_reference"] for one in told.then.rows("select case_reference from placement")}
    rows = (one.partition(" (")[0] for one in reversed(told.lines[: line + 1]))
    return next(one for one in rows if one in known)


def _reported(told: Told, case: str) -> set[str]:
    """The months that any report is about, of the placements with the case reference."""
    found = told.then.rows(
        "select r.month, t.placement_id from report p join report_task t on t.id = p.task_id "
        "join round r on r.id = t.round_id join placement l on l.id = t.placement_id where l.case_reference = :case",
        case=case,
    )
    return {one["month"] for one in found}


@claims("list.form_needed.first")
def _there_is_no_report_before(told: Told, said: Heard) -> bool:
    case = _case_above(told, said.line)
    open_ones = [one["month"] for one in told.then.left_for(told.person_id) if one["case_reference"] == case]
    return any(all(month >= one for month in _reported(told, case)) for one in open_ones)


@claims("list.form_needed.gap")
def _last_months_report_is_missing(told: Told, said: Heard) -> bool:
    case = _case_above(told, said.line)
    months = [one["month"] for one in told.then.left_for(told.person_id) if one["case_reference"] == case]
    reported = _reported(told, case)
    return any(_before(one) not in reported and any(month < one for month in reported) for one in months)


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1)}-{(number - 2) % 12 + 1:02d}"


@claims("list.received")
def _they_are_in_by_her(told: Told, said: Heard) -> bool:
    if said.values["cases"].endswith(","):
        return True  # The same words, and a month: a form's.
    cases = said.values["cases"].split(", ")
    newest = told.then.rows(
        "select distinct l.case_reference from report p join report_task t on t.id = p.task_id "
        "join placement l on l.id = t.placement_id where p.author_id = :who and p.by_statement",
        who=told.person_id,
    )
    return len(cases) == said.number() and set(cases) <= {one["case_reference"] for one in newest}


@claims("list.already")
def _they_were_answered(told: Told, said: Heard) -> bool:
    answered = {one["case_reference"] for one in told.then.tasks_of(told.person_id) if one["is_in"]}
    return set(said.values["cases"].split(", ")) <= answered


@claims("list.otherwise", "report.corrected", "report.stands", "receipt.newer_report")
def _there_is_such_a_version(told: Told, said: Heard) -> bool:
    case = said.values.get("case") or _case_above(told, said.line)
    versions = told.then.rows(
        "select p.version from report p join report_task t on t.id = p.task_id "
        "join placement l on l.id = t.placement_id where l.case_reference = :case",
        case=case.partition(" (")[0],
    )
    return said.number("version") in {one["version"] for one in versions}


@claims("report.received")
def _it_is_in(told: Told, said: Heard) -> bool:
    return told.added("report") == 1 or bool(_reported(told, said.values["case"].partition(" (")[0]))


@claims("report.signal_saved", "signal.received")
def _her_signal_is_stored(told: Told, said: Heard) -> bool:
    found = told.then.rows(
        "select author_id from signal_version where signal_id = :id and version = 1",
        id=int(said.values["number"][2:]),
    )
    return [one["author_id"] for one in found] == [told.person_id]


@claims("report.has_signal")
def _a_signal_came_with_the_report(told: Told, said: Heard) -> bool:
    found = told.then.rows("select task_id from signal where id = :id", id=int(said.values["number"][2:]))
    return [one["task_id"] for one in found] == [told.carried.get("task")]


@claims("report.not_yours", "report.not_saved")
def _the_report_is_not_hers(told: Told, said: Heard) -> bool:
    """Some of what she pressed about does not wait for her now."""
    ticked = told.carried.get("ticked")
    numbers = {int(one[6:]) for one in told.inputs if re.fullmatch(r"normal\d+", one)}
    numbers |= {*ticked} if isinstance(ticked, list) else set()
    if isinstance(task := told.carried.get("task"), int):
        numbers.add(task)
    return not numbers <= {one["id"] for one in told.then.tasks_of(told.person_id)}


@claims("correct.none")
def _nothing_can_be_corrected(told: Told, said: Heard) -> bool:
    return not any(one["is_in"] for one in told.then.tasks_of(told.person_id))


@claims("correct.no_such")
def _none_fits_what_she_typed(told: Told, said: Heard) -> bool:
    typed = told.typed.casefold().split()[1:]
    mine = [one for one in told.then.tasks_of(told.person_id) if one["is_in"]]
    words = {word for one in mine for word in (one["case_reference"], *month_in_words(one["month"]).split())}
    return bool(mine) and not {one.casefold() for one in words} & {*typed}


@claims("correct.away")
def _she_is_away(told: Told, said: Heard) -> bool:
    return said.values["day"] in _last_days_away(told)


def _last_days_away(told: Told) -> set[str]:
    found = told.then.rows(
        "select * from leave where cancelled_at is null and person_id = :who", who=told.person_id
    )
    day = str(told.then.today)
    return {_day(one["ends"]) for one in found if one["starts"] <= day <= one["ends"]}


def _day(stored: str) -> str:
    year, month, day = (int(one) for one in stored.split("-"))
    return f"{day} {month_in_words(f'{year}-{month:02d}')}"


@claims("snooze.nothing_left")
def _nothing_is_left_for_her(told: Told, said: Heard) -> bool:
    return told.then.left_for(told.person_id) == []


@claims("snooze.too_late")
def _no_day_is_left(told: Told, said: Heard) -> bool:
    left = told.then.left_for(told.person_id)
    return bool(left) and all(day_of(one["deadline"]) <= _next_working_day(told) for one in left)


def _next_working_day(told: Told) -> date:
    """A round whose last day is before the next working day cannot wait."""
    day = told.then.today + timedelta(days=1)
    while not is_ordinary(day):
        day += timedelta(days=1)
    return day


@claims("snooze.done")
def _a_reminder_is_stored(told: Told, said: Heard) -> bool:
    untils = told.then.rows("select until from snooze where person_id = :who", who=told.person_id)
    return said.values["day"] in {_weekday(one["until"]) for one in untils}


@claims("leave.done", "leave.standing")
def _her_leave_is_stored(told: Told, said: Heard) -> bool:
    found = told.then.rows("select * from leave where person_id = :who", who=told.person_id)
    return any(said.values["leave"].startswith(f"{_day(one['starts'])}–{_day(one['ends'])}") for one in found)


@claims("leave.none")
def _no_leave_of_hers_stands(told: Told, said: Heard) -> bool:
    standing = "select ends from leave where cancelled_at is null and person_id = :who"
    return all(one["ends"] < str(told.then.today) for one in told.then.rows(standing, who=told.person_id))


@claims("leave.substitute_away")
def _the_other_is_away_too(told: Told, said: Heard) -> bool:
    ids = {one["id"] for one in told.then.people.values() if one["name"] == said.values["name"]}
    on_leave = told.then.rows("select person_id from leave where cancelled_at is null")
    return bool(ids & {one["person_id"] for one in on_leave})


def _owed(told: Told) -> dict[str, int]:
    """By name, what each of the manager's people has left."""
    found: dict[str, int] = {}
    for one in told.then.left_under(told.person_id):
        if one["who"] is not None:
            name = told.then.people[one["who"]]["name"]
            found[name] = found.get(name, 0) + 1
    return found


@claims("unanswered.none")
def _everybody_has_answered(told: Told, said: Heard) -> bool:
    return told.then.left_under(told.person_id) == []


@claims("unanswered.row")
def _so_many_are_missing_from_her(told: Told, said: Heard) -> bool:
    name = told.lines[said.line - 1].partition(" (")[0]
    return _owed(told)[name] == said.number()


@claims("unanswered.answered")
def _so_many_are_in(told: Told, said: Heard) -> bool:
    """By who answered for each on the round's last day, or today where that is to come."""
    asked, answered = 0, 0
    for month in told.then.open_months():
        one, all_ = _rate(told, month)
        answered, asked = answered + one, asked + all_
    return (said.number("answered"), said.number("all")) == (answered, asked)


def _rate(told: Told, month: str) -> tuple[int, int]:
    mine = [
        one
        for one in told.then.tasks
        if one["month"] == month and (told.role == "quality" or told.person_id in _managers_on(told, one))
    ]
    return sum(one["is_in"] for one in mine), len(mine)


def _managers_on(told: Told, task: dict[str, object]) -> set[int]:
    """Of who answers for the placement on the last day, or today."""
    day = min(str(told.then.today), str(day_of(str(task["deadline"]))))
    return told.then.managers_of(told.then.answered_for(int(str(task["placement_id"])), day))


@claims("unanswered.ownerless", "ownerless.title")
def _so_many_have_nobody(told: Told, said: Heard) -> bool:
    """Placements, however many months each is asked about; a message is of the rounds that were due together."""
    by_round = told.then.left_by_round(told.person_id)
    opened = _without_anyone(told.then.left_under(told.person_id))
    return said.number() in ([opened, *map(_without_anyone, by_round.values())] if told.unasked else [opened])


def _without_anyone(left: Sequence[Raw]) -> int:
    return len({one["placement_id"] for one in left if one["who"] is None})


@claims("unanswered.reached", "unanswered.reached_all")
def _so_many_were_reached(told: Told, said: Heard) -> bool:
    """The best that became of what was to go to each of the reader's people since the oldest open round."""
    best = {"sent": "told", "uncertain": "in_doubt", "failed": "not_told"}
    rows = told.then.rows(
        "select distinct person_id, state from delivery where kind in ('prompt', 'reminder', 'snoozed', 'nudge') "
        "and not_before >= (select min(opened_at) from round where asks and closes_at > :now and opened_at <= :now)",
        now=f"{told.then.now:%Y-%m-%d %H:%M:%S.%f}",
    )
    states: dict[int, set[str]] = {}
    for one in rows:
        if _is_hers(told, one["person_id"]):
            states.setdefault(one["person_id"], set()).add(one["state"])
    active = {one for one in states if told.then.people[one]["active"]}
    found = [next((best[state] for state in best if state in states[one]), "") for one in active]
    if said.id == "unanswered.reached_all":
        return bool(found) and said.number("told") == found.count("told") == len(found) - found.count("")
    return all(said.number(name) == found.count(name) for name in best.values())


def _is_hers(told: Told, person_id: int) -> bool:
    """The quality team's are everybody."""
    return told.role == "quality" or told.person_id in told.then.managers_of(person_id)


@claims("unanswered.read")
def _so_many_have_read(told: Told, said: Heard) -> bool:
    """Of the reader's active people, those with any of the same messages that has arrived and been read."""
    rows = told.then.rows(
        "select distinct person_id from delivery where kind in ('prompt', 'reminder', 'snoozed', 'nudge') "
        "and state = 'sent' and read_at is not null and read_at <= :now "
        "and not_before >= (select min(opened_at) from round where asks and closes_at > :now and opened_at <= :now)",
        now=f"{told.then.now:%Y-%m-%d %H:%M:%S.%f}",
    )
    own = [one["person_id"] for one in rows if _is_hers(told, one["person_id"])]
    return said.number() == sum(bool(told.then.people[one]["active"]) for one in own)


@claims("unanswered.nobody_left")
def _nobody_has_anything_left(told: Told, said: Heard) -> bool:
    return _owed(told) == {}


@claims("unanswered.nothing_left")
def _that_worker_has_nothing_left(told: Told, said: Heard) -> bool:
    worker = told.carried.get("worker")
    left = told.then.left_under(told.person_id)
    return not any(one["who"] == worker for one in left)


@claims("unanswered.all_reminded", "unanswered.remind_before", "unanswered.remind_done")
def _they_have_been_reminded(told: Told, said: Heard) -> bool:
    nudged = told.then.rows("select person_id, created_at from delivery where kind = 'nudge'")
    names = {told.then.people[one["person_id"]]["name"] for one in nudged}
    wanted = set(_owed(told)) if said.id == "unanswered.all_reminded" else {said.values["name"]}
    return bool(wanted) and wanted <= names


@claims("unanswered.reminded_all")
def _so_many_get_one(told: Told, said: Heard) -> bool:
    return 0 < said.number() <= len(_owed(told))


@claims("escalation.about")
def _so_many_were_not_handed_in(told: Told, said: Heard) -> bool:
    by_round = told.then.left_by_round(told.person_id)
    return (said.values["deadline"], said.number()) in [
        (_day(str(day_of(deadline))), len(left)) for (deadline, _), left in by_round.items()
    ]


@claims("escalation.title")
def _reports_about_the_month_are_missing(told: Told, said: Heard) -> bool:
    left = [one for tasks in told.then.left_by_round(told.person_id).values() for one in tasks]
    return said.values["month"] in {month_in_words(one["month"]) for one in left}


@claims("hand_over.nothing")
def _nothing_can_be_given(told: Told, said: Heard) -> bool:
    return not any(_is_given(told, one) for one in told.then.left_under(told.person_id))


def _is_given(told: Told, task: dict[str, object]) -> bool:
    """What one only answers for as a substitute is not hers to lose."""
    owner = told.then.owner(int(str(task["placement_id"])))
    return task["who"] is None or task["who"] == owner


@claims("hand_over.none_there")
def _nothing_of_that_persons_is_there(told: Told, said: Heard) -> bool:
    giver, home = told.inputs.get("from", ""), told.inputs.get("unit", "all")
    there = [
        one
        for one in told.then.left_under(told.person_id)
        if _is_given(told, one)
        and giver == ("nobody" if one["who"] is None else str(one["who"]))
        and home in ("all", str(one["unit_id"]))
    ]
    return there == []


@claims("hand_over.done")
def _so_many_have_a_new_owner(told: Told, said: Heard) -> bool:
    return told.added("ownership") in (0, said.number())


@claims("list.title")
def _her_newest_month(told: Told, said: Heard) -> bool:
    """Of what is left; the card of what is all done has another title."""
    left = told.then.left_for(told.person_id)
    return bool(left) and said.values["month"] == month_in_words(max(one["month"] for one in left))


@claims("unanswered.gauge")
def _the_open_months(told: Told, said: Heard) -> bool:
    return said.values["months"] == ", ".join(map(month_in_words, told.then.open_months()))


@claims("escalation.thin")
def _so_many_homes_are_thinly_known(told: Told, said: Heard) -> bool:
    """They are named after it."""
    named = told.lines[said.line + 1 : said.line + 1 + said.number()]
    homes = {one["name"]: one["id"] for one in told.then.units}
    newest = [told.then.newest_score(homes[one], str(told.then.today)) for one in named]
    return len(newest) == said.number() and not any(one and one["enough"] for one in newest)
