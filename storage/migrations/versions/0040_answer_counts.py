"""how many reports each round asks each owner for, and how many are in, kept by the database in the same transaction"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

# The municipality's own homes are in no figure, but their reports are left like others where they are asked about.
UNFOLLOWED = "('kommunens_familjehem')"
STAGING = "select id from register_import where state = 'staging'"
KEY = "round_id, owner_id, substitute_id, followed, import_id"


def _sunday(month: str) -> str:
    """The last one of the month of thirty-one days, in the year of the deadline, when summer begins or ends."""
    return f"datetime(strftime('%Y', d.deadline) || '-{month}-31', '-6 days', 'weekday 0', '+1 hour')"


# The municipality's day of the round's deadline, which is stored in UTC.
LAST_DAY = {
    "sqlite": (
        f"date(d.deadline, case when datetime(d.deadline) >= {_sunday('03')}"
        f" and datetime(d.deadline) < {_sunday('10')} then '+2 hours' else '+1 hour' end)"
    ),
    "postgresql": "cast(d.deadline at time zone 'Europe/Stockholm' as date)",
}
# Gives the condition that a row of the alias is seen: always, or where no import is putting it in.
Seen = Callable[[str], str]


def _valid(alias: str) -> str:
    return f" and ({alias}.import_id is null or {alias}.import_id not in ({STAGING}))"


def _every(_: str) -> str:
    return ""


def _is_in(seen: Seen) -> str:
    return f"exists (select 1 from report r where r.task_id = t.id{seen('r')})"


def _came_in(seen: Seen) -> str:
    """Whether the rows that were put in are the first of their task's."""
    put_in = f"exists (select 1 from {{changed}} c where c.task_id = t.id{seen('c')})"
    before = f"r.task_id = t.id and r.id not in (select id from {{changed}}){seen('r')}"
    return f"{put_in} and not exists (select 1 from report r where {before})"


def _went(seen: Seen) -> str:
    """Whether the rows that were deleted were the last of their task's."""
    return f"exists (select 1 from {{changed}} c where c.task_id = t.id{seen('c')}) and not {_is_in(seen)}"


@dataclass(frozen=True)
class Share:
    """What tasks add to the counts of their owners, or take from them; `owners` is which ownerships are looked at."""

    sign: str
    where: str
    tasks: str = "report_task"
    asked: str = "1"
    answered: Callable[[Seen], str] = _is_in
    owners: str = ""


@dataclass(frozen=True)
class Trigger:
    """`each` is what PostgreSQL does it for; SQLite does all by the row. `columns` of the changed rows are looked at.

    `held` are the placements that it locks there: who answers for one does not change while its reports are counted.
    """

    name: str
    table: str
    event: str
    shares: Sequence[Share]
    columns: str = ""
    each: str = "row"
    when: str = ""
    held: str = ""
    lock: str = "key share"


_OF_PLACEMENT = "t.placement_id in (select placement_id from {changed})"
_OF_UNIT = "t.placement_id in (select id from placement where unit_id = new.id)"
_OF_TASKS = "select placement_id from report_task where id in (select task_id from {changed})"
_BEFORE = "e.id not in (select id from {changed})"
TRIGGERS = (
    Trigger(
        "answers_asked",
        "report_task",
        "after insert",
        [Share("+", "1 = 1", "{changed}")],
        "id, round_id, placement_id, import_id",
        "statement",
        held="select placement_id from {changed}",
    ),
    Trigger(
        "answers_not_asked",
        "report_task",
        "after delete",
        [Share("-", "1 = 1", "{changed}")],
        "id, round_id, placement_id, import_id",
        "statement",
        held="select placement_id from {changed}",
    ),
    Trigger(
        "answers_answered",
        "report",
        "after insert",
        [Share("+", "t.id in (select task_id from {changed})", asked="0", answered=_came_in)],
        "id, task_id, import_id",
        "statement",
        # A later version changes nothing, but where an import may take back the one before.
        f"new.version = 1 or exists ({STAGING})",
        held=_OF_TASKS,
    ),
    Trigger(
        "answers_not_answered",
        "report",
        "after delete",
        [Share("-", "t.id in (select task_id from {changed})", asked="0", answered=_went)],
        "id, task_id, import_id",
        "statement",
        held=_OF_TASKS,
    ),
    Trigger(
        "answers_owned",
        "ownership",
        "after insert",
        [Share("-", _OF_PLACEMENT, owners=_BEFORE), Share("+", _OF_PLACEMENT)],
        "id, placement_id",
        "statement",
        held="select placement_id from {changed}",
        lock="update",
    ),
    Trigger(
        "answers_not_owned",
        "ownership",
        "before delete",
        [
            Share("-", "t.placement_id = old.placement_id"),
            Share("+", "t.placement_id = old.placement_id", owners="e.id <> old.id"),
        ],
        held="old.placement_id",
        lock="update",
    ),
    *(
        Trigger(
            f"answers_{name}_{when}",
            table,
            f"{when} update of {column}",
            [Share(sign, where)],
            when=f"old.{column} <> new.{column}",
            held=held,
            lock="update",
        )
        for name, table, column, where, held in (
            ("form", "unit", "form", _OF_UNIT, "select id from placement where unit_id = new.id"),
            ("moved", "placement", "unit_id", "t.placement_id = new.id", "new.id"),
            ("deadline", "round", "deadline", "t.round_id = new.id", ""),
        )
        for when, sign in (("before", "-"), ("after", "+"))
    ),
)


def _share(share: Share, dialect: str, into: str, seen: Seen, sign: str) -> str:
    """Of each task seen; `into` is the import whose rows change what is counted, 0 for what everybody sees."""
    looked_at = f" and {share.owners}" if share.owners else ""
    owner = (
        "select max(e.id) from ownership e where e.placement_id = p.id"
        f" and e.since <= {LAST_DAY[dialect]}{seen('e')}{looked_at}"
    )
    staging = " join register_import s on s.state = 'staging'" if into == "s.id" else ""
    return (
        "select t.round_id as round_id, coalesce(o.owner_id, 0) as owner_id,"
        f" coalesce(o.substitute_id, 0) as substitute_id, {into} as import_id,"
        f" case when u.form in {UNFOLLOWED} then 0 else 1 end as followed,"
        f" {sign}{share.asked} as asked,"
        f" {sign}case when {share.answered(seen)} then 1 else 0 end as answered"
        f' from {share.tasks} t{staging} join "round" d on d.id = t.round_id'
        " join placement p on p.id = t.placement_id join unit u on u.id = p.unit_id"
        f" left join ownership o on o.id = ({owner})"
        f" where {share.where}{seen('t')}{seen('p')}{seen('u')}"
    )


def _shares(shares: Sequence[Share], dialect: str) -> Iterator[str]:
    for one in shares:
        other = "-" if one.sign == "+" else "+"
        yield _share(one, dialect, "0", _valid, one.sign)
        # What an import puts in is counted apart: it is there for everybody from the moment that it is valid.
        yield _share(one, dialect, "s.id", _every, one.sign)
        yield _share(one, dialect, "s.id", _valid, other)


def _counting(shares: Sequence[Share], dialect: str) -> str:
    return (
        f"insert into answer_count ({KEY}, asked, answered) select {KEY}, sum(asked), sum(answered)"
        f" from ({' union all '.join(_shares(shares, dialect))}) shares group by {KEY}"
        " having sum(asked) <> 0 or sum(answered) <> 0"
        f" on conflict ({KEY}) do update set asked = answer_count.asked + excluded.asked,"
        " answered = answer_count.answered + excluded.answered"
    )


def upgrade() -> None:
    op.create_table(
        "answer_count",
        *(
            sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)
            for name in (*KEY.split(", "), "asked", "answered")
        ),
        sa.PrimaryKeyConstraint(
            *("owner_id", "substitute_id", "round_id", "followed", "import_id"), name=op.f("pk_answer_count")
        ),
    )
    op.create_index("ix_answer_count_substitute_id", "answer_count", ["substitute_id"])
    by_round = ["round_id", "followed", "import_id", "asked", "answered"]
    op.create_index("ix_answer_count_round", "answer_count", by_round)
    op.create_index("ix_ownership_since", "ownership", ["since"])
    dialect = op.get_bind().dialect.name
    op.execute(_counting([Share("+", "1 = 1")], dialect))
    for one in TRIGGERS:
        (_on_postgresql if dialect == "postgresql" else _on_sqlite)(one)
    if dialect == "postgresql":
        _forget_on_postgresql()
    else:
        op.execute(
            "create trigger answers_forgotten after delete on register_import"
            " begin delete from answer_count where import_id = old.id; end"
        )


def _on_sqlite(one: Trigger) -> None:
    """By the row, which stands for all that was changed."""
    row = "old" if "delete" in one.event else "new"
    changed = ", ".join(f"{row}.{column} as {column}" for column in one.columns.split(", "))
    counting = _counting(one.shares, "sqlite").replace("{changed}", f"(select {changed})")
    when = f" when {one.when}" if one.when else ""
    op.execute(f'create trigger {one.name} {one.event} on "{one.table}"{when} begin {counting}; end')


def _on_postgresql(one: Trigger) -> None:
    """Who answers for a placement and what is in of it change one after the other; the latter beside each other."""
    held = (
        f"perform 1 from placement where id in ({one.held}) order by id for {one.lock};" if one.held else ""
    )
    end = "return null" if one.event.startswith("after") else "return old" if "delete" in one.event else ""
    body = f"{held} {_counting(one.shares, 'postgresql')}; {end or 'return new'};".replace(
        "{changed}", "changed"
    )
    op.execute(f"create function {one.name}() returns trigger language plpgsql as $$ begin {body} end $$")
    if one.each == "statement":
        rows = "old" if "delete" in one.event else "new"
        each = f"referencing {rows} table as changed for each statement"
    else:
        each = f"for each row{f' when ({one.when})' if one.when else ''}"
    op.execute(f'create trigger {one.name} {one.event} on "{one.table}" {each} execute function {one.name}()')


def _forget_on_postgresql() -> None:
    op.execute(
        "create function answers_forgotten() returns trigger language plpgsql as"
        " $$ begin delete from answer_count where import_id = old.id; return null; end $$"
    )
    op.execute(
        "create trigger answers_forgotten after delete on register_import"
        " for each row execute function answers_forgotten()"
    )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table in (
        *((one.name, one.table) for one in TRIGGERS),
        ("answers_forgotten", "register_import"),
    ):
        where = f' on "{table}"' if on_postgresql else ""
        op.execute(f"drop trigger {name}{where}")
        if on_postgresql:
            op.execute(f"drop function {name}()")
    op.drop_index("ix_ownership_since", "ownership")
    op.drop_index("ix_answer_count_round", "answer_count")
    op.drop_index("ix_answer_count_substitute_id", "answer_count")
    op.drop_table("answer_count")
