"""The report's first section: the figures that matter, in sentences; one that is not told has none."""

from collections.abc import Iterator

from documents.report.blocks import Block, Bullets, Heading, Paragraph
from documents.report.material import Internal, Material, Public
from followup.figures.figure import ALL
from followup.figures.year_follow_ups import NOT_YET
from followup.follow_ups.hit_share import HITS
from followup.selection.cycle import NAMES, period_name


def summary(material: Material) -> list[Block]:
    words, period = material.words, material.period
    told = [one for part in _PARTS for one in part(material)]
    return [
        Heading(1, words("year.summary")),
        Paragraph(words("year.summary.intro", first=period.starts, last=period.until)),
        *_withheld(material),
        Bullets(told) if told else Paragraph(words("year.nothing.year")),
        Paragraph(words("year.summary.judgement")),
    ]


def _withheld(material: Material) -> list[Block]:
    """The list of units beside the sums would tell of single children, or the children are too few."""
    if not isinstance(material, Public) or material.year.counts or "forms" not in material.year.withheld:
        return []
    return [Paragraph(material.words("year.withheld", few=material.year.few))]


def _care(material: Material) -> Iterator[str]:
    words = material.words
    sums = {name: material.figure("forms", ALL, name) for name in ("children", "placements", "units")}
    if material.rows("units") and all(sums.values()):
        named = {name: words.with_unit(one) for name, one in sums.items() if one}
        yield words("year.summary.care", **named)
    contracted = material.figure("forms", ALL, "framework")
    if contracted is not None:
        yield words("year.summary.framework", share=words.figure(contracted))


def _answers(material: Material) -> Iterator[str]:
    words = material.words
    if material.response is not None:
        yield words("year.summary.response", share=words.figure(material.response))
    number, with_one = (material.figure("signals", ALL, name) for name in ("number", "units_with"))
    serious = material.figure("signal_parts", "serious", "number")
    if isinstance(material, Internal) and number and serious and with_one and material.rows("signals"):
        yield words(
            "year.summary.signals",
            n=int(serious.value),
            signals=words.with_unit(number),
            serious=words.figure(serious),
            units=words.figure(with_one),
        )
    elif isinstance(material, Public) and number:
        yield words("year.summary.signals.public", signals=words.with_unit(number))


def _children(material: Material) -> Iterator[str]:
    for id_, row in (("feels_safe", "yes"), ("knows_plan", "yes"), ("talks", "talked")):
        share = material.figure(id_, row, "children")
        if share is not None:
            yield material.words(f"year.summary.{id_}", share=material.words.figure(share))


def _bands(material: Material) -> Iterator[str]:
    words, rows = material.words, material.rows("bands")
    if rows:
        told = {name: material.figure("bands", rows[-1].key, name) for name in ("red", "yellow")}
        counts = {name: words.figure(one) for name, one in told.items() if one}
        yield words("year.summary.bands", month=words.label(rows[-1].label), **counts)


def _follow_ups(material: Material) -> Iterator[str]:
    words = material.words
    covered = material.figure("selection", ALL, "covered") or material.figure("tracks", ALL, "covered")
    if covered is not None:
        half = material.of_half
        if half is None:
            yield words("year.summary.covered", share=words.figure(covered))
        else:
            name = period_name(material.period.year, NAMES[half.half])
            yield words("year.summary.covered_half", half=name, share=words.figure(covered))
    table = material.tables["verdicts"]
    if not table.is_empty:
        number = {row.key: int(table.figure(row.key, ALL).value) for row in table.all_rows}
        yield words(
            "year.summary.reviews",
            judged=number[ALL] - number[NOT_YET],
            all=number[ALL],
            faults=sum(number[verdict] for verdict in HITS),
        )


_PARTS = (_care, _answers, _children, _bands, _follow_ups)
