-- CAS 3.0: tickets under way, and the sessions that apps have opened with one.

-- Of a ticket only SHA-256 is kept: a copy of this table opens nothing.
create table cas_ticket (
  id_hash bytea primary key,
  kind text not null,                  -- ST | PT, used once | PGT, as long as the session
  app_id text not null,                -- the app that may validate it; of a PGT the one that holds it
  service text not null,               -- exactly as the app sent it; of a PGT its callback
  uid text not null,                   -- the provider's session
  staff_id uuid not null,
  amr text[] not null,
  zone text not null,                  -- wan | internet: where the person was
  auth_time timestamptz not null,
  fresh boolean not null,              -- the person proved who they are for this ticket
  proxies text[] not null,             -- callbacks of the apps that it came through, the last first
  expires_at timestamptz not null
);
create index cas_ticket_expiry on cas_ticket (expires_at);

-- What single logout must tell: apps know their session by the ticket that opened it.
create table cas_session (
  ticket_hash bytea primary key,
  uid text not null,
  app_id text not null,
  service text not null,
  sealed_ticket bytea not null,
  opened_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index cas_session_uid on cas_session (uid, app_id);
create index cas_session_expiry on cas_session (expires_at);
