"""From an alert to a closed follow-up with a verified action, through the HTTP endpoint, with a restart."""

from datetime import date
from pathlib import Path

from followup import FollowUpId, PersonId, UnitId
from followup.follow_ups.checklist import CHECKS, evidence_of
from followup.follow_ups.follow_up import AREAS, PREFILLED
from storage.alerts import alerts
from storage.engine.database import Database
from storage.follow_ups import actions, follow_ups
from storage.messages import counting
from storage.register import people, units
from tests.support.builders import Register, at
from tests.support.stage import SAY, Stage, on_stage, words
from tests.support.turns import SLAP
from tests.support.year_builders import cycle

FOUND = {
    "held_on": "2026-11-12",
    "participants": "director,staff,young",
    "values": "Värdegrunden är känd.",
    "outcomes": "Målen nås delvis.",
    "requirements": "Två genomförandeplaner saknas.",
    "improvement": "Egenkontroll finns.",
    "satisfaction": "Trivsel; 4,2 av 5; 3 av 3",
    **dict.fromkeys((evidence_of(area) for area in AREAS if area not in PREFILLED), "talk,observation"),
}
JUDGED = {
    **{"strengths": "Trygg personal.", "improvements": "Planerna.", "verdict": "partly"},
    **dict.fromkeys((point for points in CHECKS.values() for point in points), "fulfilled"),
}


async def test_from_an_alert_to_a_closed_follow_up_with_a_verified_action(
    municipality: Database, tmp_path: Path
) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality")
    transcript = tmp_path / "chat.jsonl"
    async with on_stage(municipality, at("2026-11-02 08:00"), transcript) as stage:
        await _annas_signal_alerts_and_karin_opens_a_follow_up_from_the_channel(stage)
        await _karin_plans_an_unannounced_visit_that_maria_hears_nothing_of(stage)
        await _the_visit_is_held_and_assessed(stage)
        await _kim_gets_an_action_and_is_told(stage)
    municipality.close()
    reopened = Database(municipality.url, municipality.vault)
    async with on_stage(reopened, at("2026-11-16 10:00"), transcript) as stage:
        await _kim_is_reminded_reports_it_done_and_karin_verifies(stage, reopened)
        await _karin_closes_it_and_maria_sees_the_verdict(stage, reopened)
    reopened.close()


async def _annas_signal_alerts_and_karin_opens_a_follow_up_from_the_channel(stage: Stage) -> None:
    anna, channel, karin = (stage.player(key) for key in ("anna", "kanalen", "karin"))
    await anna.say("avvikelse")
    await anna.press(SAY("signal.hand_in"), {**SLAP, "unit": "2"})
    assert SAY("follow_up.open") in words(channel.newest())
    await channel.press(SAY("follow_up.open"))
    await karin.say("uppföljningar")
    assert "UF-1 · Södergården" in words(karin.newest())
    await karin.press(SAY("alerts.open"), row="UF-1 · Södergården")
    opened = words(karin.newest())
    assert "avvikelser (1)" in opened
    assert "slag" not in opened


async def _karin_plans_an_unannounced_visit_that_maria_hears_nothing_of(stage: Stage) -> None:
    karin, maria = stage.player("karin"), stage.player("maria")
    await karin.press(SAY("follow_up.next"))
    plan = {"owner": "2", "method": "unannounced", "planned_on": "2026-11-12"}
    await karin.press(SAY("follow_up.next"), plan)
    assert SAY("choice.follow_up_method.unannounced") in words(karin.newest())
    for said in ("läge", "utförare Södergården", "larm", "uppföljningar"):
        await maria.say(said)
        assert not any(secret in words(maria.newest()) for secret in ("anmält", "UF-1", "12 november"))


async def _the_visit_is_held_and_assessed(stage: Stage) -> None:
    karin = stage.player("karin")
    await stage.wake_at(at("2026-11-13 09:00"))
    await karin.say("uppföljningar")
    assert SAY("follow_up.late.planned", day=date(2026, 11, 12)) in words(karin.newest())
    await karin.press(SAY("alerts.open"), row="UF-1 · Södergården")
    await karin.press(SAY("follow_up.next"), FOUND)
    await karin.press(SAY("follow_up.next"), JUDGED)
    assert SAY("follow_up.about.act") in words(karin.newest())


async def _kim_gets_an_action_and_is_told(stage: Stage) -> None:
    karin, kim = stage.player("karin"), stage.player("kim")
    await karin.press(SAY("follow_up.close"))
    assert SAY("follow_up.action_needed") in words(karin.newest())
    await karin.press(SAY("action.add"))
    plan = {
        "what": "Begär in två genomförandeplaner.",
        "due_on": "2026-12-01",
        "owner": _kims_choice(karin.newest().card),
    }
    await karin.press(SAY("follow_up.save"), plan)
    assert "Å-1 · Begär in två genomförandeplaner." in words(karin.newest())
    # She has had the day's message already, and it is a Friday.
    await stage.wake_at(at("2026-11-16 08:00"))
    assert SAY("action_given.title", n=1) in words(kim.newest())
    assert "genomförandeplaner" not in words(kim.newest())


async def _kim_is_reminded_reports_it_done_and_karin_verifies(stage: Stage, database: Database) -> None:
    kim, karin = stage.player("kim"), stage.player("karin")
    for moment in ("2026-11-24 08:00", "2026-11-24 08:01", "2026-12-01 08:00", "2026-12-01 09:00"):
        await stage.wake_at(at(moment))
    titles = [SAY("action_due.title") in words(message) for message in kim.messages()]
    assert titles.count(True) == 2
    reminder = next(one for one in reversed(kim.messages()) if SAY("action_due.title") in words(one))
    assert SAY("action_due.today", number="Å-1", unit="Södergården") in words(reminder)
    await kim.say("åtgärder")
    await kim.press(SAY("alerts.open"), row="Å-1 · Södergården")
    await kim.press(SAY("action.to.done"))
    await kim.press(SAY("action.to.done"), {"evidence": "Planerna är lästa."})
    await karin.say("åtgärder")
    await karin.press(SAY("alerts.open"), row="Å-1 · Södergården")
    assert "Planerna är lästa." in words(karin.newest())
    await karin.press(SAY("action.to.verified"))
    with database.transaction() as tx:
        [action] = actions.of_follow_up(tx, FollowUpId(1))
        names = {one.id: one.key for one in people.everyone(tx).values()}
    assert (action.state, names[action.verified_by or PersonId(0)]) == ("verified", "karin")


async def _karin_closes_it_and_maria_sees_the_verdict(stage: Stage, database: Database) -> None:
    karin, maria = stage.player("karin"), stage.player("maria")
    await karin.press(SAY("follow_up.to_step"))
    await karin.press(SAY("follow_up.close"))
    assert SAY("follow_up.closed") in words(karin.newest())
    with database.transaction() as tx:
        [closed] = follow_ups.of_year(tx, 2026)
        assert closed.closed
        assert units.last_follow_up(tx, closed.unit_id) == (date(2026, 11, 12), "uppfyller_delvis")
        assert [one.closed_at for one in alerts.open_alerts(tx)] == [None]
        assert counting.count_by_state(tx).get("failed", 0) == 0
    told = [words(message) for key in ("maria", "anna", "bilal") for message in stage.player(key).messages()]
    assert not any("anmält" in text or "två genomförandeplaner" in text.lower() for text in told)
    await maria.say("utförare Södergården")
    seen = words(maria.newest())
    assert f"12 november 2026, {SAY('verdict.uppfyller_delvis')}" in seen
    # A manager sees the actions once there is a verdict, and the texts only when she opens them.
    assert ("genomförandeplaner" in seen, "anmält" in seen) == (True, False)


async def test_the_years_dates_and_its_official_are_those_of_the_settings(
    municipality: Database, tmp_path: Path
) -> None:
    with municipality.transaction() as tx:
        follow_ups.open_new(tx, UnitId(1), PersonId(2), at("2026-11-02"), cycle_id=cycle(tx, 2))
    dates = {"selection_follow_ups_done": (12, 1), "official": "maria"}
    async with on_stage(municipality, at("2026-11-24 08:00"), tmp_path / "chat.jsonl", **dates) as stage:
        karin, maria = stage.player("karin"), stage.player("maria")
        told = [words(one) for one in maria.messages() if SAY("selection.follow_ups_done") in words(one)]
        assert len(told) == 1
        assert SAY("selection.official", name="Maria") in told[0]
        late = SAY("follow_up.late.year", day=date(2026, 12, 1))
        await karin.say("uppföljningar")
        assert late not in words(karin.newest())
        await stage.wake_at(at("2026-12-02 08:00"))
        await karin.say("uppföljningar")
        assert late in words(karin.newest())


def _kims_choice(card: object) -> str:
    """The value of Kim among the choices of who is responsible."""
    found = [one["value"] for one in _choices(card) if one["title"] == "Kim Test"]
    assert len(found) == 1
    return found[0]


def _choices(card: object) -> list[dict[str, str]]:
    if isinstance(card, list):
        return [found for one in card for found in _choices(one)]
    if not isinstance(card, dict):
        return []
    own = list(card["choices"]) if card.get("id") == "owner" else []
    return own + [found for part in card.values() for found in _choices(part)]
