"""What raising and lowering each number lead to by its words is what the method does, and the counts are true."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from dialogs.overview.threshold_sentences import counted_sentences, reached_sentences
from followup import SignalId, UnitId
from followup.month.findings import findings
from followup.risk.bands import BANDS, BandState, judge, next_state, reading
from followup.risk.base_levels import next_base_levels
from followup.risk.inputs import Inputs
from followup.risk.risk import score
from followup.risk.risk_config import FIRST_BASE_LEVELS, FIRST_CONFIG, RiskConfig
from followup.risk.risk_parameters import HELD, PARAMETERS, WEIGHING, changed, stepped
from followup.signals.signal import REASONS_THAT_COUNT, Signal, points
from followup.terms import SignalCode
from followup.times.month import Month
from services.risk.evidence import POINTS
from services.risk.shifts import MONTHS_BACK, Counted
from services.risk.threshold import reached_with
from storage.engine.database import Transaction
from storage.register import units
from tests.support.builders import Register
from tests.support.risk_builders import item, month, unit, whole_year
from tests.support.turns import SAY
from tests.test_threshold import NOW, TODAY, House
from texts.catalogue import LANGUAGES, Texts

# One serious event that is decided, some that are old, one that goes on, and reports of which one is missing.
EVENTS = (
    item("A-1", "2026-12-05", "4"),
    item("A-2", "2026-11-05", "2"),
    item("A-3", "2026-04-05", "3"),
    item("A-4", "2026-09-05", "2"),
)
GOING_ON = tuple(
    item(f"C-{number}", f"2026-{number:02d}-28", "2", kind="concern", placement=1) for number in (7, 9, 12)
)
GAPS = tuple(month(f"2026-{number:02d}", 1, int(number in {3, 12})) for number in range(1, 13))
SILENT = (*whole_year()[:10], month("2026-11", 1, 1), month("2026-12", 1, 1))
NUMBER = Callable[[Inputs], float]


def p(inputs: Inputs) -> float:
    return score(inputs).p


def o(inputs: Inputs) -> float:
    return score(inputs).o


def pt(inputs: Inputs) -> float:
    return score(inputs).pt


def by_reading(band: str) -> NUMBER:
    """1 where today's evidence alone reaches the band."""
    return lambda inputs: float(BANDS.index(reading(score(inputs).level, inputs.config)) >= BANDS.index(band))


def held_up(band: str) -> NUMBER:
    """How many calm month ends it takes to leave the band."""

    def number(inputs: Inputs) -> float:
        state, level = BandState(band), score(inputs).level  # type: ignore[arg-type]
        for count in range(1, 14):
            state = next_state(state, level, True, inputs.config)
            if state.band != band:
                return count
        return 99

    return number


def floor(inputs: Inputs) -> float:
    return BANDS.index(judge(inputs, "green").band)


def enough(inputs: Inputs) -> float:
    return float(judge(inputs, "green").enough)


def only(name: str) -> RiskConfig:
    """All other limits that a probability may reach are as high as it can be, so that this one decides."""
    limits = {
        other: Decimal(1) for other, one in PARAMETERS.items() if one.group == "limits" and not one.whole
    }
    return replace(FIRST_CONFIG, **{**limits, name: getattr(FIRST_CONFIG, name)})


# By the number: a unit, what is looked at, and whether that grows (+1) or shrinks (-1) when the number is raised.
SCORED: dict[str, tuple[Inputs, NUMBER, int]] = {
    "red_p": (unit(*EVENTS, config=only("red_p")), by_reading("red"), -1),
    "red_pt": (unit(*EVENTS, config=only("red_pt")), by_reading("red"), -1),
    "red_items": (unit(*EVENTS), by_reading("red"), -1),
    "yellow_p": (unit(*EVENTS, config=only("yellow_p")), by_reading("yellow"), -1),
    "yellow_pt": (unit(*EVENTS, config=only("yellow_pt")), by_reading("yellow"), -1),
    "yellow_items": (unit(*EVENTS, config=only("yellow_p")), by_reading("yellow"), -1),
    "leave_red_p": (unit(*EVENTS, config=only("leave_red_p")), held_up("red"), -1),
    "leave_red_pt": (unit(*EVENTS, config=only("leave_red_pt")), held_up("red"), -1),
    "leave_yellow_p": (unit(*EVENTS, config=only("leave_yellow_p")), held_up("yellow"), -1),
    "leave_yellow_pt": (unit(*EVENTS, config=only("leave_yellow_pt")), held_up("yellow"), -1),
    "calm_readings": (unit(), held_up("red"), 1),
    "floor_months": (unit(item("A-1", "2026-09-05", "4", floor="red", decided=True)), floor, 1),
    "silent_months": (unit(exposure=SILENT), enough, 1),
    "completeness": (unit(exposure=GAPS), enough, -1),
    "prior": (unit(*EVENTS), p, -1),
    "twice": (unit(*EVENTS), p, -1),
    "unseen": (unit(*EVENTS, exposure=GAPS), p, 1),
    "kappa_half": (unit(*EVENTS), o, 1),
    "kappa_half_from": (unit(*EVENTS), o, 1),
    "kappa_none_from": (unit(*EVENTS), o, 1),
    "recent_months": (unit(EVENTS[0]), pt, -1),
    "repeat_months": (unit(*GOING_ON), p, -1),
}


def tried(inputs: Inputs, name: str, value: Decimal) -> Inputs:
    return replace(inputs, config=changed(inputs.config, {name: value}))


@pytest.mark.parametrize("name", SCORED)
def test_what_raising_and_lowering_a_number_does_is_what_its_words_say(name: str) -> None:
    """Over all that it may be; it never goes the other way, and somewhere it goes."""
    inputs, number, direction = SCORED[name]
    one = PARAMETERS[name]
    step = Decimal(1) if one.whole else (one.highest - one.lowest) / 40
    values = [one.lowest + step * n for n in range(int((one.highest - one.lowest) / step) + 1)]
    found = [direction * number(tried(inputs, name, value)) for value in values]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_more_is_taken_for_chance_and_high_probabilities_fall_while_low_ones_rise() -> None:
    high, low = unit(*EVENTS, *GOING_ON), unit()
    values = [Decimal(one) for one in ("0.5", "1", "1.5", "3", "6")]
    falling = [p(tried(high, "dispersion", one)) for one in values]
    rising = [p(tried(low, "dispersion", one)) for one in values]
    assert (falling, rising) == (sorted(falling, reverse=True), sorted(rising))
    assert falling[0] > falling[-1] > 0.5 > rising[-1] > rising[0]


def test_old_base_levels_that_weigh_more_change_less_at_the_turn_of_the_year() -> None:
    def moved(weight: int) -> Decimal:
        config = changed(FIRST_CONFIG, {"base_level_prior_months": Decimal(weight)})
        new = next_base_levels(2027, date(2027, 1, 21), FIRST_BASE_LEVELS, config, [unit(*EVENTS)])
        return new.levels["oppenvard"] - FIRST_BASE_LEVELS.levels["oppenvard"]

    assert moved(100) > moved(200) > moved(300) > 0


# Of what each number weighs: a signal that nobody has graded, by its kind, its source and its marks.
UNGRADED: dict[str, tuple[str, str, set[str]]] = {
    "points_remark": ("remark", "child", set()),
    "points_complaint": ("complaint", "child", set()),
    "points_deviation": ("deviation", "child", set()),
    "points_replacement": ("replacement", "child", set()),
    "points_lex_sarah": ("deviation", "child", {"lex_sarah"}),
    "points_serious": ("deviation", "child", {"violence"}),
    "own_report_factor": ("deviation", "provider", set()),
}


def signal(kind: str, source: str, marks: set[str], consequence: int | None = None) -> Signal:
    reasons = frozenset(REASONS_THAT_COUNT)
    return Signal(
        SignalId(1),
        1,
        UnitId(1),
        None,
        SignalCode(kind),
        TODAY,
        consequence,
        "happened",
        "provider",
        source,
        frozenset(marks),
        reasons=reasons,
    )


def around(name: str) -> list[Decimal]:
    return stepped(name, Decimal(str(getattr(FIRST_CONFIG, name))))[HELD - 1 : HELD + 2]


def with_each(name: str) -> list[RiskConfig]:
    return [changed(FIRST_CONFIG, {name: value}) for value in around(name)]


@pytest.mark.parametrize("name", UNGRADED)
def test_a_point_that_is_raised_weighs_more(name: str) -> None:
    less, held, more = (points(signal(*UNGRADED[name]), one) for one in with_each(name))
    assert less <= held <= more
    assert less < more


def test_more_of_the_providers_own_reports_weigh_less_when_the_limit_for_it_is_raised() -> None:
    of_all = [
        sum(points(signal("deviation", "provider", set(), grade), one) for grade in range(1, 5))
        for one in with_each("own_report_up_to")
    ]
    assert of_all == sorted(of_all, reverse=True)
    assert len(set(of_all)) == 3


def test_what_a_report_tells_weighs_by_its_own_number_and_fewer_are_late_when_the_day_is_moved_on() -> None:
    assert {*POINTS.values(), *UNGRADED, "own_report_up_to", "report_late_from"} == WEIGHING
    came = [
        {"provider_report": "arrived", "provider_report_on": f"2026-12-{day:02d}"} for day in range(1, 29)
    ]
    late = [
        sum("provider_report_late" in findings(one, Month(2026, 11), int(value)) for one in came)
        for value in around("report_late_from")
    ]
    assert late == sorted(late, reverse=True)
    assert len(set(late)) == 3


def test_every_number_says_in_both_languages_what_raising_and_lowering_it_lead_to() -> None:
    beside = {"dispersion", "base_level_prior_months", "public_few"}
    assert {*SCORED, *WEIGHING, *beside} == set(PARAMETERS)
    for language, (up, down) in zip(
        LANGUAGES, (("Höjs det", "Sänks det"), ("Raised,", "Lowered,")), strict=True
    ):
        for name in PARAMETERS:
            said = Texts(language)(f"threshold.effect.{name}")
            assert said.startswith(up), name
            assert said.count(down) == 1, name


@pytest.fixture
def houses(tx: Transaction) -> House:
    """One unit that is red by its complaints, and its neighbour without any."""
    house = House(tx)
    house.complain("2026-11-10 12:00", 6)
    Register(tx).unit("NEXT", provider_id=units.get(tx, house.unit).provider_id)
    return house


def test_the_counts_of_a_change_are_what_is_stored_before_it_and_what_is_stored_when_it_holds(
    houses: House,
) -> None:
    """`threshold.counts_`, recounted from the rows: bands as last stored, and each alert of a level turned red."""
    tx, found = houses.tx, houses.previewed(red_items="50")
    shown = tx.connection.execute(text("select shown from standing")).scalars().all()
    reddened = tx.connection.execute(text("select count(*) from alert where kind = 'band'")).scalar_one()
    assert found.before == Counted(shown.count("red"), shown.count("yellow"), reddened) == Counted(1, 0, 1)
    assert found.after == Counted(0, 1, 0)
    sv = counted_sentences(found, SAY)
    assert sv == [
        "Röda enheter i dag: 1, med ändringen 0. Gula: 0, med ändringen 1.",
        f"Gånger som en enhet blir röd och ett larm skickas, på {MONTHS_BACK} månader: 1, med ändringen 0.",
    ]


def test_a_number_says_what_a_step_down_and_a_step_up_would_make_of_today(houses: House) -> None:
    """`threshold.reached`, without and with what holds."""
    held = FIRST_CONFIG.red_items
    values = [held, Decimal(2), Decimal(50)]
    found = reached_with(houses.tx, "red_items", values, NOW)
    assert [one.units for one in found] == [Counted(1, 0, 1), Counted(1, 0, 1), Counted(0, 1, 0)]
    assert reached_sentences(found, held, SAY) == [
        "Med 2: 1 röda och 0 gula på dagens underlag. Larmen är lika många.",
        "Med 3, som gäller nu: 1 röda och 0 gula på dagens underlag.",
        "Med 50: 0 röda och 1 gula på dagens underlag. Det är 1 larm färre.",
    ]
