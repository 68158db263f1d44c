"""What is claimed in the weekly letter."""

from datetime import timedelta

from tests.support.card_count import in_words, month_in_words
from tests.support.claims import claims
from tests.support.claims_lookups import rate
from tests.support.heard import Heard
from tests.support.told import Told, moment_of


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
    waits = any(rate(told, month)[1] for month in told.then.open_months())
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


@claims("digest.since")
def _it_is_of_the_days_until_today(told: Told, said: Heard) -> bool:
    since = in_words(told.then.today - timedelta(days=7))
    return said.values["until"] == in_words(told.then.today) and (
        told.unasked or said.values["since"] == since
    )
