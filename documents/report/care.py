"""Placements, providers and contracts: who is placed where, private and own regi side by side."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Internal, Material


def care(material: Material) -> list[Block]:
    words = material.words
    return [
        Heading(1, words("year.care")),
        Heading(2, words("year.care.forms")),
        *material.grid("forms"),
        *material.grid("years"),
        *material.grid("units"),
        Heading(2, words("year.care.ownership")),
        Paragraph(words("year.care.ownership.intro")),
        *material.grid("ownerships"),
        Heading(2, words("year.care.ages")),
        *material.grid("ages"),
        *_majority(material),
        *_grounds(material),
        Heading(2, words("year.care.contracts")),
        *material.grid("contracts"),
        *material.grid("without_contract"),
    ]


def _grounds(material: Material) -> list[Block]:
    """Not in public, where a rare ground would tell of a child."""
    if not isinstance(material, Internal):
        return []
    return [Heading(2, material.words("year.care.grounds")), *material.grid("grounds")]


def _majority(material: Material) -> list[Block]:
    """Children are followed up more often than young adults need to be (R86)."""
    if not isinstance(material, Internal) or not material.rows("ages"):
        return []
    table = material.tables["ages"]
    of = {row.key: figure for row in table.rows for figure in row.figures}
    under_age = sum(int(one.value) for key, one in of.items() if key in ("0_12", "13_15", "16_17"))
    whole = next(iter(of.values())).of or 0
    said = "year.care.mostly_children" if 2 * under_age > whole else "year.care.mostly_adults"
    return [Paragraph(material.words(said))]
