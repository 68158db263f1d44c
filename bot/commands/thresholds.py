"""Commands for the risk method's numbers: threshold, threshold preview, threshold adopt."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from bot.clock import MovableClock
from bot.commands.console import opened, print_error, print_json, print_table, print_text, settings_for
from dialogs.overview.threshold_sentences import (
    changed_sentences,
    counted_sentences,
    past_sentences,
    today_sentences,
)
from followup.people import Person, Role
from followup.risk.risk_config import RiskConfig
from followup.risk.risk_parameters import GROUPS, PARAMETERS, Changes, read_changes
from followup.wording.form import clean_text
from followup.wording.wording import Problem
from services.acting import Acting, Refused
from services.risk.shifts import Shift, Shifts
from services.risk.threshold import Preview, adopt, base_config, number_of, preview, read_adoption
from services.views.units import shown_band
from storage.engine.database import Transaction
from storage.register import people
from texts.catalogue import Texts


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    group = typer.Typer(help=say("cli.threshold"), invoke_without_command=True)
    cli.add_typer(group, name="threshold")

    @group.callback()
    def show(
        context: typer.Context,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        if context.invoked_subcommand is None:
            with opened(settings_for(say), clock, say) as database, database.reading() as tx:
                _show(base_config(tx), say, as_json=as_json)

    @group.command(name="preview", help=say("cli.threshold.preview"))
    def preview_(
        changes: Annotated[list[str], typer.Argument(help=say("cli.threshold.changes"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        with opened(settings_for(say), clock, say) as database, database.reading() as tx:
            found = preview(tx, _changes(tx, changes, say), clock())
            print_json(_data(found)) if as_json else _print(found, say)

    _add_adopting(group, say, clock)


def _add_adopting(group: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @group.command(name="adopt", help=say("cli.threshold.adopt"))
    def adopt_(
        changes: Annotated[list[str], typer.Argument(help=say("cli.threshold.changes"))],
        by: Annotated[str, typer.Option(help=say("cli.threshold.by"))],
        valid_from: Annotated[
            datetime, typer.Option("--from", formats=["%Y-%m-%d"], help=say("cli.threshold.from"))
        ],
        reason: Annotated[str, typer.Option(help=say("cli.threshold.reason"))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        with opened(settings_for(say), clock, say) as database, database.transaction() as tx:
            base, now = base_config(tx), clock()
            read_ = _changes(tx, changes, say)
            typed = {"valid_from": valid_from.date().isoformat(), "why": reason}
            who = decider(tx, by, reason, read_adoption(tx, typed, now)[1], say)
            config = adopt(Acting(tx, who, now), read_, typed, number_of(base))
            if isinstance(config, Refused):
                raise typer.Exit(1)
        _tell(config, base, read_, say, as_json=as_json)


def _changes(tx: Transaction, words: Sequence[str], say: Texts) -> Changes:
    """Ends the command with every problem in what was typed."""
    changes, problems = read_changes(words, base_config(tx))
    for problem in problems:
        print_error(say.say(problem.what))
    if problems:
        raise typer.Exit(1)
    return changes


def decider(tx: Transaction, key: str, reason: str, problems: Sequence[Problem], say: Texts) -> Person:
    """The one who decided; ends the command with everything that is wrong with who, when and why."""
    team = people.with_role(tx, Role.QUALITY)
    who = next((one for one in team if one.key == key), None)
    wrong = []
    if who is None:
        wrong.append(say("cli.threshold.nobody", key=key, known=", ".join(one.key for one in team)))
    has_reason = bool(clean_text(reason))
    for problem in problems:
        no_reason = problem.field == "why" and not has_reason
        wrong.append(say("cli.threshold.no_reason") if no_reason else say.say(problem.what))
    for sentence in wrong:
        print_error(sentence)
    if who is None or wrong:
        raise typer.Exit(1)
    return who


def _show(config: RiskConfig, say: Texts, *, as_json: bool) -> None:
    head = {"id": config.id, "valid_from": config.valid_from, "decided_by": config.decided_by}
    if as_json:
        print_json({**head, "parameters": {name: float(getattr(config, name)) for name in PARAMETERS}})
        return
    print_text(say("threshold.in_force", version=config.id, day=config.valid_from, who=config.decided_by))
    for group in GROUPS:
        title = say(f"threshold.group.{group}")
        print_table((title, ""), _rows(config, group, say))


def _rows(config: RiskConfig, group: str, say: Texts) -> tuple[tuple[str, str], ...]:
    """Each of the group's names with its value, and what it means."""
    return tuple(
        (f"{name} {say.write(getattr(config, name))}", say(f"threshold.parameter.{name}"))
        for name, one in PARAMETERS.items()
        if one.group == group
    )


def _print(found: Preview, say: Texts) -> None:
    for sentence in changed_sentences(found.base, found.changes, say):
        print_text(sentence)
    print_shifts(found, say)


def print_shifts(found: Shifts, say: Texts) -> None:
    for sentence in counted_sentences(found, say):
        print_text(sentence)
    sections = (
        ("threshold.today", today_sentences(found, say) or [say("threshold.none_today", n=found.units)]),
        ("threshold.past", past_sentences(found, say) or [say("threshold.none_past", n=found.month_ends)]),
    )
    for title, lines in sections:
        print_text(f"\n{say(title)}")
        for line in lines:
            print_text(f"  {line}")


def _data(found: Preview) -> dict[str, Any]:
    """The preview as `threshold preview --json` prints it."""
    return {
        "base": found.base.id,
        "changes": {name: float(value) for name, value in found.changes.items()},
        **shifts_data(found),
    }


def shifts_data(found: Shifts) -> dict[str, Any]:
    return {
        "units": found.units,
        "month_ends": found.month_ends,
        "before": asdict(found.before),
        "after": asdict(found.after),
        "today": [_shift(one) for one in found.today],
        "past": [_shift(one) for one in found.past],
    }


def _shift(one: Shift) -> dict[str, str]:
    before, after = shown_band(one.before), shown_band(one.after)
    bands = {"before": before, "after": after, "at_once": shown_band(one.at_once)}
    return {"unit": one.unit.key, "day": one.day.isoformat(), **bands}


def _tell(config: RiskConfig, base: RiskConfig, changes: Changes, say: Texts, *, as_json: bool) -> None:
    if as_json:
        _show(config, say, as_json=True)
        return
    print_text(say("threshold.adopted", version=config.id, day=config.valid_from, who=config.decided_by))
    for sentence in changed_sentences(base, changes, say):
        print_text(sentence)
