"""Consequences for children: what they say themselves, who talks to them, and what they know of their plan (R123)."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Material


def for_children(material: Material) -> list[Block]:
    words = material.words
    return [
        Heading(1, words("year.for_children")),
        Paragraph(words("year.for_children.intro")),
        Heading(2, words("year.for_children.safe")),
        *material.grid("feels_safe"),
        Heading(2, words("year.for_children.talks")),
        *material.grid("talks"),
        Heading(2, words("year.for_children.plan")),
        *material.grid("knows_plan"),
        Heading(2, words("year.for_children.areas")),
        *material.grid("areas"),
    ]
