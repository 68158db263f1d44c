"""Providers (utförare), their units (enheter) and contracts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from followup import PersonId, UnitId
from followup.terms import FORMS, OWN_FORM, Form

FRAMEWORK, OWN_REGI = "framework", "in_house"


@dataclass(frozen=True)
class Unit:
    id: UnitId
    key: str
    name: str
    form: str
    subtype: str | None
    ownership: str
    provider_id: int
    provider_name: str
    director: str | None = None
    own_form: Form | None = None

    @property
    def care(self) -> Form:
        """Its form of care, as the municipality's file of terms says it where it does."""
        return self.own_form or FORMS[self.form]

    @property
    def segment(self) -> str | None:
        return self.care.segment

    @property
    def public_form(self) -> str:
        return self.form if self.form in FORMS else OWN_FORM.code


@dataclass(frozen=True)
class Contract:
    id: int
    key: str
    unit_id: UnitId
    form: str
    law: str
    starts: date
    ends: date | None

    def in_force(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or self.ends >= day)


@dataclass(frozen=True)
class EndingContract:
    """`owner_id` is None where the register names nobody: then it is on the managers' list."""

    id: int
    key: str
    unit_id: UnitId
    unit_name: str
    ends: date
    owner_id: PersonId | None


def contract_form(
    ownership: str, of_placement: str | None, of_unit: Iterable[Contract], day: date
) -> str | None:
    """How a placement is contracted: as it says itself, else as the last begun of its unit's contracts in force.

    What a unit in own regi does is own regi.
    """
    if ownership == OWN_REGI:
        return OWN_REGI
    if of_placement:
        return of_placement
    valid = [one for one in of_unit if one.in_force(day)]
    return max(valid, key=lambda one: (one.starts, one.id)).form if valid else None


def on_framework(forms: Sequence[str | None]) -> tuple[int, int] | None:
    """Placements on a framework agreement, of those that could be (R29); None where none could.

    What the municipality runs itself needs no agreement and is left out; what nobody has said anything of has none.
    """
    outside = [form for form in forms if form != OWN_REGI]
    return (outside.count(FRAMEWORK), len(outside)) if outside else None
