"""What the people of the demo municipality do while the pictures in docs/ are taken."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.demo_month import NORMAL_ANSWERS, SERIOUS_SIGNAL
from bot.local.terminal import inputs_of
from followup.follow_ups.checklist import CHECKS, evidence_of
from followup.follow_ups.follow_up import AREAS, PREFILLED
from tests.support.builders import at
from tests.support.stage import SAY, Stage

VISITED, LATER = at("2026-11-11 09:00"), at("2026-11-16 08:00")
CONCERNED, EVENT_ALERT, SIGNAL = "AKT-23-0103", "Larm L-3", "A-129"
FOUND = {
    "held_on": "2026-11-10",
    "participants": "director,staff,young",
    "values": "Värdegrunden är känd.",
    "outcomes": "Målen nås delvis.",
    "requirements": "Två genomförandeplaner saknas.",
    "improvement": "Egenkontroll finns.",
    **dict.fromkeys((evidence_of(area) for area in AREAS if area not in PREFILLED), "talk,observation"),
}
JUDGED = {
    **{"strengths": "Trygg personal.", "improvements": "Planerna.", "verdict": "partly"},
    **dict.fromkeys((point for points in CHECKS.values() for point in points), "fulfilled"),
}
ACTIONS = (("Begär in två genomförandeplaner.", "2026-11-13"), ("Nytt besök i mars.", "2027-03-10"))


class Camera(Protocol):
    async def take(self, key: str, name: str, holds: str = "", *, beginning: bool = False) -> None: ...


async def a_worker_answers(stage: Stage, camera: Camera) -> None:
    anna = stage.player("anna")
    await camera.take("anna", "month-card")
    await camera.take("maria", "digest", SAY("digest.new"))
    await anna.press(SAY("list.open_form"), row=CONCERNED)
    in_future = {**NORMAL_ANSWERS, "provider_report_on": "2027-01-01"}
    await anna.press(SAY("report.hand_in"), in_future)
    await camera.take("anna", "form", beginning=True)
    await anna.press(SAY("report.add_signal"), NORMAL_ANSWERS, row=SAY("choice.signal_kind.deviation"))
    serious = {**NORMAL_ANSWERS, **SERIOUS_SIGNAL, "s1.text": SAY("demo.event")}
    await anna.press(SAY("report.hand_in"), serious)
    normal = {one.id: "true" for one in inputs_of(anna.card()) if one.id.startswith("normal")}
    await anna.press(SAY("list.send"), normal)
    await camera.take("anna", "receipt")
    await anna.say("ledig")
    await camera.take("anna", "leave")


async def the_quality_team_takes_the_alert(stage: Stage, camera: Camera) -> None:
    karin = stage.player("karin")
    await camera.take("kanalen", "alert")
    await stage.player("kanalen").press(SAY("alert.take"))
    await karin.say("larm")
    await camera.take("karin", "alerts")
    await karin.press(SAY("alerts.open"), row=EVENT_ALERT)
    await karin.press(SAY("desk.close"))
    await camera.take("karin", "closing")
    await karin.press(SAY("alert.back"))
    await karin.press(SAY("alert.evidence"))
    await camera.take("karin", "evidence")
    for typed, name in ((f"signal {SIGNAL}", "signal"), (f"aktreferens {SIGNAL}", "reference")):
        await karin.say(typed)
        await camera.take("karin", name)


async def the_team_looks_at_the_method(stage: Stage, camera: Camera) -> None:
    for typed, name in (("tröskel", "threshold"), ("tröskel yellow_p 0,15", "threshold-preview")):
        await stage.player("karin").say(typed)
        await camera.take("karin", name)


async def a_unit_is_followed_up(stage: Stage, camera: Camera) -> None:
    karin = stage.player("karin")
    for alert in (EVENT_ALERT, "Larm L-1"):
        await karin.say("larm")
        await karin.press(SAY("alerts.open"), row=alert)
        await karin.press(SAY("follow_up.open"))
    await camera.take("karin", "follow-up")
    await karin.say("uppföljningar")
    await karin.press(SAY("alerts.open"), row="UF-1")
    await karin.press(SAY("follow_up.next"))
    [owner] = [one.choices[0].value for one in inputs_of(karin.card()) if one.id == "owner"]
    planned = {"owner": owner, "method": "visit", "planned_on": FOUND["held_on"]}
    await karin.press(SAY("follow_up.next"), planned)
    await stage.wake_at(VISITED)
    await karin.say("uppföljningar")
    await camera.take("karin", "follow-ups")
    await karin.press(SAY("alerts.open"), row="UF-1")
    for written in (FOUND, JUDGED):
        await karin.press(SAY("follow_up.next"), written)
    for what, due in ACTIONS:
        await karin.press(SAY("action.add"))
        await karin.press(SAY("follow_up.save"), {"what": what, "due_on": due, "owner": owner})


async def the_selection_is_drawn(stage: Stage, camera: Camera) -> None:
    karin = stage.player("karin")
    await karin.say("urval")
    await karin.press(SAY("selection.freeze"))
    await karin.press(
        SAY("selection.freeze.send"), {"public_value_name": "Lottos första rad 14 november 2026"}
    )
    await stage.wake_at(LATER)
    await karin.say("urval")
    await karin.press(SAY("selection.draw"))
    await karin.press(SAY("selection.draw.send"), {"public_value": "4 9 12 20 23 31 35"})
    await camera.take("karin", "selection")


async def they_ask(stage: Stage, camera: Camera) -> None:
    karin = stage.player("karin")
    await karin.say(f"signal {SIGNAL}")
    await karin.press(SAY("signals.authority"))
    await karin.press(SAY("signals.authority.send"), {"why": "Vi lämnade inte över genomförandeplanen."})
    for key, typed, name in (
        ("maria", "läge", "status"),
        ("maria", "utförare kvarnhumla", "provider"),
        ("maria", "obesvarade", "unanswered"),
        ("maria", "brister", "own-faults"),
        ("karin", "veckobrev", "digest-choice"),
        ("karin", "åtgärder", "actions"),
    ):
        await stage.player(key).say(typed)
        await camera.take(key, name)


Scene = Callable[[Stage, Camera], Awaitable[None]]
SCENES: tuple[Scene, ...] = (
    a_worker_answers,
    the_quality_team_takes_the_alert,
    the_team_looks_at_the_method,
    a_unit_is_followed_up,
    the_selection_is_drawn,
    they_ask,
)
