"""What is claimed of a unit: evidence, coverage, signals, agreements, plans."""

import re
from collections import Counter

from tests.support.card_count import KINDS, month_in_words, months_back, percent
from tests.support.claims import claims
from tests.support.claims_lookups import follow_up_unit, unit_near
from tests.support.heard import Heard, forms
from tests.support.told import Told


@claims("provider.never_followed_up")
def _the_unit_was_never_followed_up(told: Told, said: Heard) -> bool:
    unit = told.unit_above(said.line)
    held = [
        one
        for one in told.then.newest_versions("follow_up")
        if one["verdict"] and follow_up_unit(told, one["follow_up_id"]) == unit["id"]
    ]
    return unit["last_follow_up"] is None and held == []


@claims("provider.no_verdict")
def _the_last_follow_up_has_no_verdict(told: Told, said: Heard) -> bool:
    return told.unit_above(said.line)["last_verdict"] is None


@claims(
    "provider.no_contract", "provider.contract_ended", "provider.contract_ends", "provider.contract_lasts"
)
def _its_agreements_are_so(told: Told, said: Heard) -> bool:
    return told.then.contract(told.unit_above(said.line)["id"]) == told.lines[said.line]


@claims("supplementary.contract_ended")
def _no_agreement_is_in_force(told: Told, said: Heard) -> bool:
    mine = told.then.contract(int(str(unit_near(told, said.line)["id"])))
    return mine == f"Inget gällande avtal. Det senaste slutade {said.values['day']}."


@claims("provider.no_placements")
def _nobody_is_placed_there(told: Told, said: Heard) -> bool:
    return told.then.placed(told.unit_above(said.line)["id"]) == []


@claims("provider.framework_own", "provider.framework_unknown", "provider.framework_share")
def _so_many_are_on_framework_agreements(told: Told, said: Heard) -> bool:
    unit = told.unit_above(said.line)
    counted = told.then.on_framework(unit)
    if said.id == "provider.framework_unknown":
        return counted.startswith("0\u00a0% (0 av ")
    return told.lines[said.line] == counted


@claims("provider.missing.care_plan", "provider.missing.treatment_plan", "provider.plans_unknown")
def _so_many_have_no_plan(told: Told, said: Heard) -> bool:
    return _plans(told, said) == told.lines[said.line]


def _plans(told: Told, said: Heard) -> str:
    """As card_count has it, and how many nobody has said anything of."""
    unit = told.unit_above(said.line)
    missing, unknown = told.then.plans_missing(unit["id"]), 0
    for one in told.then.placed(unit["id"]):
        answers = told.then.answers(one["id"])
        states = [
            next((each[plan] for each in reversed(answers) if each.get(plan)), one[plan])
            for plan in ("care_plan", "treatment_plan")
        ]
        unknown += None in states
    parts = [] if missing == "Inga" else [missing]
    return ", ".join([*parts, *([f"{unknown} utan uppgift"] if unknown else [])]) or "Inga"


@claims("provider.none_missing")
def _no_plan_is_missing(told: Told, said: Heard) -> bool:
    if told.lines[said.line] != "Inga" or "Planer som saknas" not in told.lines[: said.line + 1][-2:]:
        return True
    return _plans(told, said) == "Inga"


@claims("provider.signals_in")
def _so_many_signals(told: Told, said: Heard) -> bool:
    """By kind, or by `provider.no_signals` that there are none."""
    year = months_back(told.then.today, 12)
    if said.values["months"] != f"{month_in_words(year[0])}–{month_in_words(year[-1])}":
        return True
    mine = told.then.signals(told.unit_above(said.line)["id"])
    counted = [int(one) for one in re.findall(r" (\d+)(?:,|$)", said.values["kinds"])]
    return sorted(counted) == sorted(mine.values()) and (said.values["kinds"] == "inga") is not bool(mine)


@claims("provider.no_trend")
def _there_is_no_index_to_show(told: Told, said: Heard) -> bool:
    """For those who see all of them."""
    trend = told.then.trend(told.unit_above(said.line)["id"])
    return told.role != "quality" or {*trend} == {"–"}


@claims("completeness.share")
def _so_many_of_the_reports_are_in(told: Told, said: Heard) -> bool:
    """Of a card of a unit or of its evidence; an alert's is of the unit that the alert is about."""
    unit = int(str(unit_near(told, said.line)["id"]))
    return said.number("percent") == percent(*told.then.coverage(unit))


@claims("completeness.nothing")
def _no_report_can_be_counted(told: Told, said: Heard) -> bool:
    return told.then.coverage(int(str(unit_near(told, said.line)["id"])))[1] == 0


@claims("evidence.none", "reasons.none")
def _nothing_raises_the_ratio(told: Told, said: Heard) -> bool:
    """The newest reading has no points."""
    unit = unit_near(told, said.line)
    newest = told.then.newest_score(int(str(unit["id"])), str(told.then.today))
    return newest is not None and newest["o"] == 0


@claims("risk.insufficient.share", "risk.insufficient.nothing_expected", "risk.insufficient.silent")
def _too_little_is_known(told: Told, said: Heard) -> bool:
    arrived, expected = told.then.coverage(int(str(unit_near(told, said.line)["id"])))
    if said.id == "risk.insufficient.share":
        return said.number("percent") == percent(arrived, expected) < 70
    return (expected == 0) is said.id.endswith("nothing_expected")


@claims("risk.insufficient.silent")
def _nothing_has_come_of_so_many_months(told: Told, said: Heard) -> bool:
    """Of the latest whose last day to answer has passed."""
    asked = told.then.rows(
        "select r.month, count(p.id) as came from report_task t join round r on r.id = t.round_id "
        "join placement c on c.id = t.placement_id left join report p on p.task_id = t.id "
        "where c.unit_id = :unit and r.deadline < :known group by r.month order by r.month desc",
        unit=unit_near(told, said.line)["id"],
    )
    return not any(one["came"] for one in asked[: said.number()])


@claims("supplementary.more")
def _so_many_more_are_registered(told: Told, said: Heard) -> bool:
    unit = unit_near(told, said.line)["id"]
    return (
        said.number() == len(told.then.rows("select id from unit_event where unit_id = :unit", unit=unit)) - 6
    )


@claims("risk.counted")
def _so_many_are_known_and_the_others_are_told_by_reason(told: Told, said: Heard) -> bool:
    """The figures add up, and of a kind of signal there are as many as are stored, dismissed ones and old ones too."""
    known, counting = (int(said.values[name].split()[0]) for name in ("what", "counting"))
    left = sum(map(int, re.findall(r"(?:^|, )(\d+) ", said.values["why"])))
    kinds = [kind for kind in KINDS if _noun(kind, known) == said.values["what"]]
    newest = {
        row["signal_id"]: row["kind"]
        for row in told.then.rows(
            "select v.signal_id, v.kind from signal_version v join signal s on s.id = v.signal_id "
            "where s.unit_id = :unit and v.known_at <= :known order by v.version",
            unit=unit_near(told, said.line)["id"],
        )
    }
    stored = Counter(newest.values())
    return known == counting + left and left > 0 and all(stored[kind] == known for kind in kinds)


def _noun(kind: str, n: int) -> str:
    """So many of the kind in words."""
    one, many = forms()[f"risk.counted.{kind}"]
    return (one if n == 1 else many).format(n=n)
