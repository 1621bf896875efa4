-- Spreadsheets on their way into the register. The file lies here too: any node can take the work over.
create table import (
  id uuid primary key default gen_random_uuid(),
  file_name text not null,
  source text not null,
  actor text not null,
  dry_run boolean not null,
  sheet text,
  state text not null default 'receiving',  -- receiving | waiting | running | done | failed
  header text[],
  columns jsonb,
  unknown_columns text[],
  rows_done int not null default 0,         -- the last sheet row that was reported
  counts jsonb not null default '{}',
  error jsonb,
  attempts int not null default 0,          -- leases taken; a file that breaks us is given up
  lease_token uuid,
  lease_until timestamptz not null default '-infinity',
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);
create index import_waiting on import (created_at) where state in ('waiting', 'running');

create table import_chunk (
  import_id uuid not null references import on delete cascade,
  seq int not null,
  bytes bytea not null,
  primary key (import_id, seq)
);
alter table import_chunk alter column bytes set storage external;

-- What became of every row; the cells only of those that somebody must correct, sealed.
create table import_row (
  import_id uuid not null references import on delete cascade,
  row int not null,
  outcome text not null,
  report jsonb not null,
  cells bytea,
  primary key (import_id, row)
);
create index import_row_outcome on import_row (import_id, outcome, row);

-- Headings of a source that a person explained once: heading -> field.
create table import_mapping (
  source text primary key,
  mapping jsonb not null,
  updated_by text not null,
  updated_at timestamptz not null default now()
);
