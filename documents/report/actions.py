"""Actions and decisions: what is to be done, what is late, and what the board has decided."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Material


def actions(material: Material) -> list[Block]:
    words = material.words
    return [
        Heading(1, words("year.doing")),
        Paragraph(words("year.doing.intro")),
        *material.grid("actions"),
        *material.grid("action_list"),
        Heading(2, words("year.doing.decisions")),
        *material.grid("decisions"),
    ]
