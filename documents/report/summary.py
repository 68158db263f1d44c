"""The report's first section: the figures that matter, in sentences."""

from collections.abc import Iterator

from documents.report.blocks import Block, Bullets, Heading, Paragraph
from documents.report.material import Material
from followup.figures.figure import ALL
from followup.figures.reviews import NOT_YET
from followup.hit_share import HITS


def summary(material: Material) -> list[Block]:
    words, period = material.words, material.facts.period
    told = [one for part in _PARTS for one in part(material)]
    return [
        Heading(1, words("year.summary")),
        Paragraph(words("year.summary.intro", first=period.starts, last=period.until)),
        Bullets(told) if told else Paragraph(words("year.nothing.year")),
        Paragraph(words("year.summary.judgement")),
    ]


def _care(material: Material) -> Iterator[str]:
    table, words = material.tables["forms"], material.words
    if table.is_empty:
        return
    named = {name: words.with_unit(table.figure(ALL, name)) for name in ("children", "placements", "units")}
    yield words("year.summary.care", **named)
    contracted = table.cell(ALL, "framework")
    if contracted is not None:
        yield words("year.summary.framework", share=words.cell(contracted))


def _answers(material: Material) -> Iterator[str]:
    words = material.words
    if material.response is not None:
        yield words("year.summary.response", share=words.figure(material.response))
    table, parts = material.tables["signals"], material.tables["signal_parts"]
    if not table.is_empty:
        yield words(
            "year.summary.signals",
            signals=words.with_unit(table.figure(ALL, "number")),
            serious=words.figure(parts.figure("serious", "number")),
            units=words.figure(table.figure(ALL, "units_with")),
        )


def _children(material: Material) -> Iterator[str]:
    words = material.words
    for question, answer in (("feels_safe", "yes"), ("knows_plan", "yes")):
        table = material.tables[question]
        if not table.is_empty:
            yield words(f"year.summary.{question}", share=words.figure(table.figure(answer, "children")))
    talks = material.tables["talks"]
    if not talks.is_empty:
        yield words("year.summary.talks", share=words.figure(talks.figure("talked", "children")))


def _bands(material: Material) -> Iterator[str]:
    table, words = material.tables["bands"], material.words
    if not table.is_empty:
        last = table.rows[-1]
        counts = {name: words.figure(table.figure(last.key, name)) for name in ("red", "yellow")}
        yield words("year.summary.bands", month=words.label(last.label), **counts)


def _reviews(material: Material) -> Iterator[str]:
    words, covered = material.words, material.tables["selection"]
    if not covered.is_empty:
        yield words("year.summary.covered", share=words.cell(covered.cell(ALL, "covered")))
    table = material.tables["verdicts"]
    if not table.is_empty:
        number = {row.key: int(table.figure(row.key, ALL).value) for row in table.all_rows}
        yield words(
            "year.summary.reviews",
            judged=number[ALL] - number[NOT_YET],
            all=number[ALL],
            faults=sum(number[verdict] for verdict in HITS),
        )


_PARTS = (_care, _answers, _children, _bands, _reviews)
