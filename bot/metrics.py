"""What is measured, for Prometheus: turns and sends as they happen, the rest counted when it is asked for."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from storage.alerts import alerts
from storage.engine.database import Database, StorageError, Transaction
from storage.messages import counting
from storage.month import rounds
from storage.overview import response_rates
from storage.times import wakes

OUTBOX_STATES = ("ready", "sending", "sent", "uncertain", "failed", "cancelled")


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = self._counter("turns", "Turns by the HTTP status of their answer", ("kind", "status"))
        self.turns_failed = self._counter(
            "turns_failed", "Turns that broke off, whose person was given a number"
        )
        self.turn_seconds = Histogram(
            "uppfoljaren_turn_seconds", "Seconds from a request to its answer", registry=self.registry
        )
        self.sends = self._counter("sends", "Sends by the connector's status", ("status",))
        self.outbox = self._gauge("outbox", "Messages in the outbox", ("state",))
        self.outbox_age = self._gauge("outbox_age_seconds", "How long the oldest message has been due")
        self.open_alerts = self._gauge("open_alerts", "Alerts that are not closed")
        self.database_answers = self._gauge("database_answers", "1 when the rest could be counted in it")
        self.tasks = self._gauge("round_tasks", "Reports of the open rounds", ("month", "answered"))

    def _counter(self, name: str, about: str, labels: Iterable[str] = ()) -> Counter:
        return Counter(f"uppfoljaren_{name}", about, tuple(labels), registry=self.registry)

    def _gauge(self, name: str, about: str, labels: Iterable[str] = ()) -> Gauge:
        return Gauge(f"uppfoljaren_{name}", about, tuple(labels), registry=self.registry)

    def count_send(self, status: str) -> None:
        self.sends.labels(status).inc()

    def count(self, tx: Transaction, now: datetime) -> None:
        """Sets what is counted from the database."""
        states = counting.count_by_state(tx)
        for state in OUTBOX_STATES:
            self.outbox.labels(state).set(states.get(state, 0))
        self.outbox_age.set(outbox_age(tx, now))
        self.open_alerts.set(alerts.number_open(tx))
        self.tasks.clear()
        for round_ in rounds.asking_rounds(tx, now):
            asked, answered = response_rates.asked_and_in(tx, round_)
            self.tasks.labels(str(round_.month), "yes").set(answered)
            self.tasks.labels(str(round_.month), "no").set(asked - answered)

    def exposed(self) -> bytes:
        return generate_latest(self.registry)


def outbox_age(tx: Transaction, now: datetime) -> float:
    """Seconds that the oldest message has been due; 0 when nothing waits.

    What waits until the clock is known to be right is not stuck, and people's answers are taken meanwhile.
    """
    known = wakes.trusted(tx, now)
    due = counting.oldest_due(tx, known)
    return max(0.0, (known - due).total_seconds()) if due else 0.0


def metrics_app(metrics: Metrics, database: Database, clock: Callable[[], datetime]) -> web.Application:
    """Its own application, for a port that only the monitoring reaches."""
    one_at_a_time = asyncio.Lock()

    async def show(_: web.Request) -> web.Response:
        try:
            async with one_at_a_time:
                await database.read_beside(lambda tx: metrics.count(tx, clock()))
            metrics.database_answers.set(1)
        except StorageError:
            metrics.database_answers.set(0)
        return web.Response(body=metrics.exposed(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/metrics", show)
    return app
