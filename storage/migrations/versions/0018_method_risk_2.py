"""the method risk-2: what a report tells as evidence, decisions about its rows, safety notices, scores by method"""

import json
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_KINDS_BEFORE = "kind in ('event', 'band', 'silence')"
_KINDS = "kind in ('event', 'band', 'safety', 'silence')"
_PIECE = 1000
_AREAS = ("health", "development", "behaviour", "schooling", "relations")


def upgrade() -> None:
    op.add_column("score", sa.Column("method", sa.String(20), server_default="risk-1", nullable=False))
    op.add_column(
        "base_levels", sa.Column("per_report", sa.String(20), server_default="0.05", nullable=False)
    )
    op.create_index("ix_signal_version_event_on", "signal_version", ["event_on"])
    _add_report_item()
    _alerts(_KINDS_BEFORE, _KINDS)
    op.execute(
        "alter table alert add column task_id integer"
        " constraint fk_alert_task_id_report_task references report_task (id)"
    )
    _tell_of_reports()
    _score_all_anew()


def _add_report_item() -> None:
    op.create_table(
        "report_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("consequence", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(100), nullable=True),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.Column("reason", columns.Sealed(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("consequence between 1 and 4", name=op.f("ck_report_item_consequence")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_item_unit_id_unit")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_report_item_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_item")),
        sa.UniqueConstraint("item", "version", name=op.f("uq_report_item_item_version")),
    )
    op.create_index(op.f("ix_report_item_unit_id"), "report_item", ["unit_id"])


def _alerts(before: str, after: str) -> None:
    with op.batch_alter_table("alert", schema=None, copy_from=_alert_table(before)) as batch_op:
        batch_op.drop_constraint(op.f("ck_alert_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_alert_kind"), after)


def _alert_table(kinds: str) -> sa.Table:
    """As it is before the step: SQLite makes the table anew, and cannot tell what checks it has."""
    return sa.Table(
        "alert",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("episode", sa.String(length=60), nullable=False),
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("signal_id", sa.Integer(), nullable=True),
        sa.Column("band_before", sa.String(length=10), nullable=False),
        sa.Column("band_after", sa.String(length=10), nullable=False),
        sa.Column("raised_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("close_reason", columns.Sealed(), nullable=True),
        sa.CheckConstraint(kinds, name=op.f("ck_alert_kind")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_alert_closed_by_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_alert_owner_id_person")),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_alert_score_id_score")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_alert_signal_id_signal")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_alert_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("unit_id", "episode", name=op.f("uq_alert_unit_id_episode")),
    )


def _tell_of_reports() -> None:
    """What each stored report tells as evidence, worked out of its answers, a piece at a time."""
    op.add_column("report", sa.Column("tells", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("report", sa.Column("provider_report_in", columns.MonthText(), nullable=True))
    report, connection = (
        sa.table("report", *map(sa.column, ("id", "answers", "tells", "provider_report_in"))),
        op.get_bind(),
    )
    last = 0
    while True:
        query = sa.select(report.c.id, sa.cast(report.c.answers, sa.Text)).where(report.c.id > last)
        rows = connection.execute(query.order_by(report.c.id).limit(_PIECE)).all()
        if not rows:
            break
        told = [(id_, json.loads(answers)) for id_, answers in rows]
        changed = [
            {"row": id_, "tells_now": _tells(answers), "came_in": _month(answers)} for id_, answers in told
        ]
        connection.execute(
            sa.update(report)
            .where(report.c.id == sa.bindparam("row"))
            .values(
                tells=sa.bindparam("tells_now", type_=sa.Boolean()),
                provider_report_in=sa.bindparam("came_in"),
            ),
            changed,
        )
        last = rows[-1][0]
    op.drop_column("report", "provider_report_missing")


def _tells(answers: Mapping[str, str]) -> bool:
    return (
        answers.get("feels_safe") == "no"
        or any(answers.get(area) == "concern" for area in _AREAS)
        or answers.get("provider_report") == "not_arrived"
        or answers.get("provider_report_quality") == "poor"
    )


def _month(answers: Mapping[str, str]) -> str | None:
    return answers.get("provider_report_on", "")[:7] or None


def _score_all_anew() -> None:
    """Every followed unit is left to be read again from its beginning, a piece at a time, as after a file."""
    connection = op.get_bind()
    scored_at = connection.execute(sa.text("select max(scored_at) from score")).scalar()
    if scored_at is None:
        return
    number = connection.execute(sa.text("select coalesce(max(id), 0) + 1 from register_import")).scalar_one()
    connection.execute(
        sa.text(
            "insert into register_import (id, state, started_at, marks, valid_at)"
            " values (:number, 'valid', :moment, :marks, :moment)"
        ),
        {"number": number, "moment": scored_at, "marks": "{}"},
    )
    units = sa.text("select id from unit where form <> 'kommunens_familjehem'")
    connection.execute(
        sa.text("insert into import_unit (import_id, unit_id) values (:number, :unit)"),
        [{"number": number, "unit": unit_id} for unit_id in connection.execute(units).scalars().all()],
    )


def downgrade() -> None:
    op.add_column(
        "report",
        sa.Column("provider_report_missing", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.drop_column("report", "provider_report_in")
    op.drop_column("report", "tells")
    op.execute("delete from alert where kind = 'safety'")
    # The copy has no column for the report that a notice was about, so that it goes with the check.
    _alerts(_KINDS, _KINDS_BEFORE)
    op.drop_table("report_item")
    op.drop_index("ix_signal_version_event_on", "signal_version")
    op.drop_column("base_levels", "per_report")
    op.drop_column("score", "method")
