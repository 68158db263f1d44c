"""The command that looks for what is wrong: check."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.clock import MovableClock
from bot.commands.console import database_trouble, print_error, print_json, print_text, settings_for
from bot.opening import connect, wrong_schema
from bot.settings import Settings
from followup.log.chain import Checkpoint
from followup.wording.wording import Wording, wording
from services.backups.manifest import Manifest
from services.backups.restoring import RefusedBackupError, faults_in_copy, whole_manifest
from services.log.log_verification import faults_in_log, faults_since
from services.verification import faults_in_scores, faults_in_selections, faults_in_what_is_kept
from storage.engine import resealing, schema
from storage.engine.copies import only_read
from storage.engine.database import Database, Transaction
from storage.engine.dumps import ENDING
from storage.engine.vault import Vault
from storage.log import access_log, log_chain, restores
from storage.messages import conversations
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.risk import scores
from texts.catalogue import Texts

# What a fault needs that is not somebody's change of the contents; the rest are restored from a backup.
REMEDIES: Mapping[str, str] = {
    "check.log.key": "key",
    "check.since.key": "key",
    "check.unreadable": "key",
    "check.wrong_key": "right_key",
    "check.since.unsigned": "file",
    "check.log.not_begun": "migrate",
    "check.channel_refused": "channel",
    "check.untold": "hear",
}
REMEDIES_IN_ORDER = ("restore", "right_key", "key", "migrate", "file", "channel", "hear", "teams")
OF_TEAMS = "check.teams."


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(help=say("cli.check"))
    def check(
        since: Annotated[Path | None, typer.Option(help=say("cli.check.since"))] = None,
        copy: Annotated[Path | None, typer.Option(help=say("cli.check.copy"))] = None,
        teams: Annotated[bool, typer.Option("--teams", help=say("cli.check.teams"))] = False,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        kept = _checkpoint_in(since, say) if since else None
        settings = settings_for(say)
        with database_trouble(say), _looked_at(settings, copy, say) as (database, of_copy):
            found, problem = _found(database, kept, of_copy, say, _teams(settings, clock) if teams else None)
        place = {"local": settings.local, "database": settings.place if copy is None else str(copy)}
        found = place | found
        if as_json:
            print_json({"ok": problem is None, "problem": problem, **found, "schema_wanted": schema.newest()})
        else:
            _print(found, problem, say)
        if problem:
            raise typer.Exit(3)


@contextmanager
def _looked_at(
    settings: Settings, copy: Path | None, say: Texts
) -> Iterator[tuple[Database, Manifest | None]]:
    """The database, or a backup of it as it stands; neither is changed, and nobody waits for it."""
    if copy is None:
        with closing(connect(settings)) as database:
            yield database, None
        return
    if copy.suffix == ENDING:
        print_error(say("check.copy.dump"))
        raise typer.Exit(2)
    try:
        manifest = whole_manifest(copy)
    except RefusedBackupError as refused:
        for problem in refused.problems:
            print_error(say.say(problem))
        raise typer.Exit(3) from None
    with only_read(copy, Vault(settings.sealing_keys)) as database:
        yield database, manifest


def _found(
    database: Database,
    kept: Checkpoint | None,
    of_copy: Manifest | None,
    say: Texts,
    teams: Callable[[Address | None], list[Wording]] | None,
) -> tuple[dict[str, Any], str | None]:
    """What there is, and what is to be done about what is wrong with it; `teams` looks for that outside."""
    version = schema.current(database)
    if of_copy is not None and version != schema.newest():
        return _in_older_copy(database, of_copy, say)
    drift = [str(one) for one in schema.drift(database)] if version == schema.newest() else []
    problem = wrong_schema(version) or (say("cli.check.drift", n=len(drift)) if drift else None)
    found: dict[str, Any] = {"schema": version, "drift": drift}
    if problem is None:
        contents, faults = _contents(database, kept, of_copy)
        if teams is not None:
            faults += teams(_channel(database))
        found |= {**contents, "faults": [say.say(one) for one in faults]}
        problem = _what_to_do(faults, say) if faults else None
    return found, problem


def _in_older_copy(database: Database, of_copy: Manifest, say: Texts) -> tuple[dict[str, Any], str | None]:
    """One is put back and not migrated where it lies: so it is held against what it says of itself alone."""
    with database.reading() as tx:
        faults = faults_in_copy(tx, of_copy)
    found = {"schema": of_copy.schema, "drift": [], "faults": [say.say(one) for one in faults]}
    return found, _what_to_do(faults, say) if faults else None


def _channel(database: Database) -> Address | None:
    with database.reading() as tx:
        return conversations.address_of(tx, channel=QUALITY_CHANNEL)


def _teams(settings: Settings, clock: MovableClock) -> Callable[[Address | None], list[Wording]]:
    async def look(channel: Address | None) -> list[Wording]:
        if settings.local:
            return [wording("check.teams.local")]
        import aiohttp

        from bot.app import asking
        from bot.reaching_teams import faults_in_teams

        async with aiohttp.ClientSession() as session:
            ask = asking(settings, clock, session)
            return await faults_in_teams(settings, channel, session, ask, clock)

    return lambda channel: asyncio.run(look(channel))


def _checkpoint_in(path: Path, say: Texts) -> Checkpoint:
    """What an earlier `log checkpoint` wrote, or a month's message said."""
    try:
        found = Checkpoint.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as unreadable:
        print_error(say("cli.check.since.unreadable", path=path, why=unreadable))
        raise typer.Exit(2) from None
    if found is None:
        print_error(say("cli.check.since.wrong", path=path))
        raise typer.Exit(2)
    return found


def _contents(
    database: Database, kept: Checkpoint | None, of_copy: Manifest | None
) -> tuple[dict[str, Any], list[Wording]]:
    """What tampering would change, what the keys open, and whether the team's channel takes what it is sent."""
    with database.reading() as tx:
        faults = faults_in_copy(tx, of_copy) if of_copy else []
        faults += [*_faults_in_log(tx, kept), *faults_in_scores(tx), *faults_in_what_is_kept(tx)]
        faults += faults_in_selections(tx)
        entries, head = access_log.head(tx)
        sealed = resealing.count(tx)
        history = scores.by_earlier_methods(tx)
        # A backup may hold what was told after it was taken.
        untold = [] if of_copy else restores.untold(tx)
        refusal = conversations.refusal_of(tx, QUALITY_CHANNEL)
    old, unreadable = sum(one.old for one in sealed), sum(one.unreadable for one in sealed)
    if refusal is not None:
        faults.append(wording("check.channel_refused", since=refusal.since, why=refusal.why))
    faults += [wording("check.untold", at=one.taken_at) for one in untold]
    # Without the right key nothing is readable, and that is said already.
    if unreadable and not any(one.id == "check.wrong_key" for one in faults):
        faults.append(wording("check.unreadable", n=unreadable))
    # What no key opens cannot be sealed anew: that is no work for a rotation.
    looked_at = {"log_entries": entries, "log_head": head, "rows_under_an_old_key": old - unreadable}
    return {**looked_at, "scores_by_earlier_methods": history}, faults


def _faults_in_log(tx: Transaction, kept: Checkpoint | None) -> Iterator[Wording]:
    """Without the key that signs it nothing can be said of how the log ends: the key is what is wrong."""
    if not log_chain.goes_on(tx):
        yield wording("check.wrong_key", wanted=log_chain.current_key(tx))
        return
    yield from faults_in_log(tx)
    if kept:
        yield from faults_since(tx, kept)


def _what_to_do(faults: Sequence[Wording], say: Texts) -> str:
    """How many, and once what each kind of fault needs: a missing key is nobody's change."""
    needed = dict.fromkeys(_remedy(one) for one in faults)
    told = (say(f"cli.check.remedy.{one}") for one in REMEDIES_IN_ORDER if one in needed)
    return " ".join((say("cli.check.faults", n=len(faults)), *told))


def _remedy(fault: Wording) -> str:
    return "teams" if fault.id.startswith(OF_TEAMS) else REMEDIES.get(fault.id, "restore")


def _print(found: Mapping[str, Any], problem: str | None, say: Texts) -> None:
    for name, value in found.items():
        lines = value if isinstance(value, list) else [value]
        for line in lines:
            print_text(f"{name}: {line}")
    if found.get("scores_by_earlier_methods"):
        print_text(say("check.earlier_method", n=found["scores_by_earlier_methods"]))
    if found.get("rows_under_an_old_key"):
        print_text(say("check.old_key", n=found["rows_under_an_old_key"]))
    if problem:
        print_error(problem)
    elif found["schema"] != schema.newest():
        print_text(say("check.copy.older", version=found["schema"]))
    else:
        print_text(say("cli.check.ok"))
