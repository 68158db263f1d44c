"""Providers (utförare), their units (enheter), forms of care and contracts."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Form:
    """A form of care: which base level it is measured against, and whether its providers are followed at all.

    `public_rows` are the rows that it is counted in where the public reads, the finest first.
    """

    code: str
    segment: str | None
    subtypes: tuple[str, ...] = ()
    public_rows: tuple[str, str, str] = ("other_forms", "other_forms", "other_forms")

    @property
    def followed(self) -> bool:
        return self.segment is not None


# Requirements R20, R21, R24 and R25. Forms are data, since the law is about to change them (law-and-facts F14).
FORMS: dict[str, Form] = {
    form.code: form
    for form in (
        Form("hvb", "hvb", ("utredning", "behandling", "akut", "omvårdnad"), ("hvb", "hvb", "institutions")),
        Form(
            "stodboende",
            "stodboende",
            ("träningslägenhet", "kollektivt"),
            ("stodboende", "stodboende", "institutions"),
        ),
        Form(
            "konsulentstott_familjehem",
            "konsulentstott_familjehem",
            public_rows=("konsulentstott_familjehem", "homes", "homes"),
        ),
        Form("konsulentstott_jourhem", "jourhem", public_rows=("konsulentstott_jourhem", "homes", "homes")),
        Form("oppenvard", "oppenvard"),
        Form("kommunens_familjehem", None),
    )
}


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
