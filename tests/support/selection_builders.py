"""Frames and units of a selection, with defaults, and the frame of the adopted method's example."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st
from sqlalchemy import func, select, update

from followup.people import Person
from followup.selection.candidates import Candidate, FramePlacement
from followup.selection.selection_frame import Frame, FrameRow, Parameters
from storage.engine.database import Transaction
from storage.engine.tables import placement
from storage.engine.tables import unit as unit_table
from storage.register import people, units
from tests.support.builders import Register

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


# The example in which some units have too little evidence.
THIN_EXAMPLE = Frame(
    2026,
    (
        FrameRow("A", 6, last=2025, index=20, ratio="1.0000"),
        FrameRow("B", 2, band="insufficient", index=8, ratio="0.9000"),
        FrameRow("C", 2, band="yellow", index=60, ratio="1.5000", last=2024),
        FrameRow("D", 2, band="insufficient", index=12, ratio="1.2000"),
        FrameRow("E", 1, band="insufficient", index=40, ratio="1.4000"),
        FrameRow("F", 1, index=4, ratio="0.8000", last=2023),
        FrameRow("G", 1, index=4, ratio="0.8000"),
    ),
    Parameters(n_risk=3),
)


def frame(*rows: FrameRow, year: int = 2026, **parameters: object) -> Frame:
    by_id = tuple(sorted(rows, key=lambda row: row.id))
    return Frame(year, by_id, replace(Parameters(), **parameters))  # type: ignore[arg-type]


def alike(*ids: str, placements: int = 1) -> tuple[FrameRow, ...]:
    """Units that nothing sets apart."""
    return tuple(FrameRow(id_, placements) for id_ in ids)


def stay(
    starts: str, ends: str | None = None, born: str | None = None, needs: str | None = None
) -> FramePlacement:
    days = [date.fromisoformat(text) if text else None for text in (ends, born, needs)]
    return FramePlacement(date.fromisoformat(starts), *days)


def candidate(unit: str, *stays: FramePlacement, **known: object) -> Candidate:
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


def fill_town(tx: Transaction) -> None:
    """Eight units: the five sizes of a small town, one dormant, one of the municipality's own, one of a second form."""
    register = Register(tx)
    register.person("karin", "quality")
    register.person("kim", "quality")
    register.person("maria", "manager")
    anna = register.person("anna")
    both = register.provider("Björkens vård")
    for key, form, placements, provider_id in (
        ("ASPEN", "hvb", 6, None),
        ("BJORK", "hvb", 4, both),
        ("BJORK-F", "konsulentstott_familjehem", 2, both),
        ("CEDER", "stodboende", 3, None),
        ("DAL", "oppenvard", 1, None),
        ("EKEN", "hvb", 1, None),
        ("EGET", "kommunens_familjehem", 3, None),
        ("VILAR", "hvb", 0, None),
    ):
        unit_id = register.unit(key, form=form, name=f"Hemmet {key.title()}", provider_id=provider_id)
        for _ in range(placements):
            register.placement(anna, unit_id, starts="2026-02-01")
    vilar = units.by_key(tx, "VILAR")
    assert vilar is not None
    register.placement(anna, vilar.id, starts="2024-01-01", ends="2025-10-31")


def known(
    tx: Transaction, unit: str, *, born: str | None = None, needs: str | None = None, last: str | None = None
) -> None:
    """What is known of a unit's first child, and the unit's last follow-up."""
    row = units.by_key(tx, unit)
    assert row is not None
    first = select(func.min(placement.c.id)).where(placement.c.unit_id == row.id).scalar_subquery()
    values = {
        "born": tx.vault.seal_some(born),
        "greater_needs_since": date.fromisoformat(needs) if needs else None,
    }
    tx.connection.execute(update(placement).where(placement.c.id == first).values(**values))
    if last:
        tx.connection.execute(
            update(unit_table)
            .where(unit_table.c.id == row.id)
            .values(last_follow_up=date.fromisoformat(last))
        )


def somebody(tx: Transaction, key: str = "karin") -> Person:
    found = people.by_key(tx, key)
    assert found is not None
    return found
