"""`selection verify`: the draw repeated from a published frame and value, without any database."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.console import print_error, print_json, print_text
from bot.commands.selection_printing import print_draw, print_units
from followup.selection.proposal_record import differences, proposal_data
from followup.selection.selection import Proposal, propose
from followup.selection.selection_frame import Frame, FrameError, hash_of, read_frame
from followup.wording.form import clean_text
from followup.wording.wording import Wording, wording
from texts.catalogue import Texts


def add(group: typer.Typer, say: Texts) -> None:
    @group.command(help=say("cli.selection.verify"))
    def verify(
        frame: Annotated[Path, typer.Option(help=say("cli.selection.verify.frame"))],
        public_value: Annotated[str, typer.Option(help=say("cli.selection.public_value"))],
        protocol: Annotated[Path | None, typer.Option(help=say("cli.selection.verify.protocol"))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        text = _text(frame, say)
        proposal = propose(_frame(text, frame, say), clean_text(public_value))
        differing = _differing(protocol, proposal, say) if protocol else []
        if as_json:
            same = {"same": not differing, "differences": [say.say(one) for one in differing]}
            head = {"frame_hash": proposal.frame_hash, "public_value": proposal.public_value}
            print_json({**head, **proposal_data(proposal), **(same if protocol else {})})
        else:
            _print(proposal, text, say)
            if protocol and not differing:
                print_text(say("selection.verify.same", path=protocol))
        for one in () if as_json else differing:
            print_error(say.say(one))
        if differing:
            raise typer.Exit(1)


def _text(path: Path, say: Texts) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        print_error(say("cli.selection.unreadable", path=path, why=type(wrong).__name__))
        raise typer.Exit(2) from None


def _frame(text: str, path: Path, say: Texts) -> Frame:
    try:
        return read_frame(text)
    except FrameError as wrong:
        for problem in wrong.problems:
            print_error(f"{path}: {say.say(problem)}")
        raise typer.Exit(2) from None


def _differing(path: Path, proposal: Proposal, say: Texts) -> list[Wording]:
    try:
        claimed: Any = json.loads(_text(path, say))
    except ValueError:
        claimed = None
    if not isinstance(claimed, dict):
        return [wording("selection.verify.no_protocol", path=path)]
    return differences(claimed, proposal)


def _print(proposal: Proposal, text: str, say: Texts) -> None:
    print_text(f"{say('selection.doc.frame_hash')}: {proposal.frame_hash}")
    if hash_of(text) != proposal.frame_hash:
        print_text(say("selection.verify.reformatted"))
    print_text(f"{say('selection.doc.seed')}: {proposal.seed}")
    for note in proposal.notes:
        print_text(say.say(note))
    print_units(proposal.units, say)
    for draw in proposal.draws:
        print_draw(draw, say)
