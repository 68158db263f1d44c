"""The frame: which units are in it and what a row counts, and reading a published one back."""

import json
from datetime import date

import pytest
from hypothesis import given

from followup.selection.candidates import AgeMix, Candidate, LeftOut, age_mix, frame_of, period_of
from followup.selection.selection_frame import (
    Frame,
    FrameError,
    FrameRow,
    Parameters,
    canonical_frame,
    hash_of,
    read_frame,
)
from tests.support.selection_builders import EXAMPLE, EXAMPLE_HASH, candidate, frame, some_frames, stay

DAY = date(2026, 12, 31)


def rows(*candidates: Candidate, day: date = DAY) -> tuple[FrameRow, ...]:
    return frame_of(candidates, day, 2026, Parameters())[0].rows


@pytest.mark.parametrize(
    ("day", "first"),
    [("2026-12-31", "2026-01-01"), ("2026-11-23", "2025-11-24"), ("2028-02-29", "2027-03-01")],
)
def test_the_twelve_months_that_end_with_the_day(day: str, first: str) -> None:
    assert period_of(date.fromisoformat(day)) == (date.fromisoformat(first), date.fromisoformat(day))


def test_a_unit_counts_each_placement_of_the_last_twelve_months() -> None:
    placed = (stay("2020-01-01"), stay("2025-03-01", "2026-01-01"), stay("2026-12-31"))
    outside = (stay("2020-01-01", "2025-12-31"), stay("2027-01-01"))
    assert rows(candidate("A", *placed, *outside))[0].placements == 3


def test_a_dormant_unit_and_the_own_foster_homes_are_left_out_and_listed() -> None:
    dormant = candidate("B", stay("2020-01-01", "2025-12-31"))
    own = candidate("A", stay("2026-01-01"), followed=False)
    made, left_out = frame_of([dormant, own, candidate("C")], DAY, 2026, Parameters())
    assert made.rows == ()
    assert left_out == (LeftOut("A", "own"), LeftOut("B", "dormant"), LeftOut("C", "dormant"))


def test_a_provider_with_units_in_two_forms_has_a_row_for_each() -> None:
    found = rows(candidate("HVB-1", stay("2026-01-01")), candidate("FAM-1", stay("2026-01-01")))
    assert [row.id for row in found] == ["FAM-1", "HVB-1"]


@pytest.mark.parametrize(
    ("born", "starts", "counted"),
    [
        pytest.param("2010-01-02", "2020-01-01", 1, id="15 on the first day of the period"),
        pytest.param("2010-01-01", "2020-01-01", 0, id="16 on the first day of the period"),
        pytest.param("2010-06-02", "2026-06-01", 1, id="15 on the first day of the placement"),
        pytest.param("2010-06-01", "2026-06-01", 0, id="16 on the first day of the placement"),
        pytest.param("2010-02-28", "2026-02-28", 0, id="16 that day"),
        pytest.param(None, "2026-06-01", 0, id="no birth date known"),
    ],
)
def test_who_had_not_turned_16_on_some_day_of_the_placement(
    born: str | None, starts: str, counted: int
) -> None:
    assert rows(candidate("A", stay(starts, born=born)))[0].age0_15 == counted


@pytest.mark.parametrize(
    ("needs", "ends", "counted"),
    [
        pytest.param("2026-05-01", None, 1, id="known in the period"),
        pytest.param("2019-05-01", None, 1, id="known before it"),
        pytest.param("2026-05-02", "2026-05-01", 0, id="known only after the placement"),
        pytest.param("2027-01-01", None, 0, id="not known yet"),
        pytest.param(None, None, 0, id="none"),
    ],
)
def test_who_has_greater_needs(needs: str | None, ends: str | None, counted: int) -> None:
    assert rows(candidate("A", stay("2020-01-01", ends, needs=needs)))[0].needs == counted


def test_the_age_mix_tells_when_most_are_under_18() -> None:
    born = ("2010-01-01", "2008-12-31", "2000-01-01", None)
    mix = age_mix([stay("2026-01-01", born=one) for one in born], DAY)
    assert (mix, mix.mostly_young) == (AgeMix(1, 2, 1), False)
    assert AgeMix(2, 1).mostly_young


def test_a_published_frame_is_read_back_to_the_same_frame() -> None:
    text = canonical_frame(EXAMPLE)
    assert read_frame(text) == EXAMPLE
    assert hash_of(text) == EXAMPLE_HASH


def test_swedish_letters_stand_as_they_are() -> None:
    assert '"id":"ÅÄÖ"' in canonical_frame(frame(FrameRow("ÅÄÖ", 1)))


@given(some_frames())
def test_the_text_is_the_one_that_the_method_describes(some: Frame) -> None:
    text = canonical_frame(some)
    again = json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert text == again


def changed(**row: object) -> str:
    data = json.loads(canonical_frame(EXAMPLE))
    data["rows"][0].update(row)
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param("{", ["not_json"], id="half a file"),
        pytest.param("[" * 9999, ["not_json"], id="nested beyond all reason"),
        pytest.param(changed(index=10**30), ["wrong"], id="a number beyond all reason"),
        pytest.param("[]", ["not_a_frame"], id="another file"),
        pytest.param(changed(id="B"), ["twice"], id="a unit given twice"),
        pytest.param(changed(R="1.5", placements=0), ["wrong", "wrong"], id="both faults at once"),
        pytest.param(changed(extra=1), ["unknown"], id="something that a frame does not have"),
        pytest.param(changed(index=True), ["wrong"], id="a truth for a number"),
        pytest.param(changed(band=["red"]), ["wrong"], id="a list for a word"),
        pytest.param('{"parameters":{},"rows":[],"year":1999}', ["year", *["wrong"] * 6], id="no parameters"),
        pytest.param('{"parameters":[],"rows":{},"year":2026}', ["wrong"] * 14, id="the wrong kinds"),
    ],
)
def test_what_is_no_frame_is_refused_with_every_fault(text: str, problems: list[str]) -> None:
    with pytest.raises(FrameError) as refused:
        read_frame(text)
    assert [problem.id.rpartition(".")[2] for problem in refused.value.problems] == problems
