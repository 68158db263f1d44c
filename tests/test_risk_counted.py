"""How many of each kind of evidence there are and count, and the one sentence that says why the others do not."""

import pytest
from hypothesis import given

from followup.risk.counted import counted_by_kind, differences
from followup.risk.inputs import Inputs, Item
from followup.risk.risk import score
from tests.support.risk_builders import item, some_units, unit
from tests.support.turns import SAY
from texts.catalogue import Texts

ENGLISH = Texts("en")


def concern(number: int, day: str, weight: str = "2", because: str | None = None) -> Item:
    return item(f"R-{number}", day, weight, kind="concern", placement=1, zero_because=because)


def zero(number: int, because: str, kind: str = "deviation") -> Item:
    return item(f"A-{number}", "2026-11-05", "0", zero_because=because, kind=kind)


A, ANOTHER = item("A-1"), item("A-2", "2026-11-05")
LINKED = item("A-3", "2026-10-05", event="A-1"), item("A-4", "2026-10-06", event="A-1")
BESIDE = concern(3, "2026-08-31", "0", "not_care")


@pytest.mark.parametrize(
    ("items", "swedish", "english"),
    [
        ([], [], []),
        ([A, ANOTHER], [], []),
        (
            [A, ANOTHER, *LINKED],
            ["4 avvikelser i allt, 3 räknas: 1 har länkats till en annan rapport om samma händelse."],
            ["4 deviations in all, 3 counted: 1 is linked to another report of the same event."],
        ),
        (
            [*LINKED, item("A-5", "2026-10-07", event="A-1")],
            ["3 avvikelser i allt, 1 räknas: 2 har länkats till andra rapporter om samma händelse."],
            ["3 deviations in all, 1 counted: 2 are linked to other reports of the same event."],
        ),
        (
            [zero(1, "dismissed")],
            ["1 avvikelse i allt, 0 räknas: 1 har avskrivits."],
            ["1 deviation in all, 0 counted: 1 is dismissed."],
        ),
        (
            [A, zero(2, "dismissed"), zero(3, "dismissed"), zero(4, "authority")],
            ["4 avvikelser i allt, 1 räknas: 2 har avskrivits, 1 har sin orsak hos myndigheten."],
            ["4 deviations in all, 1 counted: 2 are dismissed, 1 has its cause at the authority."],
        ),
        (
            [item("K-1", "2025-12-31", kind="complaint"), item("K-2", "2026-01-01", kind="complaint")],
            ["2 klagomål i allt, 1 räknas: 1 är äldre än det som räknas."],
            ["2 complaints in all, 1 counted: 1 is older than what counts."],
        ),
        (
            [concern(1, "2026-09-30"), concern(2, "2026-10-31"), BESIDE],
            ["3 uppgifter om oro i allt, 1 räknas: 1 gäller inte vården, 1 är en upprepning inom ett halvår."],
            ["3 reports of a concern in all, 1 counted: 1 is not about the care, 1 is a repeat within half a year."],
        ),
        (
            [concern(1, "2026-11-30"), item("B-1", "2026-11-30", "3", kind="unsafe", placement=1)],
            ["1 uppgift om oro i allt, 0 räknas: 1 ersätts av en annan uppgift i samma rapport."],
            ["1 report of a concern in all, 0 counted: 1 is replaced by another item of the same report."],
        ),
        (
            [A, zero(6, "other_reason", "replacement"), zero(7, "praise", "remark"), zero(8, "praise", "remark")],
            [
                "2 synpunkter i allt, 0 räknas: 2 är beröm.",
                "1 omplacering i allt, 0 räknas: 1 har en annan orsak än missnöje eller kvalitetsbrist.",
            ],
            [
                "2 remarks in all, 0 counted: 2 are praise.",
                "1 re-placement in all, 0 counted: 1 has another reason than dissatisfaction or poor quality.",
            ],
        ),
    ],
)  # fmt: skip
def test_a_kind_whose_figures_differ_says_why_and_others_are_silent(
    items: list[Item], swedish: list[str], english: list[str]
) -> None:
    said = differences(score(unit(*items)).contributions)
    assert [SAY.say(one) for one in said] == swedish
    assert [ENGLISH.say(one) for one in said] == english


def test_what_is_from_before_measuring_began_says_so() -> None:
    """It is that, and not its age, that a row of the evidence says too."""
    inputs = unit(A, ANOTHER, item("A-3", "2026-09-30"), coverage="2026-10")
    [said] = differences(score(inputs).contributions)
    assert said.id == "risk.counted"
    assert SAY.say(said) == "3 avvikelser i allt, 2 räknas: 1 är från tiden före mätstart."


@given(some_units())
def test_each_thing_is_counted_once_and_what_counts_is_what_raises_the_ratio(inputs: Inputs) -> None:
    rows = score(inputs).contributions
    counted = counted_by_kind(rows)
    assert sum(one.number for one in counted) == len(rows)
    for one in counted:
        assert one.counting == sum(row.counts for row in rows if row.kind == one.kind)
        assert all(number > 0 for number in one.left.values())
    assert len(differences(rows)) == sum(one.counting < one.number for one in counted)
