"""A year of the demo municipality, January to November 2026, through the HTTP endpoint, with two restarts."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.local.chats import ChatMessage
from bot.opening import open_database
from bot.registering import load_demo_when_empty
from bot.settings import Settings
from followup.month.rounds import RoundDays
from followup.times.calendar import nth_working_day
from followup.times.month import Month
from services.selection.year import DOCUMENTS
from tests.support.builders import at
from tests.support.counted_presses import Tally
from tests.support.stage import SAY, on_stage, words
from tests.support.year_files import cells, summary_of
from tests.support.year_people import WORKERS, Municipality, first_day, told
from tests.support.year_promises import BEGINS, BLOW, LATE, MANAGERS, PROMISES, QUALITY, Year, stored
from tests.support.year_rows import Rows, counted, sentences
from tests.test_commands import Shell
from tests.test_dialog_report_order import addresses, fetch

# What the year's people pressed, in the months from January to November.
PRESSES, MONTHS = Path(__file__).parent.parent / "docs/presses.md", 11
VALUE_NAME, VALUE = "Lottoraden lördagen den 28 februari 2026", "3 8 14 22 27 31 35"
# How many of their placements the workers leave unanswered, by the month asked about.
LEFT_OUT = {3: {"elin": 2}, 5: {"hanna": 1, "lena": 3}, 6: {"david": 99}, 9: {"fatima": 2}}
# The bot is down between the parts of the year, each time over a Monday, whose letter then comes late.
SECOND_START, THIRD_START = at("2026-02-27 08:00"), at("2026-09-01 07:30")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, var: Path) -> Shell:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"UPPFOLJAREN_{name.upper()}", raising=False)
    monkeypatch.setenv("UPPFOLJAREN_VAR", str(var))
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


@pytest.mark.long
async def test_a_year_from_the_first_prompt_to_the_report_that_an_independent_count_confirms(
    shell: Shell,
) -> None:
    tally = Tally()
    await _while_serving(shell, tally, BEGINS, _from_the_first_prompt_to_the_frozen_frame)
    await _while_serving(shell, tally, SECOND_START, _from_the_draw_to_the_closed_follow_ups)
    await _while_serving(shell, tally, THIRD_START, _from_the_report_to_the_next_round)
    roles = {"worker": WORKERS, "quality team": QUALITY, "manager": MANAGERS}
    counted = "\n".join(tally.rows(roles, MONTHS))
    assert counted in PRESSES.read_text(encoding="utf-8"), counted


async def _while_serving(
    shell: Shell, tally: Tally, now: datetime, part: Callable[[Year], Awaitable[None]]
) -> None:
    """The bot starts on the municipality's file, which is filled the first time, and stops after the part."""
    directory = shell.directory / "var"
    settings = Settings(local=True, port=0, var=directory)
    database = open_database(settings, now, new=True)
    load_demo_when_empty(database, directory / "demo", now, RoundDays())
    async with on_stage(database, now, directory / "chat.jsonl", official="karin") as stage:
        await part(Year(shell, database, Rows(shell.database), Municipality(stage, tally)))
    database.close()


async def _run(year: Year, *words: object) -> str:
    """The command line, in another thread while the bot serves the same file."""
    year.shell.now = year.stage.clock.now()
    result = await asyncio.to_thread(year.shell.run, *words)
    assert result.exit_code == 0, result.output
    return result.output


async def _from_the_first_prompt_to_the_frozen_frame(year: Year) -> None:
    await _the_old_alerts_are_taken_and_closed_with_a_decision(year)
    await _december_is_answered_by_the_two_who_are_asked(year)
    await _a_round(year, Month(2026, 1), _karin_freezes_the_frame_and_the_channel_gets_its_hash)


async def _from_the_draw_to_the_closed_follow_ups(year: Year) -> None:
    await year.town.until(date(2026, 3, 1))
    await _karin_draws_adjusts_with_a_reason_and_locks(year)
    await _the_draw_is_repeated_from_the_published_files(year)
    await _a_round(year, Month(2026, 2), _annas_report_of_a_blow_alerts_and_is_decided)
    await _a_round(year, Month(2026, 3), _the_log_is_reviewed_when_the_administrator_is_reminded)
    await _every_selected_unit_gets_a_planned_follow_up(year)
    await _a_round(year, Month(2026, 4), _complaints_make_hamnplan_red_and_alert_once)
    await _the_visits_are_held_and_judged(year)
    await _a_round(year, Month(2026, 5))
    await _actions_are_reminded_of_done_and_verified_unknown_to_the_managers(year)
    await _a_round(year, Month(2026, 6))
    await _a_round(year, Month(2026, 7), _the_follow_up_of_hamnplans_alert_leaves_an_action)
    await _all_follow_ups_of_the_selection_are_closed_in_time(year)


async def _from_the_report_to_the_next_round(year: Year) -> None:
    await _a_round(year, Month(2026, 8))
    await _a_round(year, Month(2026, 9), _the_report_has_the_figures_of_an_independent_count)
    await _a_round(year, Month(2026, 10))
    for promise in PROMISES:
        promise(year)
    await _the_check_finds_nothing_amiss(year)


async def _a_round(
    year: Year, month: Month, meanwhile: Callable[[Year], Awaitable[None]] | None = None
) -> None:
    """All answer on the first day but one, who does after two reminders, and what is left out is never answered."""
    town, left_out = year.town, LEFT_OUT.get(month.number, {})
    late = WORKERS[month.number % len(WORKERS)]
    before = _lists(year)
    await town.until(first_day(month))
    assert _lists(year) == {key: number + 1 for key, number in before.items()}
    if meanwhile is not None:
        await meanwhile(year)
    for key in WORKERS:
        if key != late:
            await town.answer(key, skip=left_out.get(key, 0))
    await town.rest()
    before = _lists(year)
    for number in (3, 7):
        await town.until(nth_working_day(month.next, number))
    reminded = {late, *(key for key, number in left_out.items() if number)}
    assert _lists(year) == {key: number + 2 * (key in reminded) for key, number in before.items()}
    await town.answer(late, skip=left_out.get(late, 0))
    for key in MANAGERS:
        await town.person(key).say("läge")
    await _what_is_missing_reaches_the_managers_once(year, month)


def _lists(year: Year) -> dict[str, int]:
    """How many lists of placements each worker has got, asked for or not."""
    awaited = re.compile(r"(En rapport|[0-9]+ rapporter) väntar på dig")
    return {
        key: sum(
            any(map(awaited.fullmatch, one.summary.split(" · "))) for one in year.town.person(key).messages()
        )
        for key in WORKERS
    }


async def _what_is_missing_reaches_the_managers_once(year: Year, month: Month) -> None:
    """One placement's worker has left, so that something is missing each month."""
    before = {key: len(_escalations(year, key)) for key in MANAGERS}
    await year.town.until(nth_working_day(month.next, 11))
    for key in MANAGERS:
        assert len(_escalations(year, key)) == before[key] + 1
    missing = year.rows.all(
        "select p.case_reference from report_task t join round r on r.id = t.round_id "
        "join placement p on p.id = t.placement_id where r.month = :month "
        "and not exists (select 1 from report where task_id = t.id)",
        month=str(month),
    )
    assert len(missing) == 1 + sum(min(number, 5) for number in LEFT_OUT.get(month.number, {}).values())


def _escalations(year: Year, key: str) -> list[ChatMessage]:
    return told(year.town.person(key).messages(), SAY("escalation.summary"))


async def _the_old_alerts_are_taken_and_closed_with_a_decision(year: Year) -> None:
    """The history that was read in had made two units red, and holds an event that still holds a third one up."""
    channel = year.town.person("kanalen")
    # A second apart: which of them is first hangs on how soon their conversation is open.
    of_history, new_event = sorted(channel.messages(), key=lambda one: "L-3:" in words(one))
    assert "L-3:" in words(new_event)
    await channel.press(SAY("alert.take"), message=new_event)
    for number in ("L-1", "L-2"):
        assert f"Larm {number}:" in words(of_history)
        yusuf = await year.town.open_alert("yusuf", number)
        await yusuf.press(SAY("alert.take"))
    for number in ("L-1", "L-2", "L-3"):
        await year.town.close_alert("yusuf", number, notified="no")
    assert year.rows.one("select count(*) from alert where closed_at is null") == 0


async def _december_is_answered_by_the_two_who_are_asked(year: Year) -> None:
    """The others' answers were read in with the history."""
    asked = {key for key, number in _lists(year).items() if number}
    assert asked == {"anna", "bilal"}
    for key in asked:
        await year.town.answer(key)


async def _karin_freezes_the_frame_and_the_channel_gets_its_hash(year: Year) -> None:
    karin, channel = year.town.person("karin"), year.town.person("kanalen")
    await karin.say("urval")
    await karin.press(SAY("selection.freeze"))
    await karin.press(SAY("selection.freeze.send"), {"public_value_name": VALUE_NAME})
    frame = year.rows.one("select frame from selection_cycle")
    assert sha256(frame.encode()).hexdigest() in words(channel.newest())
    assert VALUE_NAME in words(channel.newest())


async def _karin_draws_adjusts_with_a_reason_and_locks(year: Year) -> None:
    karin = year.town.person("karin")
    await karin.say("urval")
    await karin.press(SAY("selection.draw"))
    await karin.press(SAY("selection.draw.send"), {"public_value": VALUE})
    await karin.press(SAY("selection.act.remove"), row="Havtornsudd (HVB-09)")
    await karin.press(SAY("selection.act.remove"))
    assert "Skäl saknas" in words(karin.newest())
    await karin.press(SAY("selection.act.remove"), {"reason": "Öppnade i januari och följs upp nästa år."})
    await karin.press(SAY("selection.add"))
    added = {"unit": "Gråala", "reason": "Har inte följts upp sedan starten."}
    await karin.press(SAY("selection.add.send"), added)
    await karin.press(SAY("selection.lock"))
    await karin.press(SAY("selection.lock.send"))
    assert SAY("selection.doc.locked") in words(karin.newest())
    opened = {
        one["key"] for one in year.rows.all("select u.key from follow_up f join unit u on u.id = f.unit_id")
    }
    assert opened == set(year.rows.selected())
    assert "HVB-10" in opened
    assert "HVB-09" not in opened


async def _the_draw_is_repeated_from_the_published_files(year: Year) -> None:
    published = year.shell.directory / "published"
    await _run(year, "selection", "show", "--year", "2026", "--out", published)
    frame, protocol = published / "urval-2026-ram.json", published / "urval-2026.json"
    again = ("selection", "verify", "--frame", frame, "--public-value", VALUE, "--protocol", protocol)
    assert "Samma enheter" in await _run(year, *again)


async def _annas_report_of_a_blow_alerts_and_is_decided(year: Year) -> None:
    anna, channel = year.town.person("anna"), year.town.person("kanalen")
    before = len(channel.messages())
    await anna.press(SAY("list.open_form"), row="AKT-23-0101")
    await anna.press(
        SAY("report.add_signal"), year.town.a_normal_month(anna), row=SAY("choice.signal_kind.deviation")
    )
    await anna.press(SAY("report.hand_in"), {**year.town.a_normal_month(anna), **BLOW})

    # The blow is an event, and the child says in the same report that it does not feel safe: one card tells of both.
    [raised] = channel.messages()[before:]
    number, other = (
        year.rows.one("select max(id) from alert where kind = :kind", kind=kind)
        for kind in ("event", "safety")
    )
    assert f"Larm L-{number}: allvarlig händelse vid Mossviksro" in words(raised)
    assert f"Larm L-{other}: " in words(raised)
    await channel.press(SAY("alert.take"), message=raised)
    yusuf = await year.town.open_alert("yusuf", f"L-{other}")
    await yusuf.press(SAY("alert.take"))
    await year.town.close_alert("karin", f"L-{number}", notified="yes")
    assert year.rows.all("select notified from alert_decision order by id")[-1] == {"notified": 1}


async def _the_log_is_reviewed_when_the_administrator_is_reminded(year: Year) -> None:
    assert len(_log_reviews(year)) == 1
    note = ("--by", "admin", "--note", "Inget ovanligt.")
    await _run(year, "log", "reviewed", "--quarter", "2026-Q1", *note)


def _log_reviews(year: Year) -> list[ChatMessage]:
    return told(year.town.person("admin").messages(), SAY("log_review.summary"))


async def _every_selected_unit_gets_a_planned_follow_up(year: Year) -> None:
    for number, one in enumerate(_of_selection(year)):
        method = "unannounced" if one["key"] == "HVB-03" else ("visit", "digital")[number % 2]
        plan = {"method": method, "planned_on": "2026-05-20", "report_asked_on": "2026-04-15"}
        await year.town.plan("karin", _title(one), plan)
    await year.town.person("maria").say("utförare Kvarnhumla")
    assert "20 maj" not in words(year.town.person("maria").newest())


def _of_selection(year: Year) -> list[dict[str, Any]]:
    return year.rows.all(
        "select f.id, u.key, u.name from follow_up f join unit u on u.id = f.unit_id "
        "where f.cycle_id is not null order by f.id"
    )


def _title(one: Mapping[str, Any]) -> str:
    return f"UF-{one['id']} · {one['name']}"


async def _complaints_make_hamnplan_red_and_alert_once(year: Year) -> None:
    channel = year.town.person("kanalen")
    before = len(channel.messages())
    for days in range(8):
        await year.town.complain("anna", "Hamnplan", year.town.today - timedelta(days=days))
    assert len(channel.messages()) == before + 1
    assert "L-6: Hamnplan behöver ses över" in words(channel.newest())
    await channel.press(SAY("alert.take"))
    karin = await year.town.open_alert("karin", "L-6")
    await karin.press(SAY("follow_up.open"))


async def _the_visits_are_held_and_judged(year: Year) -> None:
    await year.town.until(date(2026, 5, 20))
    verdicts = {"HVB-03": "not", "HVB-02": "partly", "STB-01": "partly"}
    for one in _of_selection(year):
        await year.town.assess("karin", _title(one), verdicts.get(one["key"], "meets"))
    found = {one["key"]: _title(one) for one in _of_selection(year)}
    for key, what, due in (
        ("HVB-03", "Lämna ett schema för nätter.", date(2026, 6, 15)),
        ("HVB-03", "Skriv en rutin för klagomål.", date(2026, 6, 10)),
        ("HVB-02", "Återkoppla skriftligt till de unga.", date(2026, 7, 31)),
    ):
        await year.town.plan_action("karin", found[key], what, due, "Yusuf Demir")
    await year.town.record_board_decision("karin", found["STB-01"], "SN 2026/214 § 88", date(2026, 5, 19))


async def _actions_are_reminded_of_done_and_verified_unknown_to_the_managers(year: Year) -> None:
    """The second is late; managers hear nothing of it, since the unannounced visit that it came of is not closed."""
    town = year.town
    for day in (date(2026, 6, 8), date(2026, 6, 11), date(2026, 6, 15)):
        await town.until(day)
    assert _reminded_of(year, "Å-1") == ["om 7 dagar", "i dag"]
    assert _reminded_of(year, "Å-2") == ["om 7 dagar", "skulle ha varit klar"]
    await town.report_done("yusuf", "Å-1 · Kvarnhumla Norra")
    await town.verify("karin", "Å-1 · Kvarnhumla Norra")
    await town.until(date(2026, 6, 17))
    assert not any(_late_ones_told_of(year, key) for key in MANAGERS)
    await town.report_done("yusuf", "Å-2 · Kvarnhumla Norra")
    await town.verify("karin", "Å-2 · Kvarnhumla Norra")
    assert len(_log_reviews(year)) == 1


def _late_ones_told_of(year: Year, key: str) -> list[str]:
    found = [words(one) for one in year.town.person(key).messages()]
    return [one for one in found if SAY("action_late.title") in one]


def _reminded_of(year: Year, action: str) -> list[str]:
    """When its owner was told that the action is due, in the message's own words."""
    said = re.compile(f"Åtgärd {action} .*?(om 7 dagar|i dag|skulle ha varit klar)")
    found = [said.search(words(one)) for one in year.town.person("yusuf").messages()]
    return [one[1] for one in found if one]


async def _the_follow_up_of_hamnplans_alert_leaves_an_action(year: Year) -> None:
    """It is late when the report is made."""
    [opened] = year.rows.all(
        "select f.id, u.name from follow_up f join unit u on u.id = f.unit_id where f.alert_id is not null"
    )
    title, town = _title(opened), year.town
    await town.plan("yusuf", title, {"method": "visit", "planned_on": town.today.isoformat()})
    await town.assess("yusuf", title, "partly")
    await town.plan_action("karin", title, "Visa kvällsmaten i veckans matsedel.", LATE, "Yusuf Demir")


async def _all_follow_ups_of_the_selection_are_closed_in_time(year: Year) -> None:
    """The action of July is late, and the managers have been told so."""
    town = year.town
    for key in MANAGERS:
        [late] = _late_ones_told_of(year, key)
        assert "Åtgärd Å-3 vid Silverlingon Strand" in late
    await town.report_done("yusuf", "Å-3 · Silverlingon Strand")
    await town.verify("karin", "Å-3 · Silverlingon Strand")
    await town.until(date(2026, 8, 28))
    for one in _of_selection(year):
        await town.close("karin", _title(one))
    steps = year.rows.all(
        "select v.step, max(v.version) from follow_up_version v join follow_up f on f.id = v.follow_up_id "
        "where f.cycle_id is not null group by f.id"
    )
    assert {one["step"] for one in steps} == {"closed"}
    assert len(steps) == len(year.rows.selected())


async def _the_report_has_the_figures_of_an_independent_count(year: Year) -> None:
    await _the_report_of_the_command_line_is_that_of_the_chat(year)
    _its_figures_are_those_of_the_count(year)


async def _the_report_of_the_command_line_is_that_of_the_chat(year: Year) -> None:
    await _run(year, "report", "2026", "--out", year.shell.directory / "report", "--no-pdf", "--analysis")
    karin = year.town.person("karin")
    await karin.say("rapport 2026")
    links = addresses(karin.card())
    assert len(links) == len(DOCUMENTS)
    for name, url in zip(DOCUMENTS, links, strict=True):
        status, _, content, named = await fetch(year.stage.address + urlsplit(url).path)
        assert status == 200
        file = named.partition('filename="')[2].rstrip('"')
        assert content == (year.shell.directory / "report" / file).read_bytes(), name
    assert (await fetch(year.stage.address + urlsplit(links[0]).path))[0] == 410


def _its_figures_are_those_of_the_count(year: Year) -> None:
    rows = Rows(year.shell.database, stored(year.stage.clock.now()))
    directory = year.shell.directory / "report"
    stands = cells((directory / "analys-2026.xlsx").read_bytes())
    expected = counted(rows)
    assert {place: stands.get(place) for place in expected} == expected
    assert expected["Åtgärder", "öppen", "Varav försenade"] == 1
    summary = summary_of(directory / "rapport-2026.docx")
    assert [one for one in sentences(rows) if one not in summary] == []


async def _the_check_finds_nothing_amiss(year: Year) -> None:
    """The chain of the access log, every stored score and all that should have been delivered."""
    await _run(year, "check")
    assert (
        year.rows.all("select kind, state, reason from delivery where state not in ('sent', 'cancelled')")
        == []
    )
