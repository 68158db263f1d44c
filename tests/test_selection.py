"""The proposal from a frame and a public value: the adopted method's example, its edges, and what always holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.selection.selection import Coverage, Proposal, coverage, propose
from followup.selection.selection_frame import (
    Frame,
    FrameRow,
    canonical_frame,
    frame_hash,
    parameter_problems,
    read_frame,
)
from tests.support.selection_builders import (
    EXAMPLE,
    EXAMPLE_HASH,
    THIN_EXAMPLE,
    VALUE,
    alike,
    frame,
    some_frames,
)


def reasons(frame_: Frame, value: str = VALUE) -> dict[str, tuple[str, ...]]:
    return {one.unit: one.reasons for one in propose(frame_, value).units}


def notes(proposal: Proposal) -> list[str]:
    return [note.id.rpartition(".")[2] for note in proposal.notes]


def test_the_example_of_the_method_has_the_published_hash() -> None:
    assert frame_hash(EXAMPLE) == EXAMPLE_HASH


def test_the_example_of_the_method_is_selected_as_it_says() -> None:
    assert reasons(EXAMPLE) == {
        "A": ("largest_share",),
        "B": ("largest_share", "age0_15"),
        "C": ("yellow",),
        "G": ("spot_general",),
        "E": ("spot_risk",),
    }


def test_the_example_of_the_method_has_its_reserves_coverage_and_no_note() -> None:
    proposal = propose(EXAMPLE, VALUE)
    general, risk = proposal.draws
    assert (general.reserves, risk.reserves) == (("D", "E"), ("D",))
    assert proposal.coverage == Coverage(12, 14)
    assert proposal.notes == ()
    assert {ticket.unit: str(ticket.chance) for ticket in general.tickets} == {
        "G": "1/2",
        "D": "1/2",
        "E": "0",
    }
    assert {ticket.unit: str(ticket.chance) for ticket in risk.tickets} == {"E": "1/2", "D": "1/2"}


def test_units_with_too_little_evidence_fill_the_places_that_are_left_the_largest_first() -> None:
    proposal = propose(THIN_EXAMPLE, "exempel-2")
    assert frame_hash(THIN_EXAMPLE).startswith("624cb08abc10")
    assert reasons(THIN_EXAMPLE, "exempel-2") == {
        "A": ("largest_share",),
        "B": ("largest_share",),
        "C": ("yellow",),
        "D": ("risk_insufficient",),
        "E": ("risk_insufficient",),
        "G": ("spot_general",),
        "F": ("spot_risk",),
    }
    assert proposal.draws[0].reserves == ("F",)


@pytest.mark.parametrize(
    ("largest", "chosen"),
    [
        ("coverage", {"A", "B"}),
        ("top:3", {"A", "B", "C"}),
        ("share:0.15", {"A"}),
        ("share:0.13", {"A", "B", "C", "D"}),
    ],
)
def test_the_largest_are_told_in_three_ways(largest: str, chosen: set[str]) -> None:
    told = replace(THIN_EXAMPLE, parameters=replace(THIN_EXAMPLE.parameters, largest=largest))
    assert {unit for unit, why in reasons(told).items() if "largest_share" in why} == chosen
    assert read_frame(canonical_frame(told)) == told


@pytest.mark.parametrize("largest", ["top:0", "share:2", "all", ""])
def test_another_way_to_tell_the_largest_is_refused(largest: str) -> None:
    assert parameter_problems(replace(THIN_EXAMPLE.parameters, largest=largest))


@pytest.mark.parametrize(
    ("frame_", "selected"),
    [
        pytest.param(
            frame(*alike("B", "A", "C", "D", placements=2), n_spot_general=0, n_spot_risk=0),
            {"A": ("largest_share",), "B": ("largest_share",)},
            id="a tie in the largest share goes by id, and exactly half is reached by two of four",
        ),
        pytest.param(
            frame(*alike("A"), FrameRow("B", 9)),
            {"B": ("largest_share",), "A": ("spot_general",)},
            id="the unit that passes the half is the last one, and one is left for two draws",
        ),
        pytest.param(
            frame(FrameRow("A", 1, age0_15=1, needs=1, band="red"), n_risk=0),
            {"A": ("largest_share", "age0_15", "needs", "red")},
            id="a unit carries every reason, and a red one is taken with no place for risk",
        ),
        pytest.param(
            frame(
                FrameRow("A", 9, band="yellow", index=50),
                FrameRow("B", 1, band="yellow", index=80),
                FrameRow("C", 1, band="yellow", index=90),
                FrameRow("D", 1, band="red", index=101),
                n_risk=2,
                n_spot_general=0,
                n_spot_risk=0,
            ),
            {"A": ("largest_share", "yellow"), "D": ("red",), "C": ("yellow",)},
            id="a yellow among the criteria takes no place, a red outside them does",
        ),
        pytest.param(
            frame(
                FrameRow("Z", 9, band="red"),
                *(FrameRow(f"R{number}", 1, band="red") for number in range(3)),
                FrameRow("Y", 1, band="yellow"),
                n_risk=2,
                n_spot_general=0,
                n_spot_risk=0,
            ),
            {"Z": ("largest_share", "red"), "R0": ("red",), "R1": ("red",), "R2": ("red",)},
            id="all red are taken, also when they are more than the places",
        ),
        pytest.param(
            frame(
                FrameRow("A", 9),
                FrameRow("B", 1, band="yellow", index=60, ratio="1.5000"),
                FrameRow("C", 1, band="yellow", index=60, ratio="1.6000"),
                FrameRow("E", 1, band="yellow", index=60, ratio="1.5000"),
                n_risk=2,
                n_spot_general=0,
                n_spot_risk=0,
            ),
            {"A": ("largest_share",), "C": ("yellow",), "B": ("yellow",)},
            id="yellow by index, then ratio, then id",
        ),
        pytest.param(
            frame(*alike("A", "B"), share="0.00", n_spot_general=2, n_spot_risk=2),
            {"A": ("spot_general",), "B": ("spot_general",)},
            id="fewer candidates than draws",
        ),
        pytest.param(frame(), {}, id="an empty frame"),
    ],
)
def test_who_is_selected_and_why(frame_: Frame, selected: dict[str, tuple[str, ...]]) -> None:
    assert dict(sorted(reasons(frame_).items())) == dict(sorted(selected.items()))


def test_when_everything_is_selected_the_draws_are_empty_and_say_so() -> None:
    proposal = propose(frame(*(FrameRow(unit, 1, needs=1) for unit in "ABC")), VALUE)
    assert [draw.tickets for draw in proposal.draws] == [(), ()]
    assert notes(proposal) == ["all_selected", "all_selected"]


def test_a_draw_with_too_few_candidates_says_how_many_it_drew() -> None:
    proposal = propose(frame(*alike("A", "B", "C"), share="0.00", n_spot_general=2, n_spot_risk=2), VALUE)
    assert [len(draw.drawn) for draw in proposal.draws] == [2, 1]
    assert notes(proposal) == ["fewer"]


def test_an_empty_frame_selects_nothing_and_says_so() -> None:
    proposal = propose(frame(), VALUE)
    assert (proposal.chosen, notes(proposal), proposal.coverage) == ((), ["empty_frame"], Coverage(0, 0))
    assert proposal.coverage.share == 0


def test_a_frame_of_one_unit_selects_it() -> None:
    assert reasons(frame(*alike("A"))) == {"A": ("largest_share",)}


def test_the_general_draw_leaves_out_what_was_followed_up_last_year() -> None:
    rows = [
        FrameRow("A", 9),
        FrameRow("B", 1, last=2025),
        FrameRow("C", 1, last=2024),
        FrameRow("D", 1, last=2026),
    ]
    general, risk = propose(frame(*rows), VALUE).draws
    assert (general.drawn, general.excluded, general.lifted) == (("C",), ("B", "D"), ())
    assert {ticket.unit for ticket in risk.tickets} == {"B", "D"}


def test_the_exclusion_is_lifted_and_told_when_too_few_are_left() -> None:
    proposal = propose(
        frame(FrameRow("A", 9), FrameRow("B", 1, last=2025), FrameRow("C", 1, last=2026)), VALUE
    )
    assert (proposal.draws[0].drawn, proposal.draws[0].lifted) == (("B",), ("B", "C"))
    [note] = [note for note in proposal.notes if note.id == "selection.note.lifted"]
    assert note.values["units"] == "B, C"


def test_the_general_draw_is_a_rotation_never_followed_up_first() -> None:
    rows = [FrameRow("A", 9), FrameRow("B", 1, last=2020), FrameRow("C", 1, last=2021), FrameRow("D", 1)]
    general = propose(frame(*rows, n_spot_general=2), VALUE).draws[0]
    assert (general.drawn, general.reserves) == (("D", "B"), ("C",))
    assert [ticket.chance for ticket in general.tickets] == [1, 1, 0]


def test_coverage_of_exactly_half_is_not_the_main_part() -> None:
    half = coverage(frame(*alike("A", "B")), ["A"])
    assert (half.share, half.enough) == (Coverage(1, 2).share, False)
    proposal = propose(frame(*alike("A", "B"), n_spot_general=0, n_spot_risk=0), VALUE)
    assert "coverage" in notes(proposal)


@given(some_frames(), st.text(max_size=20))
def test_the_same_frame_and_value_always_give_the_same_selection(frame_: Frame, value: str) -> None:
    again = read_frame(canonical_frame(replace(frame_, rows=frame_.rows[::-1])))
    assert frame_hash(again) == frame_hash(frame_)
    assert propose(again, value) == propose(frame_, value)


@given(some_frames(), st.text(max_size=5))
def test_what_holds_of_every_selection(frame_: Frame, value: str) -> None:
    proposal = propose(frame_, value)
    chosen = set(proposal.chosen)
    assert {row.id for row in frame_.rows if row.age0_15 or row.needs or row.band == "red"} <= chosen
    assert all(one.reasons and len(set(one.reasons)) == len(one.reasons) for one in proposal.units)
    for draw in proposal.draws:
        assert set(draw.drawn) <= chosen
        assert sum(ticket.chance for ticket in draw.tickets) == min(draw.wanted, len(draw.tickets))
    general, risk = proposal.draws
    assert not set(general.drawn) & set(risk.drawn)
    everyone = {row.id for row in frame_.rows}
    assert {ticket.unit for ticket in risk.tickets} | (chosen - set(risk.drawn)) == everyone


@given(some_frames())
def test_no_unchosen_unit_is_ever_safe(frame_: Frame) -> None:
    """Whoever is left when the last draw is made has a chance in it."""
    risk = propose(frame_, VALUE).draws[1]
    assert not risk.wanted or all(ticket.chance > 0 for ticket in risk.tickets)
