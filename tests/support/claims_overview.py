"""What is claimed of the whole: bands, response, what has changed, what is overdue."""

from datetime import date, timedelta

from tests.support.card_count import in_words, month_in_words, percent
from tests.support.claims import claims
from tests.support.claims_lookups import is_letter, rate, unit_near
from tests.support.heard import Heard, forms
from tests.support.told import Told

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
    return stands and (is_letter(told) or since in told.then.changed_since(_end_of_last_month(told)))


@claims("status.none_to_follow")
def _no_unit_is_red_or_yellow(told: Told, said: Heard) -> bool:
    return not {"red", "yellow"} & {*told.then.shown().values()}


@claims("status.alerts_late")
def _so_many_alerts_are_late(told: Told, said: Heard) -> bool:
    return said.number() == told.then.late_untaken() > 0


@claims("status.no_responses")
def _nothing_was_asked_for(told: Told, said: Heard) -> bool:
    return not any(rate(told, month)[1] for month in _asked_months(told))


@claims("status.response", "status.response.so_far")
def _so_many_of_the_month_are_in(told: Told, said: Heard) -> bool:
    month = next(one for one in _asked_months(told) if month_in_words(one) == said.values["month"].lower())
    answered, all_ = rate(told, month)
    said_of = said.number("percent"), said.number("answered"), said.number("all")
    return said_of == (percent(answered, all_), answered, all_)


@claims("status.response.up", "status.response.down", "status.response.same")
def _it_is_more_or_less_than_the_month_before(told: Told, said: Heard) -> bool:
    """Of two closed months, the newest first."""
    closed = [one for one in _asked_months(told) if one not in told.then.open_months() and rate(told, one)[1]]
    newest, before = (percent(*rate(told, one)) for one in closed[:2])
    number = said.number() if "n" in said.values or said.id != "status.response.same" else 0
    expected = {"up": newest - before, "down": before - newest, "same": 0}[said.id.rpartition(".")[2]]
    right = number == expected and (newest == before) is said.id.endswith("same")
    return right and said.number("percent") == before and said.values["month"] == month_in_words(closed[1])


def _asked_months(told: Told) -> list[str]:
    """The newest first."""
    return sorted({one["month"] for one in told.then.all_tasks}, reverse=True)


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


@claims(
    *(
        f"overdue.{one}"
        for one in ("visit_on", "private_talk_on", "carer_talk_on", "guardian_talk_on", "reviews")
    )
)
def _so_many_are_overdue(told: Told, said: Heard) -> bool:
    sentence = forms()[said.id][0].format(**said.values)
    # The teams stand in läge, and alone where somebody asks who has had no visit.
    if not {"Läge", "Försenade kontakter och planer i dina team"} & {*told.lines}:
        return sentence in told.then.overdue(told.then.placed(int(str(unit_near(told, said.line)["id"]))))
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


@claims("status.rate")
def _the_rate_is_of_its_month(told: Told, said: Heard) -> bool:
    """The chart's sentence has one after the other, of which this is the last."""
    month = next(
        (one for one in _asked_months(told) if month_in_words(one) == said.values["month"].lower()), None
    )
    return month is None or said.number("percent") == percent(*rate(told, month))


@claims("threshold.past_unit")
def _each_month_end_that_would_differ_is_told(told: Told, said: Heard) -> bool:
    return said.number() == said.values["shifts"].count(" → ")
