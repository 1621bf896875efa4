-- The event log in NATS JetStream: what each stream was given, and who may read there.

-- The place in the log is in event_reader under 'mirror/<stream>'; both move in one statement.
create table mirror_stream (
  stream text primary key,
  app text,                            -- null: the stream that all share
  seen_as text,                        -- digest of the entitlement by which it was filled
  created text,                        -- when the server says that it was made; null: to be built
  last_seq bigint not null default 0,  -- acknowledged; the n-th fact published has sequence n
  last_id uuid,
  marks jsonb not null default '[]',   -- [[seq, ms since 1970]], oldest first: how far it was when
  lease_token uuid,
  lease_until timestamptz
) with (fillfactor = 50);

-- Two users of an app at most, while it changes over from one to the other.
create table nats_user (
  app text not null,
  slot int not null check (slot in (1, 2)),
  hash text not null,                  -- bcrypt: the form that nats-server takes
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,              -- null: until it is rotated
  primary key (app, slot)
);
