-- Apps of the province, their clients of the token endpoint, the token signing keys, the kept answers of
-- POSTs and the audit trail.

create table app (
  id text primary key,
  name text not null,
  owner text not null,
  connector text,
  enabled boolean not null,
  entitlement jsonb not null,
  mapping jsonb not null,
  guard jsonb not null,
  disable_guard jsonb not null,
  settings bytea not null,             -- JSON, sealed as a whole (AES-256-GCM)
  secret_keys text[],                  -- JSON pointers of secret settings; null: told by their names
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index app_connector on app (connector) where connector is not null;

-- A client keeps its id for ever: a disabled one is never given to somebody else.
create table client (
  client_id text primary key,
  app_id text references app,
  scopes text[] not null,
  created_at timestamptz not null default clock_timestamp(),
  disabled_at timestamptz
);
create index client_app on client (app_id, client_id);

-- Two at most are valid at once, while a client changes over from the old to the new one.
create table client_secret (
  client_id text not null references client,
  hash bytea not null,                 -- SHA-256 of 32 random bytes in base64url
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,              -- null: until it is rotated
  primary key (client_id, hash)
);

-- Keys that sign access tokens. The newest that is not retired signs; retired ones stay published a while.
create table token_key (
  kid text primary key,
  public_jwk jsonb not null,
  private_jwk bytea not null,          -- sealed
  created_at timestamptz not null default clock_timestamp(),
  retired_at timestamptz
);

-- Answers of POSTs with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header), kept 48 hours.
create table idempotency_key (
  client_id text not null,
  key text not null,
  request_hash bytea not null,
  state text not null,                 -- running | done
  lease uuid not null,                 -- whose run it is; a run that was taken over cannot finish
  leased_at timestamptz not null default clock_timestamp(),
  status int,
  answer bytea,                        -- headers and body, sealed: an answer may hold a client's secret
  created_at timestamptz not null default clock_timestamp(),
  primary key (client_id, key)
);
create index idempotency_key_age on idempotency_key (created_at);

-- Who changed what, when, by which request. Append only.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  action text not null,
  object text not null,
  detail jsonb not null,
  request_id text
);
create index audit_object on audit (object, id);
create index audit_actor on audit (actor, id);
create index audit_at on audit (at);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append only', tg_table_name;
end $$;
create trigger audit_is_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change();
