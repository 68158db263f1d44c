"""The protocol of a selection as a Word document, of the same blocks as the year's report."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from documents.report.blocks import Block, Bullets, Heading, Listing, NamedValues, Paragraph
from documents.report.docx_drawing import Drawing
from documents.report.docx_styles import new_document
from documents.report.packing import saved
from documents.report.words import Words
from documents.selection.selection_protocol import ProtocolStep, SelectionProtocol
from followup.selection.adjustment import LeftUnit
from followup.selection.draw import Draw
from followup.selection.selection import Chosen, Reason, coverage_sentence
from followup.wording.secrecy import FEW
from services.selection.selection_state import period


def docx_of(protocol: SelectionProtocol, words: Words, made_at: datetime) -> bytes:
    title = words.say(protocol.heading)
    document = new_document(title, words("year.language"), title, made_at)
    Drawing(document, words).add(protocol_blocks(protocol, words))
    return saved(document, made_at)


def protocol_blocks(protocol: SelectionProtocol, words: Words) -> list[Block]:
    return [
        Heading(1, words.say(protocol.heading)),
        Paragraph(words(f"selection.doc.{protocol.state.cycle.state}")),
        *_steps(protocol, words),
        *_selected(protocol, words),
        *_adjustments(protocol, words),
        *_draws(protocol, words),
        *_changes(protocol, words),
        Heading(2, words("selection.doc.repeat")),
        Paragraph(words("selection.doc.repeat.how")),
    ]


def _steps(protocol: SelectionProtocol, words: Words) -> list[Block]:
    days = period(protocol.state.cycle)
    outside = [
        words(f"selection.doc.{name}", units=", ".join(_name(protocol, key) for key in keys), **days)
        for name, keys in (("dormant", protocol.dormant), ("own", protocol.own))
        if keys
    ]
    return [
        Heading(2, words("selection.doc.frame")),
        NamedValues(_facts(protocol, words)),
        *map(Paragraph, outside),
        Heading(3, words("selection.ages")),
        *(Paragraph(words.say(sentence)) for sentence in protocol.ages.sentences()),
    ]


def _facts(protocol: SelectionProtocol, words: Words) -> list[tuple[str, str]]:
    state = protocol.state
    cycle, unknown = state.cycle, words("selection.doc.not_yet")
    facts = {
        "frame_hash": cycle.frame_hash,
        "public_value_name": cycle.public_value_name,
        "public_value": cycle.public_value or unknown,
        "seed": state.proposal.seed if state.proposal else unknown,
        "frozen_at": _step(protocol.frozen, words),
        "drawn_at": _step(protocol.drawn, words),
        "locked_at": _step(protocol.locked, words),
        "size": words.say(state.size),
        "parameters": words.say(state.parameters),
    }
    return [(words(f"selection.doc.{name}"), value) for name, value in facts.items()]


def _step(step: ProtocolStep | None, words: Words) -> str:
    if step is None:
        return words("selection.doc.not_yet")
    return words("selection.doc.step", at=step.at, by=step.by)


def _selected(protocol: SelectionProtocol, words: Words) -> list[Block]:
    state = protocol.state
    if state.proposal is None:
        return []
    return [
        Heading(2, words("selection.doc.selected")),
        Paragraph(words.say(coverage_sentence(state.coverage))),
        Bullets([words.say(note) for note in state.notes]),
        Listing(
            _headers(("unit", "provider", "placements", "reasons"), words),
            [_unit_row(protocol, one, words) for one in state.selected],
        ),
    ]


def _unit_row(protocol: SelectionProtocol, one: Chosen, words: Words) -> Sequence[str]:
    placements = next((row.placements for row in protocol.state.frame.rows if row.id == one.unit), 0)
    return (
        _name(protocol, one.unit),
        protocol.units[one.unit].provider_name if one.unit in protocol.units else "",
        words("selection.few") if placements < FEW else str(placements),
        _reasons(one.reasons, words),
    )


def _reasons(reasons: Iterable[Reason], words: Words) -> str:
    return ", ".join(words(f"selection.reason.{reason}") for reason in reasons)


def _name(protocol: SelectionProtocol, key: str) -> str:
    return f"{protocol.units[key].name} ({key})" if key in protocol.units else key


def _adjustments(protocol: SelectionProtocol, words: Words) -> list[Block]:
    heading = Heading(2, words("selection.doc.adjustments"))
    rows = [
        (
            _name(protocol, one.unit),
            words(f"selection.act.{one.act}"),
            one.reason,
            words("selection.doc.step", at=one.at, by=one.by),
        )
        for one in protocol.state.adjustments
    ]
    if not rows:
        return [heading, Paragraph(words("selection.doc.no_adjustments"))]
    return [heading, Listing(_headers(("unit", "act", "reason", "who"), words), rows)]


def _draws(protocol: SelectionProtocol, words: Words) -> list[Block]:
    proposal = protocol.state.proposal
    return [block for draw in (proposal.draws if proposal else ()) for block in _draw(protocol, draw, words)]


def _draw(protocol: SelectionProtocol, draw: Draw, words: Words) -> list[Block]:
    names = ", ".join(_name(protocol, key) for key in draw.excluded)
    headers = _headers(("order", "unit", "last", "lots", "ticket", "chance"), words)
    return [
        Heading(2, words(f"selection.draw.{draw.name}")),
        Paragraph(words(f"selection.doc.draw.{draw.name}", n=draw.wanted)),
        *([Paragraph(words("selection.doc.excluded", units=names))] if draw.excluded else []),
        Listing(headers, _tickets(protocol, draw, words))
        if draw.tickets
        else Paragraph(words("selection.doc.no_candidates")),
    ]


def _tickets(protocol: SelectionProtocol, draw: Draw, words: Words) -> list[Sequence[str]]:
    last = {row.id: row.last for row in protocol.state.frame.rows}
    return [
        (
            words(f"selection.outcome.{draw.outcome(ticket.unit)}", number=number),
            _name(protocol, ticket.unit),
            str(last.get(ticket.unit) or words("selection.doc.never")),
            str(len(ticket.lots)),
            ticket.lowest,
            str(ticket.chance),
        )
        for number, ticket in enumerate(draw.tickets, 1)
    ]


def _changes(protocol: SelectionProtocol, words: Words) -> list[Block]:
    state = protocol.state
    heading = Heading(2, words("selection.doc.changes"))
    if state.not_compared is not None:
        return [heading, Paragraph(words.say(state.not_compared))]
    if state.changes is None:
        return []
    rows = [
        *(
            (_name(protocol, one.unit), words("selection.doc.entered"), _reasons(one.reasons, words))
            for one in state.changes.entered
        ),
        *(
            (_name(protocol, one.unit), words("selection.doc.left"), _why_left(one, words))
            for one in state.changes.left
        ),
    ]
    stayed = Paragraph(words("selection.doc.stayed", n=state.changes.stayed))
    return [heading, stayed, *([Listing(_headers(("unit", "change", "why"), words), rows)] if rows else [])]


def _why_left(one: LeftUnit, words: Words) -> str:
    return words(f"selection.left.{one.why}", reasons=_reasons(one.before, words))


def _headers(names: Iterable[str], words: Words) -> Sequence[str]:
    return [words(f"selection.column.{name}") for name in names]
