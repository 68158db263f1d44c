"""Commands that show what is stored: risk, outbox."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer

from bot.clock import MovableClock
from bot.commands.backtest import show_backtest
from bot.commands.console import (
    opened,
    operator,
    print_error,
    print_json,
    print_table,
    print_text,
    settings_for,
)
from dialogs.alerts.evidence_card import completeness, iso_days
from followup.log.subject import What
from followup.provider import Unit
from followup.risk.bands import reading as reached
from followup.risk.explanation import band_words, explain
from followup.risk.proof import canonical, sha256_of
from followup.times.calendar import municipal_day
from services.read_beside import read_beside
from services.risk.alerting import event_alerts_by
from services.risk.earlier_days import can_be_read, notes
from services.risk.scoring import CODE_VERSION, RiskReading, read_as_of, read_each_as_of
from storage.engine.database import Database, Transaction
from storage.log import access_log
from storage.messages import counting, doubts, ledger, read_receipts
from storage.register import units
from texts.catalogue import Texts


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(help=say("cli.risk"))
    def risk(
        unit: Annotated[str | None, typer.Argument(help=say("cli.risk.unit"))] = None,
        all_units: Annotated[bool, typer.Option("--all", help=say("cli.risk.all"))] = False,
        as_of: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("cli.risk.as_of"))
        ] = None,
        backtest: Annotated[bool, typer.Option("--backtest", help=say("cli.risk.backtest"))] = False,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        with opened(settings, clock, say) as database:
            now = clock()
            if backtest:
                show_backtest(database, now, say, as_json=as_json)
                return
            day = as_of.date() if as_of else municipal_day(now)
            if day > municipal_day(now):
                print_error(say("cli.risk.to_come", day=day, today=municipal_day(now)))
                raise typer.Exit(1)
            if all_units:
                _show_all(database, day, now, say, as_json=as_json)
            else:
                _show_one(database, unit or "", day, now, say, as_json=as_json)

    _add_outbox(cli, say, clock)


def _add_outbox(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    group = typer.Typer(help=say("cli.outbox"), invoke_without_command=True)
    cli.add_typer(group, name="outbox")

    @group.callback()
    def show(
        context: typer.Context,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        if context.invoked_subcommand is None:
            with opened(settings_for(say), clock, say) as database:
                _show_outbox(database, say, as_json=as_json)

    @group.command(help=say("cli.outbox.retry"))
    def retry(
        number: Annotated[int, typer.Argument(help=say("cli.outbox.id"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        with opened(settings_for(say), clock, say) as database:
            _retry(database, number, clock(), say)
            _show_outbox(database, say, as_json=as_json)


def _show_all(database: Database, day: date, now: datetime, say: Texts, *, as_json: bool) -> None:
    if as_json:
        print_json(read_beside(database, lambda tx: _all_data(tx, day, now, say)))
        return
    readings = read_beside(database, lambda tx: _readings(tx, day, now))
    headers = tuple(say(f"cli.risk.{name}") for name in ("key", "name", "band", "index", "ratio", "complete"))
    rows = [
        (
            unit.key,
            unit.name,
            say.say(band_words(reading.judgement)),
            str(reading.score.index),
            say.write(reading.score.r),
            completeness(reading.judgement.completeness, reading.judgement.months, say),
        )
        for unit, reading in readings
    ]
    print_table(headers, rows)


def _readings(tx: Transaction, day: date, now: datetime) -> list[tuple[Unit, RiskReading]]:
    readings = read_each_as_of(tx, units.followed_units(tx), day, now)
    return sorted(readings, key=lambda pair: (-pair[1].score.index, pair[0].name))


def _all_data(tx: Transaction, day: date, now: datetime, say: Texts) -> list[dict[str, Any]]:
    return [as_data(tx, unit, reading, now, say) for unit, reading in _readings(tx, day, now)]


def _one_data(
    tx: Transaction, key: str, day: date, now: datetime, say: Texts
) -> tuple[Unit, dict[str, Any]] | Sequence[str]:
    """The keys that there are, where it is none of them."""
    unit = units.by_key(tx, key)
    if unit is None or not can_be_read(tx, unit, day, now):
        return [one.key for one in units.followed_units(tx)]
    reading = read_as_of(tx, unit, day, now)
    seen = sum(bool(row.ids) for row in reading.score.contributions)
    subject = What.EVIDENCE.of(unit.key)
    access_log.record(tx, "read", subject, now, stranger=operator(), records=seen)
    return unit, as_data(tx, unit, reading, now, say)


def _show_one(database: Database, key: str, day: date, now: datetime, say: Texts, *, as_json: bool) -> None:
    found = read_beside(database, lambda tx: _one_data(tx, key, day, now, say))
    if not isinstance(found, tuple):
        print_error(say("cli.risk.unknown", key=key, known=", ".join(found)))
        raise typer.Exit(1)
    unit, data = found
    if as_json:
        print_json(data)
        return
    names = (
        "O",
        "E",
        "OT",
        "ET",
        "R",
        "P",
        "PT",
        "n",
        "index",
        "rate_band",
        "floor",
        "shown_band",
        "completeness",
        "config",
        "base_levels",
    )
    print_text(f"{unit.name} ({unit.key}), {day}")
    for name in names:
        print_text(f"  {name:13} {data[name]}")
    for alert in data["event_alerts"]:
        print_text(say("cli.risk.alert" if alert["number"] else "cli.risk.alert_of_history", **alert))
    for note in data["notes"]:
        print_text(f"  {note}")
    for sentence in data["explanation"]:
        print_text(f"  {', '.join(sentence['evidence']) or '–':12} {sentence['text']}")


def as_data(tx: Transaction, unit: Unit, reading: RiskReading, now: datetime, say: Texts) -> dict[str, Any]:
    """Everything about one score, as `risk --json` prints it; `explanation`'s `raises` sum to R."""
    scored, judgement = reading.score, reading.judgement
    explanation = explain(scored, reading.inputs, judgement)
    proof = canonical(reading.inputs, CODE_VERSION)
    rows = [
        {"text": say.say(iso_days(row.wording)), "raises": row.raises, "evidence": list(row.evidence)}
        for row in explanation.rows
    ]
    rows.append({"text": say.say(explanation.prior), "raises": explanation.prior_term, "evidence": []})
    rows += [{"text": say.say(one), "raises": 0.0, "evidence": []} for one in explanation.conclusion]
    return {
        "unit": unit.key,
        "as_of": reading.inputs.as_of.isoformat(),
        "segment": reading.inputs.segment,
        "notes": [say.say(iso_days(one)) for one in notes(tx, unit.id, reading.inputs, reading.score, now)],
        "O": scored.o,
        "E": scored.e,
        "OT": scored.ot,
        "ET": scored.et,
        "R": scored.r,
        "P": scored.p,
        "PT": scored.pt,
        "n": scored.n,
        "index": scored.index,
        "reached": reached(scored.level, reading.inputs.config),
        "rate_band": judgement.rate,
        "floor": judgement.floor.band,
        "shown_band": judgement.band,
        "enough": judgement.enough,
        "completeness": None if judgement.completeness is None else float(judgement.completeness),
        "event_alerts": [
            {"number": one.number, "episode": one.episode, "raised": one.raised and one.raised.isoformat()}
            for one in event_alerts_by(tx, unit.id, reading.inputs.as_of)
        ],
        "safety_notices": list(reading.inputs.notices),
        "coverage": None if reading.inputs.coverage is None else str(reading.inputs.coverage),
        "contributions": [
            {
                "evidence": list(row.ids),
                "kind": row.kind,
                "when": str(row.when),
                "points": float(row.weight),
                "zero_because": row.zero_because,
                "kappa": float(row.kappa),
                "raises": row.raises,
            }
            for row in scored.contributions
        ],
        "explanation": rows,
        "config": reading.inputs.config.id,
        "base_levels": reading.inputs.base_levels.id,
        "inputs_sha256": sha256_of(proof),
    }


def _retry(database: Database, delivery_id: int, now: datetime, say: Texts) -> None:
    with database.transaction() as tx:
        one = ledger.get(tx, delivery_id)
        done = one is not None and doubts.try_again(tx, one, now)
    if not done:
        print_error(say("cli.outbox.not_retried", number=delivery_id))
        raise typer.Exit(1)


def _show_outbox(database: Database, say: Texts, *, as_json: bool) -> None:
    with database.reading() as tx:
        counts = counting.count_by_state(tx)
        read = read_receipts.count_read(tx)
        waiting = ledger.listed(tx, ("ready", "sending", "uncertain", "failed"))
    rows = [
        {
            "id": one.id,
            "key": one.key,
            "state": one.state,
            "not_before": one.not_before.isoformat(),
            "attempts": one.attempts,
            "reason": one.reason or "",
        }
        for one in waiting
    ]
    if as_json:
        print_json({"counts": counts, "read": read, "deliveries": rows})
        return
    print_text(", ".join(f"{state}: {count}" for state, count in counts.items()) or say("cli.outbox.empty"))
    if read:
        print_text(say("cli.outbox.read", n=read))
    if rows:
        headers = tuple(say(f"cli.outbox.{name}") for name in rows[0])
        print_table(headers, [tuple(str(value) for value in row.values()) for row in rows])
