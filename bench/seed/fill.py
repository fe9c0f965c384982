"""Runs the seed's SQL with its sizes, the way the tables' own constraints and triggers allow."""

import contextlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

import psycopg2
from django.contrib.auth.hashers import Argon2PasswordHasher

HERE = Path(__file__).resolve().parent
PASSWORD = "Lantern-Quay-2026"  # noqa: S105 - of made-up people

# Columns that come after the seed was written get the plainest value while it runs.
PLAIN_VALUES = """
create temporary table plain_values (table_name text, column_name text);
do $do$
declare found record;
begin
  for found in
    select c.table_name, c.column_name,
           case when c.data_type in ('text', 'character varying', 'bytea') then ''''''
                when c.data_type = 'jsonb' then '''{}'''
                when c.data_type = 'boolean' then 'false'
                when c.data_type = 'ARRAY' then '''{}'''
                when c.data_type like 'timestamp%' then 'now()'
                when c.data_type = 'date' then 'current_date'
                else '0' end as plain
      from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_nullable = 'NO'
       and c.column_default is null and c.is_identity = 'NO' and c.is_generated = 'NEVER'
       and c.data_type <> 'uuid' and c.column_name not like '%\\_id' and c.column_name <> 'id'
  loop
    execute format('alter table %I alter column %I set default %s',
                   found.table_name, found.column_name, found.plain);
    insert into plain_values values (found.table_name, found.column_name);
  end loop;
end $do$;
"""
NO_PLAIN_VALUES = """
do $do$
declare found record;
begin
  for found in select * from plain_values loop
    execute format('alter table %I alter column %I drop default',
                   found.table_name, found.column_name);
  end loop;
end $do$;
drop table plain_values;
"""
# The numbers given by hand are behind us: the next row gets the next one.
SEQUENCES = """
do $do$
declare found record;
begin
  for found in
    with ours as materialized (
      select table_name from information_schema.columns
       where table_schema = 'public' and column_name = 'id'
    ), numbered as materialized (
      select table_name, pg_get_serial_sequence(quote_ident(table_name), 'id') as sequence
        from ours
    )
    select * from numbered where sequence is not null
  loop
    execute format('select setval(%L, (select coalesce(max(id), 0) + 1 from %I), false)',
                   found.sequence, found.table_name);
  end loop;
end $do$;
"""


@dataclass(frozen=True)
class Sizes:
    """How much of everything there is; multiples of what an agency has today."""

    people: int = 10_000
    systems: int = 500
    all_systems: int = 10_000
    pending: int = 50_000
    traces: int = 120_000
    mails: int = 20_000

    @property
    def requesters(self) -> range:
        """Ids of the people with ten drafts each to submit."""
        return range(self.people - 199, self.people - 39)

    @property
    def signing_in(self) -> range:
        """Ids of the people who sign in with their password."""
        return range(self.people - 39, self.people)


# Who is measured; portal.sql says what they hold.
HOLDER = 301
APPROVER = 1
DECIDERS = range(2, 8)


def fill(address: str, sizes: Sizes) -> None:
    """Fill the portal's database, which has its tables and nothing else."""
    _run(address, *statements(sizes), "vacuum analyze")


def statements(sizes: Sizes) -> list[str]:
    """Return the statements that fill the portal's tables."""
    systems = _template("systems.sql")
    sql = _template("portal.sql").substitute(
        holder=HOLDER,
        people=sizes.people,
        systems=sizes.systems,
        pending=sizes.pending,
        traces=sizes.traces,
        mails=sizes.mails,
        password=f"'{encoded_password()}'",
        # Nine digits that look drawn at random: 7919 shares no factor with the modulus.
        tracking="(100000000 + id::bigint * 7919 % 899999981)::text",
        first_requester=sizes.requesters[0],
        last_requester=sizes.requesters[-1],
        more_systems=systems.substitute(first_system=1, last_system=sizes.systems),
    )
    return [PLAIN_VALUES, sql, NO_PLAIN_VALUES, SEQUENCES]


def add_systems(address: str, sizes: Sizes) -> None:
    """Bring the catalog to its full size, for the search."""
    sql = _template("systems.sql").substitute(
        first_system=sizes.systems + 1, last_system=sizes.all_systems
    )
    _run(address, PLAIN_VALUES, sql, NO_PLAIN_VALUES, SEQUENCES, "vacuum analyze")


def fill_limit(address: str) -> None:
    """Fill the limit application's database."""
    _run(address, (HERE / "limit.sql").read_text(), "vacuum analyze")


def _template(name: str) -> Template:
    return Template((HERE / name).read_text())


def hasher() -> Argon2PasswordHasher:
    """Return the portal's hasher; argon2id with 19 MiB, two passes and one lane."""
    from accounts.hashers import PortalArgon2PasswordHasher

    return PortalArgon2PasswordHasher()


@cache
def encoded_password() -> str:
    """Return the hash that everybody made up here has."""
    return hasher().encode(PASSWORD, "bench-bench-bench-bench")


def _run(address: str, *commands: str) -> None:
    with contextlib.closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for command in commands:
                cursor.execute(command)
