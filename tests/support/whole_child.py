"""One child of whom something stands in every table that holds children's data, marked so that it can be looked for."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import insert, update

from followup import AlertId, PersonId, PlacementId, RoundId, SignalId, TaskId, UnitId
from followup.access.outcomes import OutcomeGroup, PlacementEnd
from followup.alerts.alert import AlertDecision
from followup.log.subject import What
from followup.messages.alerts import SignalAsked
from followup.month.report import with_ordinary
from followup.signals.progress import SignalProgress
from followup.times.month import Month
from storage.alerts import alert_decisions, alert_notes, alerts
from storage.clocks import done
from storage.engine.clock_tables import clock_told
from storage.engine.database import Transaction
from storage.engine.drafts import Draft
from storage.engine.tables import placement
from storage.log import access_log, openings
from storage.messages import changed_cards, handled, queueing
from storage.messages.changed_cards import CardMessage
from storage.month import closing_reports, drafts, reports, rounds
from storage.overview import outcomes
from storage.register import people
from storage.risk import report_items
from storage.signals import progress, signals
from tests.support.builders import Register, at
from tests.support.scored import scored_at_once

CASE, MARKER = "AKT-SVEP-77", "Zebrafinken"
OTHER_CASE = "AKT-KVAR-88"
SIGNAL = {
    "kind": "deviation",
    "event_on": "2024-01-20",
    "consequence": "4",
    "occurred": "happened",
    "cause": "provider",
    "source": "child",
    "text": f"{MARKER} i signalen",
    "action_taken": f"{MARKER} i åtgärden",
}


@dataclass(frozen=True)
class Told:
    """The numbers of what the tests look for."""

    placement: PlacementId
    task: TaskId
    signal: SignalId
    alert: AlertId
    unit: UnitId


def settle(tx: Transaction) -> Told:
    """The child left in March 2024; the other one, at the same home, has all the same and another reference."""
    register = Register(tx)
    maria = register.person("maria", "manager")
    anna, karin = register.person("anna", manager_id=maria), register.person("karin", "quality")
    register.person("alva", "admin")
    unit = register.unit("NORR", name="Norrgården")
    access_log.record(tx, "write", What.IMPORT.of(1), at("2023-12-01"), stranger="command line")
    asked = rounds.open_round(tx, Month(2024, 1), at("2024-02-01"), at("2024-02-14"), at("2024-03-01"))
    told = [_child(tx, register, case, asked.id, unit, anna, karin) for case in (CASE, OTHER_CASE)]
    return told[0]


def _child(
    tx: Transaction,
    register: Register,
    case: str,
    round_id: RoundId,
    unit: UnitId,
    anna: PersonId,
    karin: PersonId,
) -> Told:
    text = MARKER if case == CASE else "ett annat ord"
    id_ = register.placement(anna, unit, case=case, starts="2023-01-01", ends="2024-03-31")
    sealed = tx.vault.seal(text)
    tx.connection.execute(
        update(placement)
        .where(placement.c.id == id_)
        .values(
            alias=sealed, deviation_reason=sealed, last_review_body=text, born=tx.vault.seal("2009-05-07")
        )
    )
    rounds.add_task(tx, round_id, id_)
    [task] = [one for one in rounds.tasks(tx, [round_id], date(2024, 2, 5)) if one.placement.id == id_]
    for version in (1, 2):
        answers = {**with_ordinary({"goal_progress": "partly"}), "free_text": f"{text} {version}"}
        reports.save(tx, task.id, answers, by_statement=False, author_id=anna, now=at("2024-02-05"))
    answers = {**SIGNAL, "text": f"{text} i signalen", "action_taken": f"{text} i åtgärden"}
    found = signals.save(
        tx, answers, unit_id=unit, placement_id=id_, task_id=task.id, author_id=anna, now=at("2024-02-05")
    )
    signals.revise(tx, found.id, {}, reason=f"{text} i skälet", author_id=karin, now=at("2024-02-06"))
    begun = SignalProgress(found.id, "quality", "received", karin, at("2024-02-05"))
    progress.begin(tx, begun, None, at("2024-02-05"))
    ended = replace(begun, state="remedied", ended_at=at("2024-02-09"))
    progress.go_on(tx, ended, karin, at("2024-02-09"), f"{text} i steget")
    scored_at_once(tx, unit, at("2024-02-06 10:00"))
    [raised] = [one for one in alerts.of_unit(tx, unit) if one.signal_id == found.id]
    _handle(tx, raised.id, text, karin)
    _remember(tx, told := Told(id_, task.id, found.id, raised.id, unit), text, case, anna, karin)
    return told


def _handle(tx: Transaction, alert_id: AlertId, text: str, karin: PersonId) -> None:
    alert_notes.add(tx, alert_id, karin, at("2024-02-07"), text=f"{text} i anteckningen")
    decision = AlertDecision(False, f"{text} i beslutet", date(2024, 2, 8), "Siv Ek", karin, at("2024-02-08"))
    alert_decisions.record(tx, alert_id, decision)
    alerts.close(tx, alert_id, karin, f"{text} i avslutet", at("2024-02-09"))


def _remember(tx: Transaction, told: Told, text: str, case: str, anna: PersonId, karin: PersonId) -> None:
    now, id_, task, signal = at("2024-02-10"), told.placement, told.task, told.signal
    recorded = done.record(tx, id_, "consideration", date(2024, 2, 1), f"{text} utskott", anna, now)
    [maria] = [one for one in people.everyone(tx).values() if one.key == "maria"]
    done.see(tx, recorded, maria.id, now)
    done.record_check(tx, id_, "care_plan", date(2024, 1, 1), {"goals": "yes"}, anna, now)
    ended = {"goals_met": "partly", "reasons": "age,other", "child_view": "mixed", "again": "yes"}
    ended["child_words"] = f"{text} om tiden"
    closing_reports.save(tx, id_, date(2024, 3, 31), ended, anna, now)
    outcomes.store(
        tx,
        told.unit,
        date(2024, 6, 30),
        OutcomeGroup(3, {"goals": 2, "view": 2, "again": 2}),
        [PlacementEnd(id_, case, ended)],
        now,
    )
    drafts.DRAFTS.save(tx, task, anna, Draft({"free_text": f"{text} i utkastet"}, 1, now))
    rounds.record_asking(tx, [task], anna, "prompt:1", now)
    tx.connection.execute(
        insert(clock_told).values(
            person_id=anna,
            placement_id=id_,
            clock="consideration",
            due=date(2024, 2, 1),
            days=14,
            delivery_key="k",
            at=now,
        )
    )
    report_items.decide(
        tx, f"R-{task}", told.unit, {"dismissed": True}, reason=f"{text} i raden", author_id=karin, now=now
    )
    openings.open_until_midnight(tx, What.SIGNAL_TEXT.of(signal), karin, date(2024, 2, 10))
    queueing.queue(tx, f"signal:{signal}", SignalAsked(signal, told.alert), now, person_id=karin)
    message = CardMessage("conversation", f"activity-{id_}", person_id=anna)
    changed_cards.change(tx, message, {"what": "report", "numbers": {"task": task}}, None, now)
    handled.record(tx, f"press-{id_}", f"Rapporten för {case}: {text}", now, card=f"card-{id_}")
    access_log.record(
        tx,
        "read",
        What.SIGNAL_TEXT.of(signal),
        now,
        person_id=karin,
        reason=f"{text}, {case}",
        seen=[What.SIGNAL.of(signal)],
    )
