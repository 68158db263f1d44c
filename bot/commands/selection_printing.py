"""A selection's protocol as lines and tables on the screen."""

from bot.commands.console import print_json, print_table, print_text
from documents.selection.selection_protocol import ProtocolStep, SelectionProtocol, protocol_data
from followup.selection.draw import Draw
from followup.selection.selection import Chosen, Proposal, coverage_sentence
from followup.wording.wording import wording
from texts.catalogue import Texts


def tell(protocol: SelectionProtocol, say: Texts, *, as_json: bool) -> None:
    if as_json:
        print_json(protocol_data(protocol))
    else:
        print_protocol(protocol, say)


def print_protocol(protocol: SelectionProtocol, say: Texts) -> None:
    state = protocol.state
    cycle = state.cycle
    print_text(say.say(protocol.heading))
    print_text(say(f"selection.doc.{cycle.state}"))
    print_text(f"{say('selection.doc.frame_hash')}: {cycle.frame_hash}")
    print_text(f"{say('selection.doc.public_value_name')}: {cycle.public_value_name}")
    print_text(f"{say('selection.doc.size')}: {say.say(state.size)}")
    print_text(f"{say('selection.doc.parameters')}: {say.say(state.parameters)}")
    _print_steps(protocol, say)
    for sentence in protocol.ages.sentences():
        print_text(say.say(sentence))
    if state.proposal is not None:
        _print_selected(protocol, state.proposal, say)


def _print_steps(protocol: SelectionProtocol, say: Texts) -> None:
    done: tuple[tuple[str, ProtocolStep | None], ...] = (
        ("frozen_at", protocol.frozen),
        ("drawn_at", protocol.drawn),
        ("locked_at", protocol.locked),
    )
    for name, step in done:
        if step is not None:
            print_text(f"{say(f'selection.doc.{name}')}: {say('selection.doc.step', at=step.at, by=step.by)}")


def _print_selected(protocol: SelectionProtocol, proposal: Proposal, say: Texts) -> None:
    state = protocol.state
    print_text(f"{say('selection.doc.public_value')}: {proposal.public_value}")
    print_text(say.say(coverage_sentence(state.coverage)))
    for note in state.notes:
        print_text(say.say(note))
    print_units(state.selected, say)
    for one in state.adjustments:
        made = say("selection.doc.step", at=one.at, by=one.by)
        print_text(f"{say(f'selection.act.{one.act}')} {one.unit}: {one.reason} ({made})")
    for draw in proposal.draws:
        print_draw(draw, say)


def print_units(units: tuple[Chosen, ...], say: Texts) -> None:
    headers = (say("selection.column.unit"), say("selection.column.reasons"))
    rows = [
        (one.unit, ", ".join(say(f"selection.reason.{reason}") for reason in one.reasons)) for one in units
    ]
    print_table(headers, rows)


def print_draw(draw: Draw, say: Texts) -> None:
    chances = ", ".join(f"{one.unit} ({one.chance})" for one in draw.tickets if one.unit in draw.drawn)
    none = say("selection.nobody")
    print_text(
        say(
            "cli.selection.drawn",
            draw=wording(f"selection.draw.{draw.name}"),
            drawn=chances or none,
            reserves=", ".join(draw.reserves) or none,
            n=len(draw.tickets),
        )
    )
