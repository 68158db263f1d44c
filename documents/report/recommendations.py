"""What a person recommends, as it is written; of one without anything written there is no section."""

from documents.report.blocks import Block, Bullets, Heading, Paragraph
from documents.report.material import Internal, Material
from followup.figures.recommendations import parts_of
from followup.times.calendar import municipal_day
from followup.wording.form import clean_text


def recommendations(material: Material) -> list[Block]:
    """Nothing in what is public: how few children a written text tells of, no rule can count."""
    words = material.words
    written = material.facts.recommendations if isinstance(material, Internal) else None
    if written is None or not written.text:
        return []
    told = [
        Paragraph(clean_text(one)) if isinstance(one, str) else Bullets([clean_text(line) for line in one])
        for one in parts_of(written.text)
    ]
    day = municipal_day(written.recorded_at)
    return [
        Heading(1, words("year.recommendations")),
        *told,
        Paragraph(words("year.recommendations.by", name=written.author, day=day), note=True),
    ]
