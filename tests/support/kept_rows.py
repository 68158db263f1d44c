"""All rows of a PostgreSQL database, kept in a folder of the server's: to put them back takes a few milliseconds.

To tell what happened again takes hundreds, and so does a copy of the database.
"""

from itertools import count
from pathlib import Path
from shutil import rmtree

import psycopg

_FUNCTIONS = """
create schema testing;
create function testing.tables() returns setof name language sql stable as $$
  select relname from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'alembic_version'
$$;
create function testing.counters() returns text language sql as $$
  select string_agg(sequencename || ' ' || coalesce(last_value, 0), ',' order by sequencename)
    from pg_sequences where schemaname = 'public'
$$;
-- Which transaction counted is another number each time that the same is told.
create function testing.told_of(kept name) returns text language sql immutable as $$
  select case kept when 'uncounted_change' then 'topic || number' else 't::text' end
$$;
create function testing.held() returns text language plpgsql as $$
declare kept name; content numeric; sum text := testing.counters();
begin
  for kept in select * from testing.tables() order by 1 loop
    execute format('select sum(hashtextextended(%s, 0)) from public.%I t', testing.told_of(kept), kept) into content;
    if content is not null then sum := sum || ' ' || kept || content; end if;
  end loop;
  return md5(sum);
end $$;
create function testing.keep(folder text) returns text language plpgsql as $$
declare kept name; filled bool;
begin
  for kept in select * from testing.tables() loop
    execute format('select exists (select from public.%I)', kept) into filled;
    if filled then execute format('copy public.%I to %L (format binary)', kept, folder || '/' || kept); end if;
  end loop;
  return testing.counters();
end $$;
create function testing.fill(folder text, counters text) returns void language plpgsql as $$
declare kept name; counter text;
begin
  -- Neither the order of what refers to what nor what guards the log stands in the way.
  set local session_replication_role = replica;
  for kept in select * from testing.tables() loop execute format('delete from public.%I', kept); end loop;
  -- Nobody is to take what another test owed.
  delete from procrastinate.procrastinate_events;
  delete from procrastinate.procrastinate_jobs;
  delete from procrastinate.procrastinate_workers;
  for kept in select * from pg_ls_dir(folder) loop
    execute format('copy public.%I from %L (format binary)', kept, folder || '/' || kept);
  end loop;
  foreach counter in array string_to_array(counters, ',') loop
    perform setval(split_part(counter, ' ', 1)::regclass, greatest(split_part(counter, ' ', 2)::bigint, 1),
      split_part(counter, ' ', 2) <> '0');
  end loop;
end $$
"""
_NUMBERS = count()
# Where the rows are, and how far the numbers had come.
Kept = tuple[str, str]


def prepare(connection: psycopg.Connection) -> None:
    """In the database, and in each copy of it."""
    connection.execute(_FUNCTIONS)


def held(connection: psycopg.Connection) -> str:
    """What tells this database's content from any other's."""
    return _asked(connection, "select testing.held()")


def keep(connection: psycopg.Connection) -> Kept:
    """What stands there now, to be put into any database of the same server's that has the same tables."""
    folder = Path(connection.info.host).parent / "kept" / str(next(_NUMBERS))
    folder.mkdir(parents=True)
    # The server may be another user.
    folder.chmod(0o777)
    return str(folder), _asked(connection, "select testing.keep(%s)", str(folder))


def fill(connection: psycopg.Connection, kept: Kept) -> None:
    connection.execute("select testing.fill(%s, %s)", kept)


def forget(kept: Kept) -> None:
    rmtree(kept[0])


def _asked(connection: psycopg.Connection, query: str, *given: str) -> str:
    row = connection.execute(query, given).fetchone()
    assert row is not None
    return str(row[0])
