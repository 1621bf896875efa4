-- Sessions end: what a session still has to tell its apps, and the notices on their way to them.

alter table sign_in_session
  add column units text[] not null default '{}';   -- of the person at the start: which apps may hear of the session
-- Those whose end may have come.
create index sign_in_session_seen on sign_in_session (seen_at) where ended_at is null;
create index sign_in_session_ended on sign_in_session (ended_at) where ended_at is not null;

alter table session_app
  add column detail jsonb not null default '[]',    -- a list: what the app's protocol needs to name the session to it
  add column told_at timestamptz;                   -- its notice was written; null: it has not been told of an end

-- Everything that belongs to a person goes when they leave, not only sessions and grants.
create index oidc_record_person on oidc_record (account_id) where account_id is not null;
drop index oidc_record_account;

-- One app that must be told of an end. Claiming a row moves `due_at` past the longest attempt: that is its lease.
create table sign_out_notice (
  id bigint generated always as identity primary key,
  staff_id uuid not null,
  client_id text not null,
  app_id text,
  uid text,                            -- null: all sessions of the person
  sid text,                            -- the one session as this client knows it; null: all of them
  detail jsonb not null default '[]',  -- as in session_app, of all sessions that are meant
  reason text not null,
  state text not null default 'waiting',  -- waiting | told | not-wanted | given-up
  attempts int not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  last_error text,                     -- a code, never an answer's text
  created_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz
) with (fillfactor = 80);
create index sign_out_notice_due on sign_out_notice (client_id, due_at) where state = 'waiting';
create index sign_out_notice_staff on sign_out_notice (staff_id, id desc);
create index sign_out_notice_settled on sign_out_notice (settled_at) where settled_at is not null;
