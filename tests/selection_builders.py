"""Frames and units of a selection, with defaults, and the frame of the adopted method's example."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from followup.candidates import Candidate, Stay
from followup.selection_frame import Frame, FrameRow, Parameters

EXAMPLE = Frame(
    2026,
    (
        FrameRow("A", 5, last=2025, index=20, ratio="1.0000"),
        FrameRow("B", 3, age0_15=1, index=20, ratio="1.0000"),
        FrameRow("C", 2, band="yellow", index=60, ratio="1.5000", last=2024),
        FrameRow("D", 2, index=4, ratio="0.8000"),
        FrameRow("E", 1, last=2023, index=4, ratio="0.8000"),
        FrameRow("G", 1, index=4, ratio="0.8000"),
    ),
)
EXAMPLE_HASH = "7d0a9f865bd83178f80db60e1826f2b1d4cb782f846279c015803d07e3e18080"
VALUE = "exempel-1"


def frame(*rows: FrameRow, year: int = 2026, **parameters: object) -> Frame:
    by_id = tuple(sorted(rows, key=lambda row: row.id))
    return Frame(year, by_id, replace(Parameters(), **parameters))  # type: ignore[arg-type]


def alike(*ids: str, placements: int = 1) -> tuple[FrameRow, ...]:
    """Units that nothing sets apart."""
    return tuple(FrameRow(id_, placements) for id_ in ids)


def stay(starts: str, ends: str | None = None, born: str | None = None, needs: str | None = None) -> Stay:
    days = [date.fromisoformat(text) if text else None for text in (ends, born, needs)]
    return Stay(date.fromisoformat(starts), *days)


def candidate(unit: str, *stays: Stay, **known: object) -> Candidate:
    return replace(Candidate(unit, stays), **known)  # type: ignore[arg-type]


@st.composite
def some_frames(draw: st.DrawFn) -> Frame:
    ids = draw(st.lists(st.text("ABCÅÄÖ0123", min_size=1, max_size=4), unique=True, max_size=14))
    rows = [
        FrameRow(
            id_,
            placements=draw(st.integers(1, 9)),
            age0_15=draw(st.sampled_from((0, 0, 0, 1))),
            needs=draw(st.sampled_from((0, 0, 0, 1))),
            band=draw(st.sampled_from(("green", "green", "yellow", "red"))),
            index=draw(st.integers(0, 120)),
            ratio=draw(st.sampled_from(("0.6623", "1.0000", "2.1250"))),
            last=draw(st.sampled_from((None, 2023, 2024, 2025))),
        )
        for id_ in ids
    ]
    return frame(
        *rows,
        n_risk=draw(st.integers(0, 4)),
        n_spot_general=draw(st.integers(0, 2)),
        n_spot_risk=draw(st.integers(0, 2)),
        lots=draw(st.sampled_from(("one", "placements"))),
        share=draw(st.sampled_from(("0.50", "0.25", "0.00"))),
    )
