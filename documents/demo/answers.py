"""What a worker of the demo municipality answers about one child and one month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from documents.demo.texts import CALM_NOTES, CONCERN_NOTES
from followup.month.report import AREAS, with_ordinary
from followup.times.month import Month
from followup.wording.form import Answers

_QUALITY = (*("good",) * 14, *("acceptable",) * 10, "poor")
_PROGRESS = ("too_early", "not", "partly", "largely", "reached")


@dataclass(frozen=True)
class Occasion:
    """The month that is answered about, its days in placement, the day of the answer, and what there is to tell."""

    month: Month
    first: date
    last: date
    answered_on: date
    concern: bool
    signals: bool


def first_answers(rng: Random, starts: date, month: Month) -> Answers:
    """What stays from month to month until it changes."""
    review = month.plus(rng.randint(2, 6)).first + timedelta(days=rng.randint(0, 27))
    care_plan = "current" if rng.random() < 0.9 else "missing"
    plans = {
        "care_plan": care_plan,
        "treatment_plan": "current",
        "treatment_plan_review_on": review.isoformat(),
    }
    return {
        **dict.fromkeys(AREAS, "ok"),
        "carer_talk_on": max(starts, month.first).isoformat(),
        **plans,
        "knows_plan": rng.choice(("yes", "yes", "yes", "no", "not_asked")),
        "goal_progress": "too_early",
    }


def form_answers(rng: Random, before: Mapping[str, str], occasion: Occasion) -> Answers:
    """Last month's answers, with what this month changed; a question that no story is about has its ordinary answer."""
    told = {
        **{name: answer for name, answer in before.items() if name != "about_care"},
        **_areas(rng, before, occasion.concern),
        **_contacts(rng, before, occasion),
        **_provider_report(rng, occasion),
        **_plans(rng, before, occasion),
        "signals": "some" if occasion.signals else "none",
        **_note(rng, occasion.concern),
    }
    return with_ordinary(told)


def _areas(rng: Random, before: Mapping[str, str], concern: bool) -> Answers:
    """A concern of last month is followed this month; now and then an area starts or stops being followed."""
    areas = {area: "watch" if before[area] == "concern" else before[area] for area in AREAS}
    changed = rng.choice(AREAS)
    if concern:
        return {**areas, changed: "concern", "about_care": "partly"}
    if rng.random() < 0.2:
        areas[changed] = "ok" if areas[changed] == "watch" else "watch"
    return areas


def _contacts(rng: Random, before: Mapping[str, str], occasion: Occasion) -> Answers:
    """Without a private talk this month nobody can say whether the child feels safe."""
    days = {name: _some_day(rng, occasion) for name in ("visit_on", "carer_talk_on") if rng.random() < 0.6}
    if rng.random() < 0.3:
        days["guardian_talk_on"] = _some_day(rng, occasion)
    if not occasion.concern and rng.random() < 0.08:
        return {**days, "spoken_alone": "no", "feels_safe": "not_asked"}
    safe = "partly" if occasion.concern or rng.random() < 0.07 else "yes"
    return {**days, "spoken_alone": "yes", "feels_safe": safe, "private_talk_on": _some_day(rng, occasion)}


def _some_day(rng: Random, occasion: Occasion) -> str:
    days = (occasion.last - occasion.first).days
    return (occasion.first + timedelta(days=rng.randint(0, days))).isoformat()


def _provider_report(rng: Random, occasion: Occasion) -> Answers:
    """It comes in the month's last days or the first of the next, before the worker answers."""
    if rng.random() < 0.025:
        return {"provider_report": "not_arrived"}
    span = (occasion.answered_on - occasion.month.last).days + 2
    arrived_on = occasion.answered_on - timedelta(days=rng.randint(0, span))
    return {
        "provider_report": "arrived",
        "provider_report_on": arrived_on.isoformat(),
        "provider_report_quality": rng.choice(_QUALITY),
    }


def _plans(rng: Random, before: Mapping[str, str], occasion: Occasion) -> Answers:
    """A review day that has passed gets a new one; goals are met little by little."""
    changed: Answers = {}
    review = date.fromisoformat(before["treatment_plan_review_on"])
    if review <= occasion.answered_on:
        changed["treatment_plan_review_on"] = (review + timedelta(days=182)).isoformat()
    if rng.random() < 0.12:
        step = _PROGRESS.index(before["goal_progress"]) + 1
        changed["goal_progress"] = _PROGRESS[min(step, len(_PROGRESS) - 1)]
    return changed


def _note(rng: Random, concern: bool) -> Answers:
    if concern:
        return {"free_text": rng.choice(CONCERN_NOTES)}
    return {"free_text": rng.choice(CALM_NOTES)} if rng.random() < 0.2 else {}
