"""a round's last day on SQLite, which took the last microsecond of a day for the next day"""

import re

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

# As 0040 wrote it, and to whole seconds, which SQLite does not round up.
_ROUNDED, _CUT = "d.deadline", "substr(d.deadline, 1, 19)"
_NEW_TASK = ", ".join(f"new.{name} as {name}" for name in ("id", "round_id", "placement_id", "import_id"))


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(_ROUNDED, _CUT)
        _count_anew()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(_CUT, _ROUNDED)
        _count_anew()


def _rewrite(before: str, after: str) -> None:
    """Where a function of time is given it: `old.deadline` ends in the same letters."""
    for name, sql in _triggers():
        op.execute(f"drop trigger {name}")
        functions = "|".join(map(re.escape, ("date(", "datetime(", "strftime('%Y', ")))
        cut = re.sub(rf"({functions}){re.escape(before)}", lambda found: f"{found[1]}{after}", sql)
        op.get_bind().exec_driver_sql(cut)


def _triggers() -> list[tuple[str, str]]:
    kept = "select name, sql from sqlite_master where type = 'trigger' and name like 'answers_%'"
    return [(name, sql) for name, sql in op.get_bind().exec_driver_sql(kept).all() if "d.deadline" in sql]


def _count_anew() -> None:
    """As a task is counted when it is asked for, but of all tasks at once."""
    counting = dict(_triggers())["answers_asked"].partition(" begin ")[2].removesuffix("; end")
    op.execute("delete from answer_count")
    op.get_bind().exec_driver_sql(counting.replace(f"(select {_NEW_TASK})", "report_task"))
