"""What the demo municipality's people do in a year, each step typed and pressed in their clients."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.local.chats import ChatMessage
from bot.local.player import Player
from bot.local.terminal import actions_of, inputs_of
from followup.follow_ups.checklist import CHECK_QUESTIONS, evidence_of
from followup.month.report import ANEW, with_ordinary
from followup.times.calendar import at_municipal, municipal_day, nth_working_day
from followup.times.month import Month
from tests.support.counted_presses import CountedPlayer, Tally
from tests.support.stage import SAY, Stage

WORKERS = ("anna", "bilal", "cecilia", "david", "elin", "fatima", "hanna", "johan", "lena")
COMPLAINT = {
    "kind": "complaint",
    "consequence": "2",
    "occurred": "happened",
    "cause": "provider",
    "source": "child",
    "text": "Maten är slut på kvällarna, säger den unge.",
}
PARAGRAPH = "27 kap. 7 § SoL"
AREAS_FOUND = {
    "values": "Värdegrunden är känd.",
    "outcomes": "Aktiviteterna följer planerna.",
    "requirements": "Bemanning och registerkontroller är kontrollerade.",
    "improvement": "Egenkontroll finns.",
}


def first_day(month: Month) -> date:
    """When the round about the month opens."""
    return nth_working_day(month.next, 1)


def mondays_between(after: date, until: date) -> list[date]:
    """The Mondays after the one day, up to and with the other."""
    monday = after + timedelta(days=7 - after.weekday())
    return [monday + timedelta(days=days) for days in range(0, (until - monday).days + 1, 7)]


@dataclass
class Municipality:
    """Its people at work; the clock wakes the bot each Monday, and on each day that a step names."""

    stage: Stage
    tally: Tally = field(default_factory=Tally)

    def person(self, key: str) -> Player:
        return CountedPlayer(self.stage.stand_in, key, self.stage.settle, tally=self.tally)

    @property
    def today(self) -> date:
        return municipal_day(self.stage.clock.now())

    async def until(self, day: date) -> None:
        """The bot wakes on every Monday on the way, and twice in the morning of the day itself."""
        for monday in mondays_between(self.today, day - timedelta(days=1)):
            await self.stage.wake_at(at_municipal(monday))
        await self.stage.wake_at(at_municipal(day))
        await self.stage.wake_at(at_municipal(day) + timedelta(minutes=1))

    async def rest(self) -> None:
        """Long enough for a card that a form was open in to be changed to what became of it."""
        await self.stage.wake_at(self.stage.clock.now() + timedelta(minutes=45))

    async def answer(self, key: str, *, skip: int = 0) -> None:
        """States what can be stated and fills in the form of the rest, but for the last `skip` placements."""
        worker = self.person(key)
        await worker.say("mina")
        opened = _to_open(worker)
        left = list(opened)[: max(len(opened) - skip, 0)]
        shown = {one.id for one in inputs_of(worker.card())}
        ticked = {f"normal{opened[title]}": "true" for title in left if f"normal{opened[title]}" in shown}
        if ticked:
            await worker.press(SAY("list.send"), ticked)
        for title in [one for one in _to_open(worker) if one in left]:
            await worker.press(title)
            await worker.press(SAY("report.hand_in"), self.a_normal_month(worker))

    def a_normal_month(self, worker: Player) -> Mapping[str, str]:
        """What must be answered anew, and what has never been answered."""
        shown = {one.id: one.value for one in inputs_of(worker.card())}
        asked = Month.of(self.today).previous
        days = {
            "private_talk_on": asked.first.replace(day=14).isoformat(),
            "provider_report_on": self.today.isoformat(),
        }
        empty = {name: answer for name, answer in with_ordinary({}).items() if not shown.get(name)}
        return {**empty, **ANEW, **days}

    async def complain(self, key: str, unit: str, event_on: date) -> None:
        worker = self.person(key)
        await worker.say("avvikelse")
        typed = {**COMPLAINT, "unit": choice(worker, "unit", unit), "event_on": event_on.isoformat()}
        await worker.press(SAY("signal.hand_in"), typed)

    async def plan(self, key: str, title: str, plan: Mapping[str, str]) -> None:
        """Opens the follow-up and plans it; the analysis is what the evidence says."""
        person = self.person(key)
        await self._open(person, "uppföljningar", title)
        await person.press(SAY("follow_up.next"))
        owner = choice(person, "owner", "Karin Sjöberg")
        await person.press(SAY("follow_up.next"), {"owner": owner, **plan})

    async def assess(self, key: str, title: str, verdict: str) -> None:
        """What was found on the planned day, and the verdict."""
        person = self.person(key)
        await self._open(person, "uppföljningar", title)
        held = self.today.isoformat()
        found = {**AREAS_FOUND, "held_on": held, "participants": "director,young", "report_received_on": held}
        rests_on = {evidence_of(area): "talk,document" for area in AREAS_FOUND}
        await person.press(SAY("follow_up.next"), {**found, **rests_on})
        judged = {"strengths": "Trygg personal.", "improvements": "Dokumentation.", "verdict": verdict}
        shown = {one.id for one in inputs_of(person.card())}
        # The checklist of one that risk has chosen.
        checked = {one.id: "fulfilled" for one in CHECK_QUESTIONS if one.choices and one.id in shown}
        await person.press(SAY("follow_up.next"), {**judged, **checked})

    async def plan_action(self, key: str, title: str, what: str, due: date, owner: str) -> None:
        person = self.person(key)
        await self._open(person, "uppföljningar", title)
        await person.press(SAY("action.add"))
        typed = {"what": what, "due_on": due.isoformat(), "owner": choice(person, "owner", owner)}
        await person.press(SAY("follow_up.save"), typed)

    async def record_board_decision(self, key: str, title: str, reference: str, day: date) -> None:
        person = self.person(key)
        await self._open(person, "uppföljningar", title)
        await person.press(SAY("board_decision.add"))
        typed = {"kind": "warning", "reference": reference, "decided_on": day.isoformat()}
        await person.press(SAY("board_decision.record"), typed)

    async def open_alert(self, key: str, number: str) -> Player:
        """In the person's own chat, since the channel is told nothing of a unit with few placements."""
        person = self.person(key)
        await person.say("larm")
        [row] = [_row(one.title) for one in actions_of(person.card()) if f"{number}:" in one.title]
        await person.press(SAY("alerts.open"), row=row)
        return person

    async def close_alert(self, key: str, number: str, *, notified: str) -> None:
        """With the decision whether to notify IVO, recorded first."""
        person = await self.open_alert(key, number)
        await person.press(SAY("desk.decide"), row=SAY("desk.duty", paragraph=PARAGRAPH))
        decided = {"notified": notified, "decision_reason": "Utredd tillsammans med enheten."}
        await person.press(SAY("desk.decision_send"), decided)
        await person.press(SAY("desk.close"))
        await person.press(SAY("desk.close_send"), {"reason": "Larmet är utrett."})

    async def report_done(self, key: str, title: str) -> None:
        person = self.person(key)
        await self._open(person, "åtgärder", title)
        await person.press(SAY("action.to.done"))
        await person.press(SAY("action.to.done"), {"evidence": "Schemat är läst och stämmer med avtalet."})

    async def verify(self, key: str, title: str) -> None:
        person = self.person(key)
        await self._open(person, "åtgärder", title)
        await person.press(SAY("action.to.verified"))

    async def close(self, key: str, title: str) -> None:
        person = self.person(key)
        await self._open(person, "uppföljningar", title)
        await person.press(SAY("follow_up.close"))

    async def _open(self, person: Player, command: str, title: str) -> None:
        """Opens the row of the list, leafing through it."""
        await person.say(command)
        while not any(_row(one.title) == title for one in actions_of(person.card())):
            more = [one.title for one in actions_of(person.card()) if one.title.startswith("Visa ")]
            assert more, f"{title}; there are {[one.title for one in actions_of(person.card())]}"
            await person.press(more[-1])
        await person.press(SAY("alerts.open"), row=title)


def _row(title: str) -> str:
    return title.partition(": ")[2]


def _to_open(worker: Player) -> dict[str, int]:
    """The buttons that open a form, each with the task that it is about."""
    opens = SAY("list.open_form")
    found = [one for one in actions_of(worker.card()) if one.title.startswith(opens)]
    return {one.title: one.action["data"]["card"]["task"] for one in found}


def choice(person: Player, field: str, title: str) -> str:
    """The value of the choice with the title, in the field of the newest card."""
    found = [one["value"] for one in _choices(person.card(), field) if one["title"] == title]
    assert len(found) == 1, (title, _choices(person.card(), field))
    return found[0]


def _choices(part: object, field: str) -> list[dict[str, str]]:
    if isinstance(part, list):
        return [found for one in part for found in _choices(one, field)]
    if not isinstance(part, dict):
        return []
    own = list(part["choices"]) if part.get("id") == field else []
    return own + [found for each in part.values() for found in _choices(each, field)]


def told(messages: list[ChatMessage], summary: str) -> list[ChatMessage]:
    """The messages that a preview shows with those words, alone or among what else came in the same."""
    return [one for one in messages if summary in one.summary.split(" · ")]
