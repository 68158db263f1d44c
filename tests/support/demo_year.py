"""The demo municipality's year: a selection that is drawn and locked, follow-ups with verdicts, actions, decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from followup.follow_ups.checklist import CHECKS, evidence_of, note_of
from followup.follow_ups.follow_up import AREAS, FollowUp
from followup.follow_ups.satisfaction import Satisfaction
from followup.people import Person
from followup.selection.cycle import YEARLY
from services.follow_ups import following_up
from services.selection import selecting
from services.selection.selecting import Plan, WantedAdjustment
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.follow_ups import actions, board_decisions, diary_numbers, follow_ups
from storage.overview import recommendations
from storage.register import people, units
from tests.support.builders import at

LOADED_AT, MADE_AT = at("2026-10-01 08:00"), at("2026-10-12 09:00")
RECOMMENDED = """Kvalitetsteamet rekommenderar att nämnden
- kräver en skriftlig plan med dagar av de utförare som inte uppfyller kraven
- ger socialsekreterarna tid att tala enskilt med varje barn minst en gång i månaden
- följer upp i mars hur åtgärderna har gått."""
VALUE_NAME, VALUE = "Lottoraden lördagen den 3 oktober 2026", "4 9 17 22 28 30 33"


@dataclass(frozen=True)
class Found:
    """What a follow-up found; without a verdict it has only been planned."""

    method: str = "visit"
    verdict: str | None = "meets"
    texts: Mapping[str, str] = field(default_factory=dict)
    strengths: str = ""
    improvements: str = ""
    acts: tuple[tuple[str, str], ...] = ()


PLAIN = {
    "values": "Värdegrunden är känd av personalen och tas upp vid varje arbetsplatsträff.",
    "outcomes": "Aktiviteterna följer genomförandeplanerna. Utbudet motsvarar avtalet.",
    "requirements": "Bemanning, registerkontroller och brandskydd är kontrollerade utan anmärkning.",
    "indicators": "Månadsrapporterna kommer i tid.",
    "deviations": "Avvikelser utreds skriftligt och återkopplas till de unga.",
    "inspectorate": "IVO har inte fattat något beslut om enheten under perioden.",
    "improvement": "Enheten har en plan för sitt förbättringsarbete som följs upp varje kvartal.",
}
FOUND: Mapping[str, Found] = {
    "HVB-03": Found(
        verdict="not",
        texts={
            **PLAIN,
            "values": "Personalen beskriver värdegrunden olika. Nya vikarier har inte fått någon genomgång.",
            "requirements": "Nattbemanningen har inte följt avtalet under sommaren. Schemana saknade namn på vikarier.",
            "deviations": "Klagomål har besvarats muntligt. Skriftlig utredning saknas i flera ärenden.",
            "improvement": "Ledningen har påbörjat en översyn av bemanning och klagomålshantering.",
        },
        strengths="De unga beskriver flera i personalen som trygga vuxna.",
        improvements="Bemanning på kvällar och nätter. Skriftlig hantering av klagomål.",
        acts=(
            ("Lämna ett bemanningsschema för nätter som följer avtalet, med namn på vikarier.", "2026-10-09"),
            ("Ta fram en skriftlig rutin för klagomål och gå igenom den med alla unga.", "2026-11-30"),
        ),
    ),
    "HVB-02": Found(
        verdict="partly",
        texts={
            **PLAIN,
            "outcomes": "Två av fem planerade aktiviteter har ställts in under våren.",
            "deviations": "Avvikelser rapporteras, men återkopplingen till de unga dröjer.",
        },
        strengths="God samverkan med skolan. Väl fungerande kontaktpersoner.",
        improvements="Återkoppling till de unga efter avvikelser.",
        acts=(("Återkoppla skriftligt till den unge inom en vecka efter varje avvikelse.", "2026-12-15"),),
    ),
    "STB-01": Found(method="digital", texts=PLAIN, strengths="Stödet i vardagen är tydligt planerat."),
    "HVB-01": Found(texts=PLAIN, strengths="Stabil personalgrupp.", improvements="Fler egna boendesamtal."),
    "HVB-07": Found(method="unannounced", verdict=None, texts={"indicators": "Förberett underlag."}),
    "FAM-01": Found(
        method="digital", verdict="partly", texts=PLAIN, improvements="Handledningen av familjehemmen."
    ),
    "JOU-01": Found(texts=PLAIN, strengths="Snabb återkoppling till socialsekreterarna."),
}
ORDINARY = Found(method="digital", texts=PLAIN, strengths="Tydlig dokumentation.")
PLANNED = Found(verdict=None)


def play(database: Database, names: Sequence[str] = (YEARLY,)) -> None:
    """From each frozen frame to verified actions, in the days before the report is made."""
    with database.transaction() as tx:
        karin = next(one for one in people.everyone(tx).values() if one.key == "karin")
        for nth, name in enumerate(names):
            _select(tx, name, timedelta(days=3 * nth), karin)
        _handle_alerts(tx, karin)
        recommendations.add(tx, 2026, 1, RECOMMENDED, karin.id, at("2026-10-11 14:00"))


def _select(tx: Transaction, name: str, later: timedelta, karin: Person) -> None:
    cycle = selecting.freeze(tx, Plan(2026, VALUE_NAME, name), karin, at("2026-10-01 10:00") + later)
    drawn = selecting.draw(tx, cycle, VALUE, karin, at("2026-10-04 09:00") + later)
    if any(one.unit == "HVB-09" for one in drawn.selected):
        change = WantedAdjustment("remove", "HVB-09", "Enheten öppnade i september och följs upp i vår.")
        selecting.adjust(tx, cycle, change, karin, at("2026-10-04 10:00") + later)
    selecting.lock(tx, cycle, karin, at("2026-10-05 09:00") + later)
    for number, one in enumerate(follow_ups.of_cycle(tx, cycle.id)):
        _follow_up(tx, one, number, later, karin)


def _follow_up(tx: Transaction, one: FollowUp, number: int, later: timedelta, by: Person) -> None:
    found = FOUND.get(units.get(tx, one.unit_id).key, ORDINARY if number % 3 else PLANNED)
    held = date(2026, 10, 6) + timedelta(days=number % 3) + later
    now = at(f"{held} 15:00")
    planned = replace(
        one,
        step="collect",
        owner_id=by.id,
        method=found.method,
        planned_on=held,
        report_asked_on=date(2026, 10, 5) + later,
        areas={area: found.texts[area] for area in AREAS if area in found.texts},
    )
    saved = following_up.save(tx, planned, by.id, now)
    if found.verdict is not None:
        _judge(tx, saved, found, held, by, now)


def _marked(one: FollowUp, found: Found) -> dict[str, str]:
    """Where risk chose it all is fulfilled but for one point, which the verdict follows from."""
    rests = dict.fromkeys(map(evidence_of, AREAS), "talk,document")
    points = {point: "fulfilled" for of in CHECKS.values() for point in of} if one.by_risk else {}
    if points and found.verdict != "meets":
        points |= {"law_records": "not_fulfilled", note_of("law_records"): "Två registerutdrag saknas."}
    return {**rests, **points}


def _judge(tx: Transaction, one: FollowUp, found: Found, held: date, by: Person, now: datetime) -> None:
    judged = replace(
        one,
        step="act",
        held_on=held,
        participants=("director", "staff", "young"),
        strengths=found.strengths,
        improvements=found.improvements,
        report_received_on=held,
        satisfaction=(Satisfaction("Nöjda unga", "4,1 av 5", 3 + one.id % 5, 9),) if one.id % 2 else (),
        verdict=found.verdict,
        verdict_on=held,
        marked=_marked(one, found),
    )
    saved = following_up.save(tx, judged, by.id, now)
    for what, due in found.acts:
        made = actions.add(
            tx,
            one.id,
            what=what,
            owner_id=by.id,
            due_on=date.fromisoformat(due),
            author_id=by.id,
            now=now,
        )
        if found.verdict == "partly":
            actions.save(tx, replace(made, state="done", evidence="Rutinen är skickad."), by.id, now)
    if one.id % 2:
        diary_numbers.record(tx, one.id, f"SN 2026/{300 + one.id}", by.id, now)
    if found.verdict == "not":
        board_decisions.record(
            tx, one.id, "SN 2026/214 § 88", date(2026, 10, 8), by.id, max(now, at("2026-10-09 09:00"))
        )
    elif not found.acts:
        following_up.close(tx, saved, by.id, now)


def _handle_alerts(tx: Transaction, by: Person) -> None:
    """The first is taken and closed, the next only taken."""
    for number, one in enumerate(alerts.open_alerts(tx)[:2]):
        alerts.take(tx, one.id, by.id, at("2026-10-02 09:00"))
        if number == 0:
            alerts.close(tx, one.id, by.id, "Följs upp i årets urval.", at("2026-10-05 12:00"))
