"""A report of its own for each part of the municipality's division: for the quality team, beside the whole one."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from documents.report.material import Internal
from documents.report.october import october_report
from documents.report.packing import DOCX
from documents.report.year_documents import DrawnDocument
from followup.figures.divisions import OF_THE_WHOLE, Divided, Division, divided
from followup.figures.year import year_tables


def divided_material(material: Internal, division_of: Mapping[str, str]) -> tuple[Divided, list[Internal]]:
    found = divided(material.facts, division_of)
    return found, [_material(material, one) for one in found.told]


def division_documents(materials: Sequence[Internal]) -> list[DrawnDocument]:
    named = zip(file_names(materials), materials, strict=True)
    return [DrawnDocument(name, DOCX, october_report(one)) for name, one in named]


def file_names(materials: Sequence[Internal]) -> list[str]:
    """Named by the part, and numbered where two names are written alike."""
    taken: list[str] = []
    for one in materials:
        stem = f"rapport-omrade-{_in_a_name(one.division)}"
        numbers = ("", *(f"-{number}" for number in range(2, len(materials) + 2)))
        names = (f"{stem}{number}-{one.period.year}.docx" for number in numbers)
        taken.append(next(name for name in names if name not in taken))
    return taken


def _material(material: Internal, division: Division) -> Internal:
    tables = year_tables(division.facts)
    return replace(
        material,
        division=division.name,
        facts=division.facts,
        whole=division.facts,
        tables={id_: one for id_, one in tables.items() if id_ not in OF_THE_WHOLE},
        proof=None,
        of_half=None,
    )


def _in_a_name(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "omrade"
