-- The sign-on of people: what apps and clients say of it, accounts' secrets, sessions, and what the OpenID provider keeps.

alter table app add column sign_on jsonb;     -- AppSignOn; null: people do not open it through the sign-on
alter table client add column sign_on jsonb;  -- ClientSignOn; null: a program's client, nobody signs in through it

-- Codes, tokens, grants, sessions under way. Of their ids only SHA-256 is kept: a copy of this table opens nothing.
create table oidc_record (
  model text not null,
  id_hash bytea not null,
  payload jsonb not null,              -- without the id
  sealed_id bytea,                     -- Session, DeviceCode: found otherwise too, and then the id is needed
  grant_id text,
  uid text,                            -- Session
  user_code_hash bytea,                -- DeviceCode
  account_id text,
  expires_at timestamptz,
  consumed_at timestamptz,
  primary key (model, id_hash)
);
create index oidc_record_grant on oidc_record (grant_id) where grant_id is not null;
create unique index oidc_record_uid on oidc_record (uid) where model = 'Session';
create index oidc_record_user_code on oidc_record (user_code_hash) where user_code_hash is not null;
create index oidc_record_account on oidc_record (account_id) where model in ('Session', 'Grant');
create index oidc_record_expiry on oidc_record (expires_at);

-- A person's password. Everything else of an account is the register's.
create table password (
  staff_id uuid primary key,
  hash text not null,                  -- argon2id in PHC form
  changed_at timestamptz not null default clock_timestamp(),
  must_change boolean not null default false
);

-- What a person may do here beyond signing in.
create table staff_role (
  staff_id uuid not null,
  role text not null,                  -- it-centre | internet | clerk
  granted_by text not null,
  granted_at timestamptz not null default clock_timestamp(),
  primary key (staff_id, role)
);

-- Every sign-in of a person, from its start to its end.
create table sign_in_session (
  uid text primary key,                -- the provider's session, through all changes of its id
  staff_id uuid not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  zone text not null,                  -- wan | internet
  address text not null,
  agent text not null,
  amr text[] not null,
  ended_at timestamptz,
  end_reason text                      -- signed-out | revoked | left | suspended | expired | replaced
);
create index sign_in_session_staff on sign_in_session (staff_id, started_at desc);
create index sign_in_session_open on sign_in_session (staff_id) where ended_at is null;

-- Which apps a session has opened: who must be told when it ends.
create table session_app (
  uid text not null references sign_in_session on delete cascade,
  client_id text not null,
  app_id text,
  sid text not null,                   -- the session as this client knows it
  opened_at timestamptz not null default clock_timestamp(),
  primary key (uid, client_id)
);
