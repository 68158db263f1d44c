"""How much came in, and in time: response rates by month and by team, and what the law's clocks call for."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Material
from documents.report.plots import drawn, responses

ENOUGH = 70


def answers(material: Material) -> list[Block]:
    words = material.words
    return [
        Heading(1, words("year.answers")),
        Paragraph(words("year.answers.intro", percent=ENOUGH)),
        *drawn(material, "response_months", lambda table: responses(table, words, ENOUGH)),
        *material.grid("response_months"),
        *material.grid("response_teams"),
        Heading(2, words("year.clocks")),
        *material.grid("clocks", words("year.clocks.known")),
    ]
