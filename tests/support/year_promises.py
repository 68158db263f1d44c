"""The year being played, what it begins with, and what must hold of it when it is over."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from followup.people import Role
from followup.times.calendar import municipal_day
from followup.times.deadlines import OCCASIONS
from storage.engine.database import Database
from tests.support.builders import at
from tests.support.stage import SAY, Stage, words
from tests.support.unasked import assert_docs_say, two_in_a_day, unasked
from tests.support.year_people import COMPLAINT, WORKERS, Municipality, mondays_between, told
from tests.support.year_rows import Rows
from tests.test_commands import Shell

BEGINS, LATE, LED_TO_TOLD = at("2026-01-02 08:00"), date(2026, 9, 10), date(2026, 3, 4)
MANAGERS, QUALITY = ("maria", "olof"), ("karin", "yusuf")
BLOW = {
    "signals": "some",
    "feels_safe": "no",
    "s1.kind": "deviation",
    "s1.event_on": "2026-02-26",
    "s1.consequence": "4",
    "s1.occurred": "happened",
    "s1.cause": "provider",
    "s1.source": "child",
    "s1.marks": "violence",
    "s1.text": "Den unge berättar om ett slag.",
}


@dataclass
class Year:
    """The municipality's files, its rows as they stand in them, and its people while the bot serves."""

    shell: Shell
    database: Database
    rows: Rows
    town: Municipality

    @property
    def stage(self) -> Stage:
        return self.town.stage


def stored(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def nobody_was_asked_twice(year: Year) -> None:
    prompts = year.rows.all(
        "select person_id, payload, count(*) as times from delivery where kind = 'prompt' group by 1, 2"
    )
    assert len(prompts) == 2 + 10 * len(WORKERS)
    assert {one["times"] for one in prompts} == {1}


def each_crossing_and_each_serious_event_alerted_once(year: Year) -> None:
    """A unit whose level becomes red in the year, from one reading to the next, and what is marked as violence."""
    readings = year.rows.all(
        "select unit_id, as_of, rate_band, scored_at > :begins as played from score order by unit_id, id",
        begins=stored(BEGINS),
    )
    crossings = [
        (after["unit_id"], after["as_of"])
        for before, after in pairwise(readings)
        if before["unit_id"] == after["unit_id"]
        and after["played"]
        and before["rate_band"] != after["rate_band"] == "red"
    ]
    alerts = year.rows.all("select *, raised_at > :begins as played from alert", begins=stored(BEGINS))
    of_level = [(one["unit_id"], one["episode"]) for one in alerts if one["kind"] == "band" and one["played"]]
    assert [(unit, f"red-{day}") for unit, day in crossings] == of_level
    assert len(of_level) == 1
    serious = year.rows.one(
        "select count(*) from signal_version where marks <> '' and not imported and version = 1"
    )
    assert sum(one["kind"] == "event" for one in alerts if one["played"]) == serious == 1
    channel = [words(one) for one in year.town.person("kanalen").messages()]
    for one in alerts:
        assert sum(f"Larm L-{one['id']}:" in text for text in channel) == 1


def the_digest_came_once_a_week(year: Year) -> None:
    """The first is of the week that it began in."""
    mondays = mondays_between(municipal_day(BEGINS), year.town.today)
    for key in (*QUALITY, *MANAGERS):
        letters = told(year.town.person(key).messages(), SAY("digest.summary"))
        assert len(letters) == 1 + len(mondays)


def what_is_late_stood_in_the_letter(year: Year) -> None:
    """The action that nobody has finished is in every letter of Yusuf, who has it, since its day: so many days late."""
    weeks = mondays_between(LATE, year.town.today)
    letters = told(year.town.person("yusuf").messages(), SAY("digest.summary"))[-len(weeks) :]
    for monday, one in zip(weeks, letters, strict=True):
        assert SAY("to_do.late_since", day=LATE, n=(monday - LATE).days) in words(one)


def the_official_was_told_of_each_date_of_the_year(year: Year) -> None:
    said = [words(one) for one in year.town.person("karin").messages()]
    for occasion in OCCASIONS:
        assert any(SAY(f"selection.{occasion}") in text for text in said), occasion


def nothing_about_a_child_reached_the_channel_or_a_preview(year: Year) -> None:
    named = year.rows.all("select case_reference, alias from placement")
    vault = year.database.vault
    secrets = {one["case_reference"] for one in named} | {
        vault.open(one["alias"]) for one in named if one["alias"]
    }
    secrets |= {BLOW["s1.text"], COMPLAINT["text"], "2026-02-26", "26 februari"}
    assert len(secrets) > 60
    shown = [
        f"{words(one)} {json.dumps(one.card, ensure_ascii=False)}"
        for one in year.town.person("kanalen").messages()
    ]
    previews = [
        one.summary
        for person in year.stage.stand_in.people
        for one in year.town.person(person.key).messages()
    ]
    assert len(shown) == 5, "four alerts, two of them on one card, those of the history, and the frozen frame"
    assert [text for text in (*shown, *previews) for secret in secrets if secret in text] == []


def the_unannounced_visit_was_told_to_nobody_outside_the_team(year: Year) -> None:
    for key in (*MANAGERS, *WORKERS, "kanalen", "admin"):
        assert not any("anmält" in words(one).casefold() for one in year.town.person(key).messages())


def nobody_got_two_unasked_messages_in_a_day(year: Year) -> None:
    """But for a serious event, a safety notice, a red unit, what was handed over and what a press asked for."""
    went = unasked(year.database)
    assert len(went) > 400
    assert two_in_a_day(went) == []


def as_many_messages_came_unasked_as_the_docs_say(year: Year) -> None:
    roles = {Role.WORKER: WORKERS, Role.QUALITY: QUALITY, Role.MANAGER: MANAGERS, Role.ADMIN: ("admin",)}
    assert_docs_say(unasked(year.database), {role: len(people) for role, people in roles.items()})


def what_her_signal_led_to_was_told_the_next_morning(year: Year) -> None:
    """The month's list had come to her on the day itself."""
    anna = year.town.person("anna").messages()
    assert [municipal_day(one.at) for one in anna if SAY("led_to.title") in words(one)] == [LED_TO_TOLD]


PROMISES = (
    what_her_signal_led_to_was_told_the_next_morning,
    nobody_got_two_unasked_messages_in_a_day,
    nobody_was_asked_twice,
    each_crossing_and_each_serious_event_alerted_once,
    the_digest_came_once_a_week,
    what_is_late_stood_in_the_letter,
    the_official_was_told_of_each_date_of_the_year,
    nothing_about_a_child_reached_the_channel_or_a_preview,
    the_unannounced_visit_was_told_to_nobody_outside_the_team,
    as_many_messages_came_unasked_as_the_docs_say,
)
