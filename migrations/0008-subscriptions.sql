-- Webhooks (docs/decisions/0011-webhooks.md): a subscription keeps its place in the log, and rows only for what
-- was not delivered at the first attempt.

create table subscription (
  id uuid primary key default gen_random_uuid(),
  app text not null,
  url text not null,
  description text not null default '',
  types text[],                        -- whole types; null: all that the app may see
  state text not null,                 -- active | paused | disabled
  disabled_reason text,                -- gone | failing
  concurrency int not null,
  rate int,                            -- requests a second; null: as fast as the receiver answers
  contact text,                        -- mail address that is told when it is disabled
  signing_keys bytea not null,         -- JSON, sealed
  -- Everything before this place is delivered, parked as a row, or not for the app.
  xid xid8 not null,
  position bigint not null,
  -- A replay under way: from its end reading jumps to, or has caught up with, the place where it was before.
  replay_to_xid xid8,
  replay_to_position bigint,
  replay_until_xid xid8,
  replay_until_position bigint,
  failures int not null default 0,     -- in a row, without a success
  failing_since timestamptz,
  last_success_at timestamptz,
  last_error_at timestamptz,
  last_error_code text,
  last_error_status int,
  revision bigint not null default 1,  -- grows with every change by hand: who serves it reads it anew
  epoch bigint not null default 1,     -- grows when the place is set by hand: who serves it may no longer move it
  lease_node uuid,
  lease_until timestamptz,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
) with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 200,
  autovacuum_vacuum_cost_delay = 0
);
create index subscription_app on subscription (app, id);

-- What failed, and what waits behind it in its subject.
create table delivery_parked (
  subscription_id uuid not null references subscription on delete cascade,
  xid xid8 not null,
  position bigint not null,
  event_id uuid not null,
  type text not null,
  subject text not null,
  state text not null,                 -- waiting | dead
  attempts int not null,
  due_at timestamptz not null,
  delay_ms bigint not null,            -- how long it was to wait: a clock that was set back makes it no longer
  asked boolean not null default false,-- sent again by hand
  error_code text,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (subscription_id, xid, position)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- What was said to a subscriber and what it answered: one row an attempt. Bodies are in the log.
create table delivery_attempt (
  id uuid not null default gen_random_uuid(),
  subscription_id uuid not null,
  event_id uuid not null,
  type text not null,
  subject text not null,
  status int,
  outcome text not null,               -- delivered | failed
  error_code text,
  duration_ms int not null,
  attempt int not null,
  repeat boolean not null,
  answer text,                         -- its first 1,000 characters
  at timestamptz not null
) partition by range (at);
create index delivery_attempt_subscription on delivery_attempt (subscription_id, at);
create index delivery_attempt_event on delivery_attempt (event_id);

select make_partitions('delivery_attempt', 2);
create table delivery_attempt_elsewhere partition of delivery_attempt default;
