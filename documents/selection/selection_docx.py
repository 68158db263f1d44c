"""The protocol of a selection as a Word document."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import _Row

from documents.selection.selection_protocol import Protocol, Step
from followup.form import clean_text
from followup.secrecy import FEW
from followup.selection.adjustment import Left
from followup.selection.draw import Draw
from followup.selection.selection import Chosen, Reason, coverage_sentence
from followup.selection.selection_frame import Parameters
from followup.wording import Wording, wording

Say = Callable[[Wording], str]
Rows = Iterable[Sequence[str]]
# Widths of the columns, in centimetres; 17 in all between the margins of an A4 page.
FACTS, UNITS, ADJUSTMENTS, CHANGES = (5, 12), (4.6, 3.9, 3, 5.5), (4.3, 2.5, 6, 4.2), (5, 3.5, 8.5)
TICKETS = (2.5, 3.5, 2.3, 1.8, 4.1, 2.8)


def docx_of(protocol: Protocol, say_: Say) -> bytes:
    def say(what: Wording) -> str:
        # Older texts were stored with signs that no document can hold.
        return clean_text(say_(what))

    document = Document()
    document.core_properties.language = "sv-SE"
    document.core_properties.title = say(protocol.heading)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
    document.add_heading(say(protocol.heading), 0)
    document.add_paragraph(say(_state(protocol)))
    _steps(document, protocol, say)
    _selected(document, protocol, say)
    _adjustments(document, protocol, say)
    _draws(document, protocol, say)
    _changes(document, protocol, say)
    document.add_heading(say(wording("selection.doc.repeat")), 1)
    document.add_paragraph(say(wording("selection.doc.repeat.how")))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _state(protocol: Protocol) -> Wording:
    return wording(f"selection.doc.{protocol.standing.cycle.state}")


def _steps(document: DocumentType, protocol: Protocol, say: Say) -> None:
    standing = protocol.standing
    cycle, unknown = standing.cycle, say(wording("selection.doc.not_yet"))
    document.add_heading(say(wording("selection.doc.frame")), 1)
    facts = (
        ("frame_hash", cycle.frame_hash),
        ("public_value_name", cycle.public_value_name),
        ("public_value", cycle.public_value or unknown),
        ("seed", standing.proposal.seed if standing.proposal else unknown),
        ("frozen_at", _step(protocol.frozen, say)),
        ("drawn_at", _step(protocol.drawn, say)),
        ("locked_at", _step(protocol.locked, say)),
        (
            "size",
            say(
                wording(
                    "selection.doc.size.of", n=len(standing.frame.rows), placements=standing.frame.placements
                )
            ),
        ),
        ("parameters", say(_parameters(standing.frame.parameters))),
    )
    _table(document, (), [(say(wording(f"selection.doc.{name}")), value) for name, value in facts], FACTS)
    for name, keys in (("dormant", protocol.dormant), ("own", protocol.own)):
        if keys:
            names = ", ".join(_name(protocol, key) for key in keys)
            document.add_paragraph(say(wording(f"selection.doc.{name}", units=names)))
    document.add_heading(say(wording("selection.ages")), 2)
    for sentence in protocol.ages.sentences():
        document.add_paragraph(say(sentence))


def _parameters(parameters: Parameters) -> Wording:
    shown = {"share": Decimal(parameters.share), "lots": wording(f"choice.lots.{parameters.lots}")}
    return wording("selection.doc.parameters.of", **{**vars(parameters), **shown})


def _step(step: Step | None, say: Say) -> str:
    if step is None:
        return say(wording("selection.doc.not_yet"))
    return say(wording("selection.doc.step", at=step.at, by=step.by))


def _selected(document: DocumentType, protocol: Protocol, say: Say) -> None:
    standing = protocol.standing
    if standing.proposal is None:
        return
    document.add_heading(say(wording("selection.doc.selected")), 1)
    document.add_paragraph(say(coverage_sentence(standing.coverage)))
    for note in standing.notes:
        document.add_paragraph(say(note), style="List Bullet")
    headers = _headers(("unit", "provider", "placements", "reasons"), say)
    _table(document, headers, [_unit_row(protocol, one, say) for one in standing.selected], UNITS)


def _unit_row(protocol: Protocol, one: Chosen, say: Say) -> Sequence[str]:
    placements = next((row.placements for row in protocol.standing.frame.rows if row.id == one.unit), 0)
    return (
        _name(protocol, one.unit),
        protocol.units[one.unit].provider_name if one.unit in protocol.units else "",
        say(wording("selection.few")) if placements < FEW else str(placements),
        _reasons(one.reasons, say),
    )


def _reasons(reasons: Iterable[Reason], say: Say) -> str:
    return ", ".join(say(wording(f"selection.reason.{reason}")) for reason in reasons)


def _name(protocol: Protocol, key: str) -> str:
    return f"{protocol.units[key].name} ({key})" if key in protocol.units else key


def _adjustments(document: DocumentType, protocol: Protocol, say: Say) -> None:
    made = protocol.standing.adjustments
    document.add_heading(say(wording("selection.doc.adjustments")), 1)
    if not made:
        document.add_paragraph(say(wording("selection.doc.no_adjustments")))
        return
    rows = [
        (
            _name(protocol, one.unit),
            say(wording(f"selection.act.{one.act}")),
            one.reason,
            say(wording("selection.doc.step", at=one.at, by=one.by)),
        )
        for one in made
    ]
    _table(document, _headers(("unit", "act", "reason", "who"), say), rows, ADJUSTMENTS)


def _draws(document: DocumentType, protocol: Protocol, say: Say) -> None:
    proposal = protocol.standing.proposal
    for draw in proposal.draws if proposal else ():
        document.add_heading(say(wording(f"selection.draw.{draw.name}")), 1)
        document.add_paragraph(say(wording(f"selection.doc.draw.{draw.name}", n=draw.wanted)))
        if draw.excluded:
            names = ", ".join(_name(protocol, key) for key in draw.excluded)
            document.add_paragraph(say(wording("selection.doc.excluded", units=names)))
        if not draw.tickets:
            document.add_paragraph(say(wording("selection.doc.no_candidates")))
            continue
        headers = _headers(("order", "unit", "last", "lots", "ticket", "chance"), say)
        _table(document, headers, _tickets(protocol, draw, say), TICKETS)


def _tickets(protocol: Protocol, draw: Draw, say: Say) -> Iterator[Sequence[str]]:
    for number, ticket in enumerate(draw.tickets, 1):
        last = next((row.last for row in protocol.standing.frame.rows if row.id == ticket.unit), None)
        yield (
            say(wording(f"selection.outcome.{draw.outcome(ticket.unit)}", number=number)),
            _name(protocol, ticket.unit),
            str(last) if last else say(wording("selection.doc.never")),
            str(len(ticket.lots)),
            ticket.lowest,
            str(ticket.chance),
        )


def _changes(document: DocumentType, protocol: Protocol, say: Say) -> None:
    standing = protocol.standing
    document.add_heading(say(wording("selection.doc.changes")), 1)
    if standing.changes is None or standing.before is None:
        document.add_paragraph(say(wording("selection.doc.no_before", year=str(standing.cycle.year - 1))))
        return
    entered = [
        (_name(protocol, one.unit), say(wording("selection.doc.entered")), _reasons(one.reasons, say))
        for one in standing.changes.entered
    ]
    left = [
        (_name(protocol, one.unit), say(wording("selection.doc.left")), _why_left(one, say))
        for one in standing.changes.left
    ]
    document.add_paragraph(say(wording("selection.doc.stayed", n=standing.changes.stayed)))
    if entered or left:
        _table(document, _headers(("unit", "change", "why"), say), [*entered, *left], CHANGES)


def _why_left(one: Left, say: Say) -> str:
    return say(wording(f"selection.left.{one.why}", reasons=_reasons(one.before, say)))


def _headers(names: Iterable[str], say: Say) -> Sequence[str]:
    return [say(wording(f"selection.column.{name}")) for name in names]


def _table(document: DocumentType, headers: Sequence[str], rows: Rows, widths: Sequence[float]) -> None:
    """Widths in centimetres; the headers are repeated on each page."""
    lines = [list(headers), *map(list, rows)] if headers else [list(row) for row in rows]
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for line in lines:
        for cell, text, width in zip(table.add_row().cells, line, widths, strict=True):
            cell.text, cell.width = clean_text(text), Cm(width)
    if headers:
        _repeat(table.rows[0])
    document.add_paragraph()


def _repeat(row: _Row) -> None:
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(repeated)
    for cell in row.cells:
        cell.paragraphs[0].runs[0].bold = True
