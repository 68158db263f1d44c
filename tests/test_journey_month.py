"""A month of two workers, a manager and the quality team's channel, through the HTTP endpoint, with a restart."""

from pathlib import Path

from followup.month import report
from followup.times.month import Month
from storage.alerts import alerts
from storage.engine.database import Database
from storage.messages import counting
from storage.month import reports, rounds
from tests.conftest import open_url
from tests.support.builders import at
from tests.support.municipality import CASES
from tests.support.stage import SAY, Stage, on_stage, words

ANEW = {**report.ANEW, "private_talk_on": "2026-10-14", "provider_report_on": "2026-11-02"}
VIOLENCE = {
    "signals": "some",
    "s1.kind": "deviation",
    "s1.event_on": "2026-10-30",
    "s1.consequence": "4",
    "s1.occurred": "happened",
    "s1.cause": "provider",
    "s1.source": "child",
    "s1.marks": "violence",
    "s1.text": "Den unge berättar om ett slag.",
}


async def test_a_month_from_the_question_to_the_alert_with_a_restart_in_the_middle(
    municipality: Database, tmp_path: Path
) -> None:
    transcript = tmp_path / "chat.jsonl"
    async with on_stage(municipality, at("2026-10-31 12:00"), transcript) as stage:
        await _anna_is_asked_once_and_states_two_normal_months(stage, municipality)
        await _her_third_answer_comes_back_with_every_mistake_and_what_she_typed(stage, municipality)
        await _the_violence_she_reports_alerts_the_channel_without_any_child(stage, municipality)
    municipality.close()
    reopened = open_url(municipality.url)
    async with on_stage(reopened, at("2026-11-02 10:00"), transcript) as stage:
        await _nothing_is_said_again_after_the_restart(stage)
        await _only_bilal_is_reminded(stage)
        await _the_manager_learns_what_is_missing_and_sees_how_it_stands(stage)
        await _karin_takes_the_alert_from_the_channel(stage, reopened)
    reopened.close()


async def _anna_is_asked_once_and_states_two_normal_months(stage: Stage, database: Database) -> None:
    anna = stage.player("anna")
    greeted = len(anna.messages())
    await stage.wake_at(at("2026-11-02 08:00"))
    await stage.wake_at(at("2026-11-02 08:01"))
    assert len(anna.messages()) == greeted + 1
    prompt = anna.newest()
    assert all(case in words(prompt) for case in CASES[:3])
    assert not any(case in words(prompt) for case in CASES[3:])
    toggles = {one["id"]: "true" for one in _inputs(prompt.card) if one["type"] == "Input.Toggle"}
    first_two = dict(list(toggles.items())[:2])
    await anna.press(SAY("list.send"), first_two)
    assert anna.newest().id == prompt.id
    assert "2 rapporter är inlämnade: AKT-1, AKT-2." in words(anna.newest())
    with database.transaction() as tx:
        october = rounds.by_month(tx, Month(2026, 10))
        assert october is not None
        tasks = rounds.tasks(tx, [october.id], at("2026-11-02").date())
        stored = [reports.newest(tx, task.id) for task in tasks]
        assert [one.by_statement if one else None for one in stored] == [True, True, None, None, None]
        assert stored[0] is not None
        assert stored[0].answers["feels_safe"] == "yes"


async def _her_third_answer_comes_back_with_every_mistake_and_what_she_typed(
    stage: Stage, database: Database
) -> None:
    anna = stage.player("anna")
    await anna.press(SAY("list.open_form"), row="AKT-3")
    typed = {**ANEW, "provider_report_on": "2026-12-24", "free_text": "Ring 20120229-2387."}
    del typed["feels_safe"]
    await anna.press(SAY("report.hand_in"), typed)
    shown = words(anna.newest())
    for problem in ("form.missing", "form.future_date", "form.personal_number"):
        assert SAY(problem) in shown
    assert "Ring 20120229-2387." in shown
    with database.transaction() as tx:
        october = rounds.by_month(tx, Month(2026, 10))
        assert october is not None
        assert sum(task.answered for task in rounds.tasks(tx, [october.id], at("2026-11-02").date())) == 2


async def _the_violence_she_reports_alerts_the_channel_without_any_child(
    stage: Stage, database: Database
) -> None:
    anna, channel = stage.player("anna"), stage.player("kanalen")
    before = len(channel.messages())
    await anna.press(
        SAY("report.add_signal"), {**ANEW, "free_text": ""}, row=SAY("choice.signal_kind.deviation")
    )
    await anna.press(SAY("report.hand_in"), {**ANEW, **VIOLENCE})
    receipt = words(anna.newest())
    assert "AKT-3" in receipt
    assert "slag" not in receipt
    assert len(channel.messages()) == before + 1
    alert = words(channel.newest())
    assert "Södergården" in alert
    assert SAY("risk.consequence.4") in alert
    assert SAY("alert.nobody") in alert
    assert channel.newest().summary == SAY("alert.summary")
    for secret in (*CASES, "2026-10-30", "30 oktober", "slag", "Anna"):
        assert secret not in alert
    with database.transaction() as tx:
        assert [one.kind for one in alerts.open_alerts(tx)] == ["event"]


async def _nothing_is_said_again_after_the_restart(stage: Stage) -> None:
    for key in ("anna", "bilal", "maria", "kanalen"):
        before = [message.id for message in stage.player(key).messages()]
        await stage.wake_at(at("2026-11-02 10:05"))
        assert [message.id for message in stage.player(key).messages()] == before


async def _only_bilal_is_reminded(stage: Stage) -> None:
    anna, bilal = stage.player("anna"), stage.player("bilal")
    before = len(anna.messages()), len(bilal.messages())
    for day in ("2026-11-03", "2026-11-04", "2026-11-05", "2026-11-10"):
        await stage.wake_at(at(f"{day} 09:00"))
    assert (len(anna.messages()), len(bilal.messages())) == (before[0], before[1] + 2)


async def _the_manager_learns_what_is_missing_and_sees_how_it_stands(stage: Stage) -> None:
    maria = stage.player("maria")
    await stage.wake_at(at("2026-11-16 08:00"))
    missing = next(one for one in maria.messages() if SAY("escalation.summary") in one.summary)
    assert "Bilal Test (Barn)" in words(missing)
    assert "Anna" not in words(missing)
    await maria.say("läge")
    status = words(maria.newest())
    assert "60\u00a0% (3 av 5)" in status
    assert f"{SAY('band.mark.red')}, {SAY('risk.band.insufficient')} · Södergården" in status
    await maria.say("utförare sodergarden")
    assert "Södergården" in words(maria.newest())
    assert not any(case in words(message) for message in maria.messages() for case in CASES)


async def _karin_takes_the_alert_from_the_channel(stage: Stage, database: Database) -> None:
    channel, karin = stage.player("kanalen"), stage.player("karin")
    await channel.press(SAY("alert.evidence"))
    assert "A-1" in words(karin.newest())
    assert "A-1" not in words(channel.newest())
    await channel.press(SAY("alert.take"))
    assert "Karin Test tog larmet" in words(channel.newest())
    with database.transaction() as tx:
        assert [one.owner_id is not None for one in alerts.open_alerts(tx)] == [True]
        assert counting.count_by_state(tx).get("failed", 0) == 0


def _inputs(card: object) -> list[dict[str, str]]:
    if isinstance(card, list):
        return [found for one in card for found in _inputs(one)]
    if not isinstance(card, dict):
        return []
    own = [card] if str(card.get("type", "")).startswith("Input.") else []
    return own + [found for part in card.values() for found in _inputs(part)]
