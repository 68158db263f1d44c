"""The year counted from the stored rows with plain SQL: what stands in the report is compared with it."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.as_file import connected
from tests.support.draw_by_hand import drawn_by_hand
from tests.support.year_files import Cells

FIRST, LAST = "2025-09-01", "2026-08-31"
MONTHS = {
    "2025-09": "september 2025",
    "2025-10": "oktober 2025",
    "2025-11": "november 2025",
    "2025-12": "december 2025",
    "2026-01": "januari 2026",
    "2026-02": "februari 2026",
    "2026-03": "mars 2026",
    "2026-04": "april 2026",
    "2026-05": "maj 2026",
    "2026-06": "juni 2026",
    "2026-07": "juli 2026",
    "2026-08": "augusti 2026",
}
REASONS = {
    "largest_share": "störst andel av placeringarna",
    "age0_15": "barn 0–15 år",
    "needs": "barn med större behov",
    "spot_general": "allmänt stickprov",
    "red": "röd nivå",
    "yellow": "gul nivå",
    "risk_insufficient": "för lite underlag",
    "spot_risk": "stickprov bland alla kvarvarande",
    "added": "tillagd av kvalitetsteamet",
}
KINDS = {
    "complaint": "Klagomål",
    "deviation": "Avvikelser",
    "remark": "Synpunkter med kritik",
    "replacement": "Omplaceringar på grund av missnöje eller kvalitetsbrist",
}
VERDICTS = {
    "meets": "Uppfyller kraven",
    "partly": "Uppfyller delvis kraven",
    "not": "Uppfyller inte kraven",
}
STATES = {
    "open": "öppen",
    "done": "rapporterad klar, väntar på verifiering",
    "verified": "verifierad",
}

_STAYS = """
    select p.*, u.ownership from placement p join unit u on u.id = p.unit_id
    where u.form <> 'kommunens_familjehem' and p.starts <= :last and coalesce(p.ends, '9') >= :first
"""
_DUE = """
    select r.month, count(*) as due, sum(came is not null) as came, sum(came <= r.deadline) as in_time
    from report_task t join round r on r.id = t.round_id
    join placement p on p.id = t.placement_id join unit u on u.id = p.unit_id
    left join (select task_id, min(known_at) as came from report where known_at <= :known group by task_id)
        on task_id = t.id
    where u.form <> 'kommunens_familjehem' and r.month between substr(:first, 1, 7) and substr(:last, 1, 7)
        and (came is not null or r.deadline < :known)
    group by r.month
"""
_SIGNALS = """
    select v.kind, count(*) as number, count(distinct s.unit_id) as units,
        sum(v.consequence = 4 or v.marks <> '') as serious
    from signal s join signal_version v on v.signal_id = s.id join unit u on u.id = s.unit_id
    where v.version = (select max(w.version) from signal_version w
            where w.signal_id = s.id and w.known_at <= :known)
        and u.form <> 'kommunens_familjehem' and v.event_on between :first and :last
        and not v.dismissed and v.cause <> 'authority' and not (v.kind = 'remark' and v.praise)
        and (v.kind <> 'replacement' or v.reasons like '%dissatisfaction%' or v.reasons like '%quality%')
    group by v.kind
"""
_BANDS = """
    select case when shown = 'green' and not enough then 'insufficient' else shown end as band, count(*) as units
    from score s where month_end and as_of = :last
        and id = (select max(id) from score t where t.unit_id = s.unit_id and month_end and as_of = :last)
        and exists (select 1 from placement p where p.unit_id = s.unit_id
            and p.starts <= :last and coalesce(p.ends, '9') >= substr(:last, 1, 8) || '01')
    group by 1
"""
_FOLLOW_UPS = """
    select f.id, f.cycle_id, v.verdict, v.step, u.key, u.name, u.ownership, v.report_asked_on,
        v.report_received_on
    from follow_up f join follow_up_version v on v.follow_up_id = f.id join unit u on u.id = f.unit_id
    where v.version = (select max(version) from follow_up_version w
        where w.follow_up_id = f.id and w.recorded_at <= :known) and f.opened_at <= :known
"""
_ACTIONS = """
    select v.state, count(*) as number, sum(v.state in ('open', 'done') and v.due_on < date(:known)) as late
    from action_version v
    where v.version = (select max(version) from action_version w
        where w.action_id = v.action_id and w.recorded_at <= :known)
    group by v.state
"""


@dataclass
class Rows:
    """The database file; `known` is the moment that the report is made at, as the rows write moments."""

    path: Path
    known: str = "9"

    def all(self, statement: str, **given: Any) -> list[dict[str, Any]]:
        asked = connected(self.path).cursor()
        asked.row_factory = sqlite3.Row
        asked.execute(statement, {"first": FIRST, "last": LAST, "known": self.known, **given})
        return [dict(row) for row in asked]

    def one(self, statement: str, **given: Any) -> Any:
        [row] = self.all(statement, **given)
        [value] = row.values()
        return value

    def selected(self) -> dict[str, set[str]]:
        """The draw done again by hand, and then what the quality team changed."""
        [cycle] = self.all("select * from selection_cycle where year = 2026")
        chosen = drawn_by_hand(cycle["frame"], cycle["public_value"])
        for change in self.all(
            "select a.act, u.key from selection_adjustment a join unit u on u.id = a.unit_id order by a.id"
        ):
            if change["act"] == "remove":
                del chosen[change["key"]]
            else:
                chosen[change["key"]] = {"added"}
        return chosen

    def placements_of_frame(self) -> dict[str, int]:
        return {
            row["id"]: row["placements"]
            for row in json.loads(self.one("select frame from selection_cycle where year = 2026"))["rows"]
        }


def counted(rows: Rows) -> Cells:
    """Each of the report's main figures, under the name of the sheet, the row and the column where it stands."""
    parts = (_care, _answers, _signals, _bands, _alerts, _selection, _verdicts, _actions, _decisions)
    return {place: value for part in parts for place, value in part(rows).items()}


def _care(rows: Rows) -> Cells:
    stays = rows.all(_STAYS)
    found: Cells = {}
    for name, mine in (
        ("Privat", [one for one in stays if one["ownership"] == "private"]),
        ("Egen regi", [one for one in stays if one["ownership"] == "in_house"]),
        ("Alla", stays),
    ):
        row = "Privat och egen regi", name
        found[*row, "Placeringar"] = len(mine)
        found[*row, "Barn och unga"] = len({one["case_reference"] for one in mine})
        found[*row, "Enheter"] = len({one["unit_id"] for one in mine})
    return found


def _answers(rows: Rows) -> Cells:
    found: Cells = {}
    months = rows.all(_DUE)
    whole = {name: sum(one[name] for one in months) for name in ("due", "came", "in_time")}
    for one in (*months, {"month": "", **whole}):
        row = "Svar per månad", MONTHS.get(one["month"], "Summa")
        found[*row, "Väntade"] = one["due"]
        found[*row, "Inkomna"] = one["came"]
        found[*row, "Svarsfrekvens: andel"] = one["came"] / one["due"]
        found[*row, "I tid: antal"] = one["in_time"] or 0
    return found


def _signals(rows: Rows) -> Cells:
    kinds = rows.all(_SIGNALS)
    found: Cells = {("Signaler", KINDS[one["kind"]], "Antal"): one["number"] for one in kinds}
    for one in kinds:
        found["Signaler", KINDS[one["kind"]], "Enheter med minst en: antal"] = one["units"]
    found["Signaler", "Summa", "Antal"] = sum(one["number"] for one in kinds)
    found["Signaler, delar", "Allvarliga, av alla slag", "Antal"] = sum(one["serious"] for one in kinds)
    return found


def _bands(rows: Rows) -> Cells:
    units = {one["band"]: one["units"] for one in rows.all(_BANDS)}
    names = {
        "red": "Röd",
        "yellow": "Gul",
        "green": "Grön",
        "insufficient": "Otillräckligt underlag",
    }
    return {("Nivåer", "augusti 2026", name): units.get(band, 0) for band, name in names.items()}


def _alerts(rows: Rows) -> Cells:
    [one] = rows.all(
        "select count(*) as raised, count(closed_at) as closed from alert "
        "where raised_at >= datetime(:first, '-2 hours') and raised_at <= :known"
    )
    row = "Larm", "Summa"
    return {
        (*row, "Larm"): one["raised"],
        (*row, "Avslutade: antal"): one["closed"],
        (*row, "Öppna"): one["raised"] - one["closed"],
    }


def _selection(rows: Rows) -> Cells:
    chosen, placements = rows.selected(), rows.placements_of_frame()
    names = {one["key"]: one["name"] for one in rows.all("select key, name from unit")}
    found: Cells = {}
    for reason, said in (*REASONS.items(), ("", "Alla valda enheter")):
        units = [unit for unit, reasons in chosen.items() if reason in reasons or not reason]
        if units:
            found["Urvalsskäl", said, "Enheter"] = len(units)
            found["Urvalsskäl", said, "Placeringar som täcks: antal"] = sum(
                placements.get(one, 0) for one in units
            )
            found["Urvalsskäl", said, "Placeringar som täcks: av"] = sum(placements.values())
    for unit, reasons in chosen.items():
        row = "Valda enheter", names[unit]
        found[*row, "Skäl"] = ", ".join(said for reason, said in REASONS.items() if reason in reasons)
        found[*row, "Placeringar"] = placements.get(unit, 0)
    return found


def _verdicts(rows: Rows) -> Cells:
    found: Cells = {}
    follow_ups = rows.all(_FOLLOW_UPS)
    for name, mine in (
        ("Privat", [one for one in follow_ups if one["ownership"] == "private"]),
        ("Egen regi", [one for one in follow_ups if one["ownership"] == "in_house"]),
        ("Alla", follow_ups),
    ):
        found["Bedömningar", "Summa", name] = len(mine)
        for verdict, said in VERDICTS.items():
            found["Bedömningar", said, name] = sum(one["verdict"] == verdict for one in mine)
    row = "Skriftlig redovisning", "Skriftlig kvalitetsredovisning"
    found[*row, "Begärda"] = sum(one["report_asked_on"] is not None for one in follow_ups)
    found[*row, "Inkomna: antal"] = sum(
        one["report_asked_on"] is not None and one["report_received_on"] is not None for one in follow_ups
    )
    found.update(_hits(rows, follow_ups))
    return found


def _hits(rows: Rows, follow_ups: list[dict[str, Any]]) -> Cells:
    """Of what each way of choosing led to, how much had faults."""
    chosen = rows.selected()
    found: Cells = {}
    for name, reasons in (
        ("Riskanalys", {"red", "yellow", "risk_insufficient"}),
        ("Stickprov", {"spot_general", "spot_risk"}),
        ("Kriterier", {"largest_share", "age0_15", "needs"}),
    ):
        judged = [
            one
            for one in follow_ups
            if one["cycle_id"] and one["verdict"] and chosen.get(one["key"], set()) & reasons
        ]
        if judged:
            found["Träffsäkerhet", name, "Uppföljda"] = len(judged)
            faults = sum(one["verdict"] != "meets" for one in judged)
            found["Träffsäkerhet", name, "Med brister"] = faults
    return found


def _actions(rows: Rows) -> Cells:
    states = rows.all(_ACTIONS)
    found: Cells = {}
    for one in states:
        found["Åtgärder", STATES[one["state"]], "Åtgärder"] = one["number"]
        found["Åtgärder", STATES[one["state"]], "Varav försenade"] = one["late"]
    found["Åtgärder", "Summa", "Åtgärder"] = sum(one["number"] for one in states)
    found["Åtgärder", "Summa", "Varav försenade"] = sum(one["late"] for one in states)
    return found


def _decisions(rows: Rows) -> Cells:
    decided = rows.all(
        "select notified, count(*) as number from alert_decision "
        "where recorded_at <= :known and decided_on >= :first group by notified"
    )
    names = {1: "Anmäld till IVO", 0: "Inte anmäld till IVO"}
    found: Cells = {
        ("Prövade anmälningar", names[one["notified"]], "Beslut"): one["number"] for one in decided
    }
    return {**found, ("Prövade anmälningar", "Summa", "Beslut"): sum(found.values())}


def sentences(rows: Rows) -> list[str]:
    """The figures in the report's summary, as they should read."""
    found = counted(rows)

    def share(part: int, whole: int) -> str:
        return f"{(200 * part + whole) // (2 * whole)} % ({part} av {whole})"

    care, answers = ("Privat och egen regi", "Alla"), ("Svar per månad", "Summa")
    covered = ("Urvalsskäl", "Alla valda enheter")
    part, whole = (found[*covered, f"Placeringar som täcks: {name}"] for name in ("antal", "av"))
    judged = [one for one in rows.all(_FOLLOW_UPS) if one["verdict"]]
    return [
        f"Placerade under perioden: {found[*care, 'Barn och unga']} barn och unga i "
        f"{found[*care, 'Placeringar']} placeringar hos {found[*care, 'Enheter']} enheter.",
        "Inkomna månadsrapporter, av de väntade: "
        f"{share(found[*answers, 'Inkomna'], found[*answers, 'Väntade'])}.",
        "Enheter som visades som röda vid utgången av augusti 2026: "
        f"{found['Nivåer', 'augusti 2026', 'Röd']}. Gula: {found['Nivåer', 'augusti 2026', 'Gul']}.",
        f"Placeringar som årets urval täcker: {share(part, whole)}.",
        f"Uppföljningar med bedömning: {len(judged)} av {found['Bedömningar', 'Summa', 'Alla']}. "
        f"Där kraven uppfylldes delvis eller inte alls: {sum(one['verdict'] != 'meets' for one in judged)}.",
    ]
