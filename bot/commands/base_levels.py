"""Commands for the yearly base levels: base-levels, base-levels propose, base-levels adopt."""

from typing import Annotated, Any

import typer

from bot.clock import MovableClock
from bot.commands.console import opened, print_error, print_json, print_table, print_text, settings_for
from bot.commands.thresholds import decider, print_shifts, shifts_data
from dialogs.overview.base_levels import holding_sentence, level_rows, proposal_sentence
from followup.risk.base_levels import AdoptedLevels
from followup.risk.risk_config import BaseLevels
from followup.times.calendar import municipal_day
from followup.wording.form import read
from followup.wording.wording import Wording
from services.acting import Acting, Refused
from services.risk.base_levels import WHY, BaseLevelProposal, adopt, in_force, numbers, propose
from storage.engine.database import Transaction
from texts.catalogue import Texts


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    group = typer.Typer(help=say("cli.base_levels"), invoke_without_command=True)
    cli.add_typer(group, name="base-levels")

    @group.callback()
    def show(
        context: typer.Context,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        if context.invoked_subcommand is None:
            with opened(settings_for(say), clock, say) as database, database.reading() as tx:
                _show(in_force(tx), say, as_json=as_json)

    @group.command(name="propose", help=say("cli.base_levels.propose"))
    def propose_(as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False) -> None:
        with opened(settings_for(say), clock, say) as database, database.reading() as tx:
            found = _proposal(tx, clock, say)
            print_json(_data(found)) if as_json else _print(found, say)

    @group.command(name="adopt", help=say("cli.base_levels.adopt"))
    def adopt_(
        by: Annotated[str, typer.Option(help=say("cli.threshold.by"))],
        reason: Annotated[str, typer.Option(help=say("cli.base_levels.reason"))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        with opened(settings_for(say), clock, say) as database:
            now, typed = clock(), {"why": reason}
            with database.reading() as tx:
                found = _proposal(tx, clock, say)
                who = decider(tx, by, reason, read([WHY], typed, municipal_day(now))[1], say)
            with database.transaction() as tx:
                adopted = adopt(Acting(tx, who, now), typed, numbers(found.new), found.new)
            if isinstance(adopted, Refused):
                raise typer.Exit(1)
        _show(adopted, say, as_json=as_json)


def _proposal(tx: Transaction, clock: MovableClock, say: Texts) -> BaseLevelProposal:
    """Ends the command with why there is none."""
    found = propose(tx, clock())
    if isinstance(found, Wording):
        print_error(say.say(found))
        raise typer.Exit(1)
    return found


def _show(holding: AdoptedLevels, say: Texts, *, as_json: bool) -> None:
    if as_json:
        print_json({**_levels(holding.levels), "decided_by": holding.decided_by})
        return
    print_text(holding_sentence(holding, say))
    print_table((say("base_levels.title"), ""), level_rows(holding.levels, None, say))


def _print(found: BaseLevelProposal, say: Texts) -> None:
    print_text(proposal_sentence(found, say))
    print_table((say("base_levels.title"), ""), level_rows(found.old.levels, found.new, say))
    print_shifts(found, say)


def _data(found: BaseLevelProposal) -> dict[str, Any]:
    """The proposal as `base-levels propose --json` prints it."""
    return {
        "known_on": found.day,
        "old": _levels(found.old.levels),
        "new": _levels(found.new),
        **shifts_data(found),
    }


def _levels(levels: BaseLevels) -> dict[str, Any]:
    return {"id": levels.id, "valid_from": levels.valid_from, "levels": numbers(levels)}
