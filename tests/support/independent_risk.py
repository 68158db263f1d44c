"""Works a unit's score out a second time, from raw rows, plain loops and arithmetic of its own, to compare with.

After risk-and-selection.md alone: nothing of the method's own code or numbers is used.
"""

import json
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import exp, lgamma, log

from tests.support.card_count import Known, Raw, months_back

SEGMENT = {"konsulentstott_jourhem": "jourhem"}
LETTER = {"deviation": "A", "complaint": "K", "remark": "S", "replacement": "O"}
POINTS = {"deviation": 1, "complaint": 2, "remark": 1, "replacement": 3}
SERIOUS = {"injury", "violence", "abuse", "serious_wrong", "ivo"}
AREAS = ("health", "development", "behaviour", "schooling", "relations")
OF_CHILD = {"unsafe", "concern"}
OF_PROVIDER = {"provider_report_missing", "provider_report_late", "provider_report_poor"}
PRIOR, SPREAD, UNSEEN, HALF = Fraction(3), Fraction(3, 2), Fraction(3, 10), Fraction(1, 2)
LATE_FROM = 21


@dataclass
class Evidence:
    """One dated thing; what is dismissed, linked or before the measuring weighs nothing."""

    number: str
    kind: str
    day: date
    weight: Fraction
    event: str | None = None
    placement: int | None = None
    kappa: Fraction = Fraction(0)

    @property
    def month(self) -> int:
        return self.day.year * 12 + self.day.month

    @property
    def points(self) -> Fraction:
        return self.kappa * self.weight


@dataclass
class Worked:
    """A unit's score on a day: `items` are those that count, and `raises` how much each raises the ratio.

    `left` has those that do not, by the first thing that takes them away.
    """

    o: Fraction
    e: Fraction
    ot: Fraction
    et: Fraction
    items: list[Evidence] = field(default_factory=list)
    left: dict[str, list[Evidence]] = field(default_factory=dict)

    @property
    def r(self) -> float:
        return float((PRIOR + self.o) / (PRIOR + self.e))

    @property
    def p(self) -> float:
        return twice(self.o, self.e)

    @property
    def pt(self) -> float:
        return twice(self.ot, self.et)

    @property
    def n(self) -> int:
        """All that is wrong with a month's reports from the provider is one."""
        months = {one.month for one in self.items if one.kind in OF_PROVIDER}
        return sum(one.kind not in OF_PROVIDER for one in self.items) + len(months)

    @property
    def index(self) -> int:
        return int(100 * max(self.p / 0.5, self.pt / 0.75) + 0.5)

    def raises(self, one: Evidence) -> float:
        return float(one.points / (PRIOR + self.e))

    @property
    def kinds(self) -> Counter[str]:
        return Counter(one.kind for one in self.items)


def twice(o: Fraction, e: Fraction) -> float:
    """That the level is at least twice the expected, to six decimals."""
    return round(upper_gamma(float((PRIOR + o) / SPREAD), float(2 * (PRIOR + e) / SPREAD)), 6)


def upper_gamma(a: float, x: float) -> float:
    """One less the series of the lower one: x^a e^-x / Γ(a+1) · (1 + x/(a+1) + x²/((a+1)(a+2)) + …)."""
    term = whole = 1.0
    place = 0
    while term > 1e-18 * whole:
        place += 1
        term *= x / (a + place)
        whole += term
    return 1 - exp(a * log(x) - x - lgamma(a + 1)) * whole


def worked_out(known: Known, unit: Raw) -> Worked:
    """The unit's score today, with all that is stored."""
    begins = _measured_from(known)
    known_of = list(_all(known, unit["id"]))
    weighing = [one for one in known_of if one.weight]
    measured = [one for one in weighing if begins is not None and one.month >= begins]
    once = _once_per_half_year(measured)
    linked_once = _linked_once(known, once)
    counting = [one for one in linked_once if one.points]
    recent = [one for one in counting if _age(known, one.month) < 3]
    e, et = _expected(known, unit, begins)
    return Worked(
        sum((one.points for one in counting), Fraction()),
        e,
        sum((one.weight for one in recent), Fraction()),
        et,
        counting,
        {
            "weightless": _less(known_of, weighing),
            "before": _less(weighing, measured),
            "repeated": _less(measured, once),
            "linked": _less(once, linked_once),
            "old": _less(linked_once, counting),
        },
    )


def _less(items: list[Evidence], kept: list[Evidence]) -> list[Evidence]:
    stay = {one.number for one in kept}
    return [one for one in items if one.number not in stay]


def _age(known: Known, month: int) -> int:
    return known.today.year * 12 + known.today.month - month


def _kappa(known: Known, month: int) -> Fraction:
    age = _age(known, month)
    return Fraction(0) if age > 11 else HALF if age > 5 else Fraction(1)


def _measured_from(known: Known) -> int | None:
    """The earliest month of rounds and of what was read in of signals."""
    months = [one["month"] for one in known.rows("select month from round")]
    read_in = [one for one in _newest_signals(known) if one["import_key"] is not None]
    months += [one["event_on"][:7] for one in read_in]
    return min((int(one[:4]) * 12 + int(one[5:]) for one in months), default=None)


def _newest_signals(known: Known) -> list[Raw]:
    newest: dict[int, Raw] = {}
    for row in known.rows(
        "select v.*, s.unit_id, s.placement_id, s.import_key from signal_version v join signal s on s.id = v.signal_id "
        "where v.known_at <= :known order by v.version"
    ):
        newest[row["signal_id"]] = row
    return list(newest.values())


def _all(known: Known, unit_id: int) -> Iterator[Evidence]:
    signals = [one for one in _newest_signals(known) if one["unit_id"] == unit_id]
    yield from (_signal(one) for one in signals)
    judged = {
        one["item"]: one
        for one in known.rows(
            "select * from report_item where unit_id = :unit order by version", unit=unit_id
        )
    }
    for one in (*_of_reports(known, unit_id), *_of_register(known, unit_id, signals)):
        decided = judged.get(one.number)
        if decided is not None:
            one.event = decided["event"]
            if decided["consequence"] is not None and one.weight:
                one.weight = Fraction(decided["consequence"])
            if decided["dismissed"]:
                one.weight = Fraction(0)
        yield one


def _signal(row: Raw) -> Evidence:
    marks, reasons = set(row["marks"].split()), set(row["reasons"].split())
    marks = {one for each in marks for one in each.split(",") if one}
    reasons = {one for each in reasons for one in each.split(",") if one}
    weight = Fraction(row["consequence"] or (4 if marks & SERIOUS else 3 if marks else POINTS[row["kind"]]))
    if row["kind"] == "deviation" and row["source"] == "provider" and weight <= 2 and not marks:
        weight *= HALF
    blameless = row["dismissed"] or row["cause"] == "authority" or (row["kind"] == "remark" and row["praise"])
    if blameless or (row["kind"] == "replacement" and not reasons & {"dissatisfaction", "quality"}):
        weight = Fraction(0)
    number = f"{LETTER[row['kind']]}-{row['signal_id']}"
    return Evidence(number, row["kind"], date.fromisoformat(row["event_on"]), weight, row["event"])


def _of_reports(known: Known, unit_id: int) -> Iterator[Evidence]:
    newest = {
        one["task_id"]: one
        for one in known.rows(
            "select p.task_id, p.answers, r.month, t.placement_id from report p join report_task t on t.id = p.task_id "
            "join round r on r.id = t.round_id join placement l on l.id = t.placement_id "
            "where l.unit_id = :unit and p.known_at <= :known order by p.version",
            unit=unit_id,
        )
    }
    for task, row in newest.items():
        told, year, month = json.loads(row["answers"]), *map(int, row["month"].split("-"))
        last = date(year, month, monthrange(year, month)[1])
        day, of = min(last, known.today), row["placement_id"]
        if told.get("feels_safe") == "no":
            yield Evidence(f"B-{task}", "unsafe", day, Fraction(3), placement=of)
        if any(told.get(area) == "concern" for area in AREAS):
            weight = Fraction(0 if told.get("about_care") in ("no", "unknown") else 2)
            yield Evidence(f"R-{task}", "concern", day, weight, placement=of)
        found = _of_provider(known, told, last)
        if found:
            yield Evidence(f"U-{task}", found[0], day, found[1], placement=of)


def _of_provider(known: Known, told: dict[str, str], last: date) -> tuple[str, Fraction] | None:
    if told.get("provider_report") == "not_arrived":
        return (
            ("provider_report_missing", Fraction(1))
            if known.today >= last + timedelta(days=LATE_FROM)
            else None
        )
    came = told.get("provider_report_on", "")
    if came and date.fromisoformat(came) >= last + timedelta(days=LATE_FROM):
        return "provider_report_late", HALF
    return ("provider_report_poor", HALF) if told.get("provider_report_quality") == "poor" else None


def _of_register(known: Known, unit_id: int, signals: list[Raw]) -> Iterator[Evidence]:
    """A move for want of quality of which no signal tells."""
    stays = known.rows("select * from placement where unit_id = :unit", unit=unit_id)
    told = {
        one["placement_id"]
        for one in signals
        if one["kind"] == "replacement"
        and ("quality" in one["reasons"] or "dissatisfaction" in one["reasons"])
    }
    cases = {one["case_reference"] for one in stays if one["id"] in told}
    for one in stays:
        ended = one["end_reason"] == "moved_for_quality" and one["ends"] <= str(known.today)
        if ended and one["case_reference"] not in cases:
            yield Evidence(
                f"P-{one['id']}", "registered_replacement", date.fromisoformat(one["ends"]), Fraction(3)
            )


def _once_per_half_year(items: list[Evidence]) -> list[Evidence]:
    """From the oldest month on; none counts where one as heavy of the placement did in the month or the five before."""
    counted: dict[int | None, list[Evidence]] = defaultdict(list)
    kept = [one for one in items if one.kind not in OF_CHILD]
    for one in sorted(
        (one for one in items if one.kind in OF_CHILD), key=lambda one: (one.month, -one.weight)
    ):
        if any(
            one.month - 6 < earlier.month and earlier.weight >= one.weight
            for earlier in counted[one.placement]
        ):
            continue
        counted[one.placement].append(one)
        kept.append(one)
    return kept


def _linked_once(known: Known, items: list[Evidence]) -> list[Evidence]:
    """Each with what it weighs now; of one event the heaviest, then the latest, then the lowest number."""
    best: dict[str, Evidence] = {}
    for one in items:
        one.kappa = _kappa(known, one.month)
        name = one.event or one.number
        if name not in best or _rank(one) > _rank(best[name]):
            best[name] = one
    return list(best.values())


def _rank(one: Evidence) -> tuple[Fraction, date, int]:
    return one.points, one.day, -int(one.number.split("-")[1])


def _expected(known: Known, unit: Raw, begins: int | None) -> tuple[Fraction, Fraction]:
    """E and ET."""
    [base, *_] = known.rows(
        "select * from base_levels where valid_from <= :day order by valid_from desc, id desc",
        day=str(known.today),
    )
    level = Fraction(json.loads(base["levels"])[SEGMENT.get(unit["form"], unit["form"])])
    e, et = Fraction(), Fraction()
    for month in months_back(known.today, 12):
        place = int(month[:4]) * 12 + int(month[5:])
        if begins is None or place < begins:
            continue
        came, missing = _reports_of(known, unit["id"], month)
        seen = _placed(known, unit["id"], month)
        if came + missing:
            seen *= 1 - UNSEEN * Fraction(missing, came + missing)
        points = level * seen + Fraction(base["per_report"]) * came
        e += _kappa(known, place) * points
        et += points if _age(known, place) < 3 else 0
    return e, et


def _reports_of(known: Known, unit_id: int, month: str) -> tuple[int, int]:
    """In, and not in though the time is over before the day is."""
    tomorrow = str(known.today + timedelta(days=1))
    tasks = known.rows(
        "select r.deadline < :over as is_over, exists (select 1 from report where task_id = t.id) as is_in "
        "from report_task t join round r on r.id = t.round_id join placement p on p.id = t.placement_id "
        "where p.unit_id = :unit and r.month = :month",
        unit=unit_id,
        month=month,
        over=tomorrow,
    )
    came = sum(one["is_in"] for one in tasks)
    return came, sum(one["is_over"] and not one["is_in"] for one in tasks)


def _placed(known: Known, unit_id: int, month: str) -> Fraction:
    year, number = int(month[:4]), int(month[5:])
    days = monthrange(year, number)[1]
    stays = known.rows("select starts, ends from placement where unit_id = :unit", unit=unit_id)
    there = 0
    for day in range(1, days + 1):
        one = f"{month}-{day:02d}"
        if one <= str(known.today):
            there += sum(stay["starts"] <= one <= (stay["ends"] or "9") for stay in stays)
    return Fraction(there, days)
