"""One database of PostgreSQL's for test after test: emptied between them, and made anew when one has rebuilt it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.support.cluster import Cluster

# A copy of a database takes a hundred milliseconds of the processor, and this takes some.
_EMPTY = """
create schema testing;
create schema first;
do $$
declare kept record;
begin
  for kept in select relname from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'alembic_version'
  loop execute format('create table first.%1$I as table public.%1$I', kept.relname); end loop;
end $$;
create function testing.empty() returns void language plpgsql as $$
declare kept record;
begin
  -- Neither the order of what refers to what nor what guards the log stands in the way.
  set local session_replication_role = replica;
  for kept in select oid::regclass as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'alembic_version'
  loop execute format('delete from %s', kept.name); end loop;
  for kept in select relname from pg_class where relkind = 'r' and relnamespace = 'first'::regnamespace
  loop execute format('insert into public.%1$I select * from first.%1$I', kept.relname); end loop;
  for kept in select oid::regclass as name from pg_class
    where relkind = 'S' and relnamespace = 'public'::regnamespace
  loop perform setval(kept.name, 1, false); end loop;
end $$
"""
_SHAPE = """
with parts as (
  select relname || ' ' || attname || ' ' || attnotnull as part
    from pg_attribute join pg_class on attrelid = pg_class.oid where relnamespace = 'public'::regnamespace
  union all select tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal
  union all select proname || prosrc from pg_proc where pronamespace = 'public'::regnamespace
  union all select conname || ' ' || contype::text from pg_constraint
  union all select version_num from alembic_version
)
select sum(hashtext(part)::bigint) from parts
"""


class Reused:
    """Each test finds in it what stands in the template."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster, self._template = cluster, template
        self._number, self._ready = 0, False

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of a database as it is when it has been migrated."""
        if not self._ready:
            self._make()
        self._ready = False
        yield self.cluster.url(self._name)
        self._ready = self._empty()

    @property
    def _name(self) -> str:
        return f"reused_{self._number}"

    def _make(self) -> None:
        self.cluster.drop(self._name)
        self._number += 1
        self.cluster.create(self._name, self._template)
        with self._connected() as connection:
            connection.execute(_EMPTY)
            self._shape = connection.execute(_SHAPE).fetchone()

    def _empty(self) -> bool:
        """False where it has another shape now, or somebody still holds a part of it."""
        try:
            with self._connected() as connection:
                if connection.execute(_SHAPE).fetchone() != self._shape:
                    return False
                connection.execute("select testing.empty()")
        except psycopg.Error:
            return False
        return True

    def _connected(self) -> psycopg.Connection:
        return self.cluster.connect(self._name, options="-c lock_timeout=2s")
