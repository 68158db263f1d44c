"""Providers (utförare), their units (enheter) and contracts."""

from dataclasses import dataclass
from datetime import date

from followup.terms import FORMS


@dataclass(frozen=True)
class Unit:
    id: int
    key: str
    name: str
    form: str
    subtype: str | None
    ownership: str
    provider_id: int
    provider_name: str
    director: str | None = None

    @property
    def segment(self) -> str | None:
        return FORMS[self.form].segment


@dataclass(frozen=True)
class Contract:
    id: int
    key: str
    unit_id: int
    form: str
    law: str
    starts: date
    ends: date | None
