"""The results of the follow-up: the units followed up, then the seven headings of the board's decision (R94)."""

from collections.abc import Callable

from documents.report.blocks import Block, Heading, NamedValues, Paragraph
from documents.report.marked import checklist, with_evidence
from documents.report.material import Internal, Material
from documents.report.plots import drawn, signals
from followup.figures.year_facts import YearFollowUp
from followup.figures.year_follow_ups import by_name
from followup.follow_ups.follow_up import AREAS


def results(material: Material) -> list[Block]:
    words = material.words
    blocks: list[Block] = [
        Heading(1, words("year.results")),
        Paragraph(words("year.results.intro")),
        Heading(2, words("year.results.units")),
        *material.grid("follow_ups"),
        *material.grid("verdicts"),
        *material.grid("written_reports"),
    ]
    for area in AREAS:
        blocks.append(Heading(2, words(f"year.area.{area}")))
        blocks += _FIGURES[area](material)
        blocks += area_texts(material, area)
    return blocks


def area_texts(material: Material, area: str) -> list[Block]:
    """What was written about the area at each unit; kept from the public, and while an unannounced visit goes on."""
    if not isinstance(material, Internal):
        return [Paragraph(material.words("year.area.not_public"))]
    rows = [
        (material.facts.unit_of[one.follow_up.unit_id].name, said)
        for one in by_name(material.facts)
        if (said := _said(one, area, material))
    ]
    return [NamedValues(rows)] if rows else [Paragraph(material.words("year.area.nothing"))]


def _said(review: YearFollowUp, area: str, material: Material) -> str:
    follow_up = review.follow_up
    parts = [with_evidence(material.words, follow_up, area)]
    if area == "requirements":
        parts += [f"{point}: {found}" for point, found in checklist(material.words, follow_up)]
    if area == "improvement":
        for name in ("strengths", "improvements"):
            text = getattr(follow_up, name)
            parts += [material.words(f"year.{name}", text=text)] if text else []
    return "\n".join(filter(None, parts))


def _none(material: Material) -> list[Block]:
    return []


def _outcomes(material: Material) -> list[Block]:
    return material.grid("goal_progress")


def _requirements(material: Material) -> list[Block]:
    return [*material.grid("papers"), *material.grid("contracts_ending")]


def _indicators(material: Material) -> list[Block]:
    return [*material.grid("provider_report"), *material.grid("satisfaction")]


def _deviations(material: Material) -> list[Block]:
    return [
        *drawn(material, "signals", lambda table: signals(table, material.words)),
        *material.grid("signals"),
        *material.grid("signal_parts"),
        *material.grid("signals_by_unit"),
    ]


def _inspectorate(material: Material) -> list[Block]:
    return [
        Paragraph(material.words("year.area.inspectorate.intro")),
        *material.grid("notified"),
        *material.grid("supplementary"),
    ]


_FIGURES: dict[str, Callable[[Material], list[Block]]] = {
    "values": _none,
    "outcomes": _outcomes,
    "requirements": _requirements,
    "indicators": _indicators,
    "deviations": _deviations,
    "inspectorate": _inspectorate,
    "improvement": _none,
}
