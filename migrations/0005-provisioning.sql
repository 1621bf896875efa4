-- Accounts of people in apps: what each app was last given, the work that is left, comparisons with the apps.

-- What an app was last given. Without an external id the person has no account there that we know of.
create table account (
  app text not null,
  staff_id uuid not null,
  external_id text,
  enabled boolean not null,
  given jsonb not null,
  version int not null default 0,      -- subject_version of the last account.* event
  state text not null default 'linked',-- linked | disputed
  updated_at timestamptz not null default clock_timestamp(),
  primary key (app, staff_id),
  unique (app, external_id)
) with (fillfactor = 85);
create index account_staff on account (staff_id);

-- One row for each person and app, for ever: changes coalesce in it.
create table provisioning_task (
  app text not null,
  staff_id uuid not null,
  state text not null,                 -- ready | leased | done | dead | held
  generation bigint not null default 1,-- grows with every change that must reach the app
  done_generation bigint not null default 0,
  due_at timestamptz not null,
  attempts int not null default 0,
  lease_token uuid,
  lease_until timestamptz,
  fact_at timestamptz,                 -- time of the first event that nobody works on yet
  lease_fact_at timestamptz,           -- the same of the generation under way
  changed_at timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  error_code text,
  error_message text,
  intent text,                         -- upsert | disable: what the last plan wanted
  forced boolean not null default false,   -- call the app even when it was given the same before
  confirmed boolean not null default false,-- a person let it pass the disable guard
  held_at timestamptz,                 -- stopped by the disable guard and not let go since
  disable_at timestamptz,              -- admitted by the disable guard at
  disable_unit uuid,
  primary key (app, staff_id)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_vacuum_threshold = 500,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);
create index provisioning_task_ready on provisioning_task (app, due_at) where state = 'ready';
create index provisioning_task_leased on provisioning_task (lease_until) where state = 'leased';
create index provisioning_task_stopped on provisioning_task (app, staff_id) where state in ('dead', 'held');
create index provisioning_task_staff on provisioning_task (staff_id);
create index provisioning_task_disabled on provisioning_task (app, disable_at) where disable_at is not null;

-- How each app answers, for the first look and to know when it has recovered.
create table app_health (
  app text primary key,
  failing_since timestamptz,           -- null: the last answer was sound
  last_success_at timestamptz,
  last_error_at timestamptz,
  last_error_code text,
  last_error_message text
) with (fillfactor = 50);

create table reconciliation (
  id uuid primary key default gen_random_uuid(),
  app text not null,
  state text not null,                 -- running | done | failed | fixing | fixed
  actor text not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  counts jsonb not null default '{}',
  unit_accounts jsonb not null default '{}',   -- accounts by unit of the person, for the guard
  error text,
  lease_token uuid,
  lease_until timestamptz
);
create index reconciliation_app on reconciliation (app, started_at desc);
create index reconciliation_active on reconciliation (state) where state in ('running', 'fixing');

create table reconciliation_finding (
  id bigint generated always as identity primary key,
  reconciliation_id uuid not null references reconciliation on delete cascade,
  kind text not null,                  -- missing | orphan | different | disputed
  staff_id uuid,
  other_staff_id uuid,                 -- disputed: whose code the account carries
  unit_id uuid,
  external_id text,
  disables boolean not null default false,
  differences jsonb,
  detail text,
  action text not null,                -- create | update | disable | relink | none
  state text not null default 'open',  -- open | chosen | done | ignored
  chosen_at timestamptz
);
create index reconciliation_finding_kind on reconciliation_finding (reconciliation_id, kind, id);

-- The two sides of a running comparison; removed at its end. Unlogged: after a crash it begins again.
create unlogged table reconciliation_seen (
  reconciliation_id uuid not null,
  external_id text not null,
  enabled boolean not null,
  code text,
  username text,
  contents jsonb not null,
  primary key (reconciliation_id, external_id)
);
create index reconciliation_seen_code on reconciliation_seen (reconciliation_id, code);
create unlogged table reconciliation_person (
  reconciliation_id uuid not null,
  staff_id uuid not null,
  code text not null,
  username text not null,
  unit_id uuid,
  wanted boolean not null,             -- should have an enabled account
  desired jsonb not null,
  primary key (reconciliation_id, staff_id)
);
create index reconciliation_person_code on reconciliation_person (reconciliation_id, code);
create index reconciliation_person_username on reconciliation_person (reconciliation_id, username);
