-- Requests for signatures, and how far each is.

create table signing_batch (
  id uuid primary key default gen_random_uuid(),
  app_id text not null,
  created_at timestamptz not null default clock_timestamp()
);

create table signing_request (
  id uuid primary key default gen_random_uuid(),
  batch_id uuid references signing_batch,
  app_id text not null,                -- who asked: the app, or the client of no app
  actor text not null,
  document_id text not null,           -- of the app that asked
  asked bytea not null,                -- SHA-256 of file and steps: the same asked again is the same request
  title text not null,
  file_name text not null,
  format text not null,                -- pdf | xml | other
  put_back boolean not null,
  state text not null,
  reason jsonb,
  version integer not null default 0,  -- of the events of this request
  due_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  original bytea not null,             -- SHA-256 of the file as it came
  current bytea not null,              -- SHA-256 of the file as it is
  parts integer not null default 1,
  number text,                         -- số và ký hiệu, ngày ban hành: given by the clerk
  issued_on date,
  lease_until timestamptz,             -- whoever returns the file
  attempts integer not null default 0,
  next_at timestamptz,
  unique (app_id, document_id, asked)
);
create index signing_request_app on signing_request (app_id, created_at desc, id);
create index signing_request_batch on signing_request (batch_id) where batch_id is not null;
create index signing_request_work on signing_request (state, next_at) where state in ('embedded', 'verified');
create index signing_request_due on signing_request (due_at)
  where due_at is not null and state not in ('returned', 'refused', 'cancelled', 'expired', 'failed');

-- The file: what came, and each increment after it. Nothing is ever changed here, so an earlier signature cannot be broken.
create table signing_part (
  request_id uuid not null references signing_request,
  number integer not null,             -- 0: what came
  bytes bytea not null,
  primary key (request_id, number)
);
-- PDFs are compressed already: trying again costs and gains nothing.
alter table signing_part alter column bytes set storage external;

create table signing_step (
  id uuid primary key default gen_random_uuid(),
  request_id uuid not null references signing_request,
  position integer not null,
  staff_id uuid,                       -- a person signs …
  unit_id uuid,                        -- … or an organisation by its clerk
  level text not null,
  appearance jsonb,
  numbers boolean not null default false,
  state text not null,
  reason jsonb,
  decided_by uuid,
  decided_at timestamptz,
  route text,                          -- which signing service
  user_id text,                        -- the holder's account there
  credential jsonb,                    -- as it was at the decision
  transaction_id uuid,                 -- one authorisation, perhaps of many steps
  place integer,                       -- of the hash in its transaction
  session bytea,                       -- what the service gave for it, sealed
  session_until timestamptz,
  increment bytea,                     -- prepared, with room for the signature
  contents_at integer,
  contents_bytes integer,
  base_parts integer,                  -- the parts that it follows
  attributes bytea,                    -- what is signed
  signature bytea,
  time_stamp bytea,
  signed_at timestamptz,
  lease_until timestamptz,
  attempts integer not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  unique (request_id, position),
  check ((staff_id is null) <> (unit_id is null))
);
alter table signing_step alter column increment set storage external;
create index signing_step_waiting_staff on signing_step (staff_id) where state = 'waiting';
create index signing_step_waiting_unit on signing_step (unit_id) where state = 'waiting';
create index signing_step_work on signing_step (state, next_at) where state in ('authorised', 'signed', 'time-stamped');
create index signing_step_transaction on signing_step (transaction_id) where transaction_id is not null;

create table signing_delegation (
  id uuid primary key default gen_random_uuid(),
  staff_id uuid not null,
  to_staff_id uuid not null,
  from_day date not null,
  until_day date not null,
  ended_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  check (until_day >= from_day)
);
create index signing_delegation_to on signing_delegation (to_staff_id) where ended_at is null;
create index signing_delegation_of on signing_delegation (staff_id);

-- Signing services in the order in which they are tried.
create table signing_route (
  id text primary key,
  kind text not null,                  -- embedded | connector
  connector text,
  priority integer not null,
  enabled boolean not null,
  rules jsonb not null default '{}'
);
insert into signing_route (id, kind, priority, enabled) values ('embedded', 'embedded', 100, true);

-- Whose account a person or an organisation has at an outside service.
create table signing_account (
  route_id text not null references signing_route,
  staff_id uuid,
  unit_id uuid,
  user_id text not null,
  check ((staff_id is null) <> (unit_id is null))
);
create unique index signing_account_staff on signing_account (route_id, staff_id) where staff_id is not null;
create unique index signing_account_unit on signing_account (route_id, unit_id) where unit_id is not null;

-- Handwriting of people, seals of organisations: PNG with alpha.
create table signing_image (
  staff_id uuid unique,
  unit_id uuid unique,
  png bytea not null,
  check ((staff_id is null) <> (unit_id is null))
);

-- What the IT centre sets for all signatures: one row.
create table signing_setting (
  id integer primary key default 1 check (id = 1),
  time_stamp_url text,
  roots bytea[] not null default '{}', -- certificates that are trusted, DER
  intermediates bytea[] not null default '{}' -- issuers below them that files and tokens may lack
);
insert into signing_setting default values;
