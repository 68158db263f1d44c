"""One database of PostgreSQL's for test after test: emptied between them, and made anew when one has rebuilt it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from tests.support import kept_rows, lent_connections
from tests.support.cluster import Cluster

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
    """Each test finds in it what stands in the template, to which nobody is connected."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster, self._template = cluster, template
        self._number, self._name, self._ready = 0, "reused_0", False
        self._looking: psycopg.Connection | None = None
        with closing(cluster.connect(template)) as connection:
            kept_rows.prepare(connection)
            self._first = kept_rows.keep(connection)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The URL of a database as it is when it has been migrated."""
        if not self._ready:
            self._make()
        self._ready = False
        yield self.cluster.url(self._name)
        self._ready = self._empty()

    @contextmanager
    def another(self) -> Iterator[str]:
        """As `lent`, of one that is nobody else's meanwhile."""
        self._number += 1
        name = f"another_{self._number}"
        self.cluster.create(name, self._template)
        yield (url := self.cluster.url(name))
        lent_connections.close(url)
        self.cluster.drop(name)

    def close(self) -> None:
        lent_connections.close(self.cluster.url(self._name))
        if self._looking is not None:
            self._looking.close()

    def _make(self) -> None:
        self.close()
        self.cluster.drop(self._name)
        self._number += 1
        self._name = f"reused_{self._number}"
        self.cluster.create(self._name, self._template)
        self._looking = self.cluster.connect(self._name, options="-c lock_timeout=2s")
        self._shape = self._looking.execute(_SHAPE).fetchone()

    def _empty(self) -> bool:
        """False where it has another shape now, or somebody still holds a part of it."""
        assert self._looking is not None
        try:
            if self._looking.execute(_SHAPE).fetchone() != self._shape:
                return False
            kept_rows.fill(self._looking, self._first)
        except psycopg.Error:
            return False
        return True
