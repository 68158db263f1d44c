"""How the follow-up was made, in plain words, and what it cannot say."""

from documents.report.blocks import Block, Bullets, Heading, Paragraph
from documents.report.material import Material
from followup.times.calendar import municipal_day
from followup.wording.law import paragraph

_SOURCES = ("complaints", "deviations", "reports", "moves")
_LIMITS = ("simulated", "levels", "small", "inspectorate", "no_ranking", "spot_checks")


def method(material: Material) -> list[Block]:
    words, period = material.words, material.period
    made = municipal_day(material.made_at)
    blocks: list[Block] = [
        Heading(1, words("year.method")),
        Paragraph(words("year.method.period", first=period.starts, last=period.last.last)),
        Paragraph(words("year.method.known", day=made)),
    ]
    if not period.is_over:
        blocks.append(Paragraph(words("year.method.not_over", day=period.until)))
    blocks += [
        Paragraph(words("year.method.scope")),
        Heading(2, words("year.method.sources")),
        Bullets([words(f"year.method.source.{name}") for name in _SOURCES]),
        Paragraph(words("year.method.points")),
        Heading(2, words("year.method.limits")),
        Paragraph(words("year.method.limits.intro")),
        Bullets([words(f"year.method.limit.{name}") for name in _LIMITS]),
    ]
    cited = paragraph("follow_the_care", made)
    if cited:
        blocks.append(Paragraph(words("year.method.law", paragraph=cited)))
    return blocks
