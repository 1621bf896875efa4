-- What flows stand on: messages on loan, what they did, what they keep.

-- What leads into flows; follows the version that a stage runs. A place that is kept is gone on from.
create table flow_input (
  stage text not null,
  flow text not null,
  node text not null,
  types text[] not null,
  ordered boolean not null,
  attempts integer not null,
  active boolean not null,               -- false: no running version has it any more; its place is kept
  xid xid8 not null,                     -- up to here the log is in flow_message
  position bigint not null,
  primary key (stage, flow, node)
);

-- Each message until its flow has handled it.
create table flow_message (
  id uuid not null default gen_random_uuid(),
  sequence bigint generated always as identity,
  stage text not null,
  flow text not null,
  node text not null,                    -- where it goes on
  key text,                              -- of one key one after the other; null: in any order
  state text not null,                   -- ready | leased | dead | done
  message jsonb not null,
  due_at timestamptz not null default clock_timestamp(),
  tries integer not null default 0,
  attempts integer not null,             -- the most tries
  runner text,
  lease uuid,
  lease_until timestamptz,
  fault jsonb,
  origin uuid,                           -- the message that it goes on from
  created_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  primary key (id)
);
create index flow_message_ready on flow_message (stage, flow, due_at, sequence) where state = 'ready';
create index flow_message_key on flow_message (stage, flow, key, sequence)
  where state in ('ready', 'leased') and key is not null;
create index flow_message_lease on flow_message (lease_until) where state = 'leased';
create index flow_message_runner on flow_message (runner) where state = 'leased';
create index flow_message_recent on flow_message (stage, flow, sequence desc);
create index flow_message_dead on flow_message (settled_at) where state = 'dead';
create index flow_message_done on flow_message (settled_at) where state = 'done';

-- What a message did to the world: repeated under the same key it is told, not done.
create table flow_effect (
  message_id uuid not null references flow_message on delete cascade,
  key text not null,
  command text not null,
  input jsonb,                           -- what was asked, and what came back
  answer jsonb,                          -- null: somebody is at it, until `until` at the latest
  until timestamptz not null,
  at timestamptz not null default clock_timestamp(),
  primary key (message_id, key)
);

-- The idempotent receiver.
create table flow_once (
  stage text not null,
  flow text not null,
  node text not null,
  key text not null,
  message_id uuid not null,              -- who took it: asked again by the same message it is still the first
  at timestamptz not null default clock_timestamp(),
  primary key (stage, flow, node, key)
);

-- Parts of what belongs together, until they are complete.
create table flow_correlation (
  stage text not null,
  flow text not null,
  node text not null,
  key text not null,
  parts jsonb not null,                  -- name → message
  until timestamptz not null,
  primary key (stage, flow, node, key)
);
create index flow_correlation_until on flow_correlation (until);

create table flow_state (
  stage text not null,
  flow text not null,
  key text not null,
  value jsonb not null,
  version integer not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (stage, flow, key)
);
