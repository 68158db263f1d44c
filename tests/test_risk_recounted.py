"""R, P, index and what is counted, worked out anew from plain SQL for every unit of the demo, and read on the cards."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

from bot.local.terminal import actions_of
from followup.follow_ups.follow_up import PREFILLED
from followup.follow_ups.prefill import sentences
from followup.risk.counted import differences
from services.follow_ups.following_up import evidence_of
from services.risk.scoring import read_as_of, read_each_as_of
from storage.register import units
from tests.support.card_count import Known, Raw, in_words, month_in_words, months_back, percent
from tests.support.independent_risk import Worked, worked_out
from tests.support.turns import SAY, Chat
from tests.test_cards_recounted import chat, known, only, played

__all__ = ["chat", "played"]


@dataclass(frozen=True)
class Recounted:
    """What is stored at the moment, and what each unit's score comes to; nothing that is read here changes either."""

    counter: Known
    scores: Mapping[int, Worked]


@pytest.fixture(scope="module")
def recounted(chat: Chat) -> Recounted:
    counter = known(chat)
    return Recounted(counter, {unit["id"]: worked_out(counter, unit) for unit in counter.units})


def test_every_units_score_today_is_the_one_that_is_worked_out_anew(chat: Chat, recounted: Recounted) -> None:
    for unit in recounted.counter.units:
        mine = recounted.scores[unit["id"]]
        with chat.database.transaction() as tx:
            scored = read_as_of(tx, units.get(tx, unit["id"]), chat.now.date(), chat.now).score
        assert (scored.o, scored.e, scored.ot, scored.et) == pytest.approx(
            tuple(map(float, (mine.o, mine.e, mine.ot, mine.et))), abs=1e-9
        ), unit["name"]
        assert (scored.p, scored.pt, scored.n, scored.index) == (mine.p, mine.pt, mine.n, mine.index), unit[
            "name"
        ]
        assert scored.r == pytest.approx(mine.r, abs=1e-12)
        counted = {number: row.raises for row in scored.contributions for number in row.ids if row.raises}
        assert counted == pytest.approx({one.number: mine.raises(one) for one in mine.items}, abs=1e-12)
        said = [SAY.say(one) for one in differences(scored.contributions)]
        assert differences_told(said) == differences_of(mine), unit["name"]
    with chat.database.reading() as tx:
        # What is read of many units together is what is read of each by itself.
        followed = units.followed_units(tx)
        several = {one.id: read for one, read in read_each_as_of(tx, followed, chat.now.date(), chat.now)}
        assert several == {one.id: read_as_of(tx, one, chat.now.date(), chat.now) for one in followed}
    taken = {why for mine in recounted.scores.values() for why, from_it in mine.left.items() if from_it}
    assert {"weightless", "linked", "old"} <= taken


# By what the independent count calls it, how the sentence goes on after the number.
WHY_LEFT = {
    "weightless": "har avskrivits|har sin orsak hos|är beröm|har en annan orsak|gäller inte vården|ger noll poäng",
    "before": "är från tiden före mätstart",
    "repeated": "är en upprepning|är upprepningar|ersätts av",
    "linked": "har länkats till",
    "old": "är äldre än",
}


def differences_of(mine: Worked) -> Counter[tuple[int, int, tuple[tuple[str, int], ...]]]:
    """Of each kind of which more is known than counts: how many, how many count, and how many each thing takes."""
    left = {why: Counter(one.kind for one in taken) for why, taken in mine.left.items()}
    kinds = {kind for taken in left.values() for kind in taken}
    return Counter(
        (
            mine.kinds[kind] + sum(taken[kind] for taken in left.values()),
            mine.kinds[kind],
            tuple((why, taken[kind]) for why, taken in left.items() if taken[kind]),
        )
        for kind in kinds
    )


def differences_told(lines: list[str]) -> Counter[tuple[int, int, tuple[tuple[str, int], ...]]]:
    told = only(lines, r"(\d+) .+ i allt, (\d+) räknas: (.+)[.]")
    return Counter((int(one[1]), int(one[2]), tuple(_left(one[3]))) for one in told)


def _left(said: str) -> Iterator[tuple[str, int]]:
    for why, words in WHY_LEFT.items():
        if numbers := re.findall(rf"(\d+) (?:{words})", said):
            yield why, sum(map(int, numbers))


def shown(chat: Chat, verb: str, alert_id: int) -> list[str]:
    karin = chat.client("karin")
    karin.forge(verb, {"alert": alert_id})
    return karin.words.splitlines()


def every_alert(recounted: Recounted) -> Iterator[tuple[int, Worked, tuple[int, int]]]:
    """Open and closed, with its unit's score worked out and how many of its reports are in of how many."""
    counter = recounted.counter
    found = counter.rows("select id, unit_id from alert where raised_at <= :known order by id")
    assert found
    for one in found:
        yield one["id"], recounted.scores[one["unit_id"]], counter.coverage(one["unit_id"])


def in_swedish(number: float, places: int = 2) -> str:
    return f"{number:.{places}f}".replace(".", ",")


def year_of(today: date) -> str:
    first, *_, last = months_back(today, 12)
    return f"{month_in_words(first)}–{month_in_words(last)}"


def level_of(chat: Chat, mine: Worked) -> list[str]:
    """What both cards say of the level."""
    first, *_, last = months_back(chat.now.date(), 3)
    recent = f"{month_in_words(first)}–{month_in_words(last)}"
    return [
        f"Risktal {in_swedish(mine.r)}: {in_swedish(mine.r)} gånger det normala. Sannolikheten att nivån är minst "
        f"dubbelt så hög är {int(100 * mine.p + 0.5)} %. Larmgränsen är 50 %.",
        f"För {recent} är sannolikheten {int(100 * mine.pt + 0.5)} %. Där är larmgränsen 75 %.",
    ]


def in_reports(chat: Chat, coverage: tuple[int, int]) -> str:
    arrived, expected = coverage
    assert expected
    share = f"{percent(arrived, expected)} % av rapporterna om {year_of(chat.now.date())} är inne"
    return f"{share}, räknat på dem som har kommit eller vars sista dag har passerat"


def test_an_alert_card_says_the_level_and_the_kinds_that_are_worked_out(
    chat: Chat, recounted: Recounted
) -> None:
    for number, mine, coverage in every_alert(recounted):
        lines = [plain(one) for one in shown(chat, "show_alert", number)]
        assert {*level_of(chat, mine), in_reports(chat, coverage)} <= set(lines), number
        kinds = "".join(
            one[1] for one in only(lines, f"Det som höjer mest, {year_of(chat.now.date())}: (.+)[.]")
        )
        told = dict(re.findall(r"(\w[\w ]*?) \((\d+)\)", kinds))
        assert told == {SAY(f"risk.kinds.{one}"): str(n) for one, n in mine.kinds.items()}, number


def test_the_evidence_says_each_thing_that_counts_and_how_much_and_what_it_comes_to(
    chat: Chat, recounted: Recounted
) -> None:
    for number, mine, coverage in every_alert(recounted):
        lines = [plain(one) for one in to_its_end(chat, number)]
        after = dict(pairwise(lines))
        assert (after["Risktal"], after["Index"]) == (
            in_swedish(mine.r),
            f"{mine.index} (100 är larmgränsen)",
        )
        assert after["Underlagets täckning"] == in_reports(chat, coverage)
        assert differences_told(lines) == differences_of(mine), number
        rests = "er" if mine.n != 1 else ""
        assert {
            *level_of(chat, mine),
            f"Bedömningen bygger på {mine.n} uppgift{rests}, {year_of(chat.now.date())}. För röd nivå krävs minst 3.",
        } <= set(lines), number
        told = {}
        for before, line in pairwise(lines):
            if found := re.fullmatch(
                r".+: ([0-9,]+) poäng × ([0-9,]+); höjer risktalet med ([0-9,]+)[.](?: .+)?", line
            ):
                told[before] = tuple(found.groups())
        expected = {
            one.number: (short(one.weight), short(one.kappa), in_swedish(mine.raises(one)))
            for one in mine.items
        }
        assert told == expected, number
        assert ("Inget i underlaget höjer risktalet." in lines) is not bool(expected)


def to_its_end(chat: Chat, alert_id: int) -> list[str]:
    """All pages of the evidence, one after the other."""
    karin, found = chat.client("karin"), shown(chat, "alert_evidence", alert_id)
    while onwards := [one for one in actions_of(karin.card) if one.action["data"]["card"].get("start")]:
        karin.send(onwards[0], {})
        found += karin.words.splitlines()
    return found


def short(number: Fraction) -> str:
    return f"{float(number):g}".replace(".", ",")


def plain(line: str) -> str:
    return " ".join(line.split())


def test_a_follow_ups_card_says_beforehand_what_is_worked_out(chat: Chat, recounted: Recounted) -> None:
    """Of those that begin, in the areas of the first step; a unit that is being followed up shows that one."""
    karin, read = chat.client("karin"), 0
    for unit in recounted.counter.units:
        karin.forge("open_follow_up", {}, {"unit": unit["name"]})
        for area in PREFILLED if set(PREFILLED) <= set(karin.inputs) else ():
            _HELD[area](recounted, unit, plain(karin.inputs[area]))
            read += 1
    assert read > 3 * len(PREFILLED)


def test_so_does_what_would_be_said_beforehand_of_every_unit(chat: Chat, recounted: Recounted) -> None:
    for unit in recounted.counter.units:
        with chat.database.transaction() as tx:
            evidence = evidence_of(tx, units.get(tx, unit["id"]), chat.now)
        for area in PREFILLED:
            _HELD[area](recounted, unit, plain(" ".join(SAY.say(one) for one in sentences(area, evidence))))


def _indicators(recounted: Recounted, unit: Raw, told: str) -> None:
    counter, mine = recounted.counter, recounted.scores[unit["id"]]
    arrived, expected = counter.coverage(unit["id"])
    if expected:
        assert (
            f"{percent(arrived, expected)} % av månadsrapporterna om {year_of(counter.today)} är inne."
            in told
        )
    assert f"Nivån {in_words(counter.today)} är " in told
    assert f", index {mine.index} (100 är larmgränsen)." in told
    ends = counter.rows(
        "select * from score where unit_id = :unit and month_end and method = 'risk-2' and as_of >= :first order by id",
        unit=unit["id"],
        first=f"{months_back(counter.today, 13)[0]}-01",
    )
    if not ends:
        assert "Index" not in told
        return
    [then, *_] = sorted(ends, key=lambda one: (one["as_of"], -one["id"]))
    month, before = month_in_words(then["as_of"][:7]), then["index"]
    if before == mine.index:
        assert f"Index är {mine.index}, samma som i {month} ({before})." in told
    else:
        way = "stigit" if mine.index > before else "sjunkit"
        assert f"Index har {way} från {before} i {month} till {mine.index}." in told


def _deviations(recounted: Recounted, unit: Raw, told: str) -> None:
    """A count is not told where the placements are few."""
    counter = recounted.counter
    names = {SAY(f"risk.kinds.{one}"): str(n) for one, n in recounted.scores[unit["id"]].kinds.items()}
    [said] = re.findall(rf"Det som höjer risktalet, {year_of(counter.today)}: (.+?)[.]( |$)", told) or [
        ("", "")
    ]
    few = len(counter.placed(unit["id"])) < 3
    if few:
        kinds = re.split(", | och ", said[0].partition(" (få")[0])
        assert ({*kinds} - {""}, re.findall(r"\d+\)", said[0])) == (set(names), []), unit["name"]
    else:
        assert dict(re.findall(r"(\w[\w ]*?) \((\d+)\)", said[0])) == names, unit["name"]
    assert (f"Inget som höjer risktalet är känt från {year_of(counter.today)}." in told) is not bool(names)
    first = f"{months_back(counter.today, 12)[0]}-01"
    raised = counter.rows(
        "select * from alert where unit_id = :unit and raised_at between :first and :known",
        unit=unit["id"],
        first=first,
    )
    assert (f"Inga larm {year_of(counter.today)}." in told) is not bool(raised)
    if raised and not few:
        assert f"{'Ett' if len(raised) == 1 else len(raised)} larm {year_of(counter.today)}." in told


def _inspectorate(recounted: Recounted, unit: Raw, told: str) -> None:
    counter = recounted.counter
    first = f"{months_back(counter.today, 12)[0]}-01"
    decided = counter.rows(
        "select d.notified from alert_decision d join alert a on a.id = d.alert_id where a.unit_id = :unit "
        "and d.decided_on >= :first and d.recorded_at <= :known",
        unit=unit["id"],
        first=first,
    )
    nothing = f"Inget beslut om anmälan till IVO med beslutsdag {year_of(counter.today)} är antecknat."
    assert (nothing in told) is not bool(decided)


_HELD = {"indicators": _indicators, "deviations": _deviations, "inspectorate": _inspectorate}
