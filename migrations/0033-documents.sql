-- Documents between organisations: what was sent and received, by whom, and what became of it at each receiver.

create table document (
  id uuid primary key,                  -- made of sender and document id: the same document is the same row
  document_id text not null,            -- the sender's own
  from_organ text not null,             -- the sender's code as it was written
  from_unit uuid,                       -- a unit of the register; null: an organisation outside
  origin text not null check (origin in ('app', 'axis', 'hub')),
  origin_app text,                      -- the app that issued it, the axis that it came through; null: a client of the API
  version_id uuid not null,             -- what holds now
  events integer not null default 0,    -- facts told of it
  created_at timestamptz not null default clock_timestamp()
);
create index document_by_time on document (created_at desc, id);

-- Every form that a document had: new, updated, taken back. Nothing is written over.
create table document_version (
  id uuid primary key,
  document uuid not null references document deferrable initially deferred,
  kind text not null,
  digest bytea not null,                -- the same again is known by it
  header jsonb not null,                -- without the files
  package bytea,                        -- as it came from the axis; null: it came otherwise
  at timestamptz not null default clock_timestamp(),
  unique (document, digest)
);
create table document_file (
  version uuid not null references document_version,
  position integer not null,
  name text not null,
  description text,
  content_id text,
  sha256 bytea not null,
  bytes bytea not null,
  primary key (version, position)
);

create table document_receiver (
  document uuid not null references document,
  key text not null,                    -- one organisation, whichever of its codes was written
  organ jsonb not null,
  unit_id uuid,                         -- null: outside, by the axis
  state text not null default 'waiting',
  state_before text,                    -- where a declined recall goes back to
  app text,                             -- that has it
  changed_at timestamptz not null default clock_timestamp(),
  primary key (document, key)
);
create index document_of_app on document_receiver (app, document);

-- What was said of a document, in the order in which it was heard; late and unknown ones too.
create table document_status (
  id uuid primary key,
  nr bigint generated always as identity,
  document uuid not null references document,
  receiver text not null,
  code text not null,
  status jsonb not null,
  moved boolean not null,               -- the receiver's state changed by it
  heard_at timestamptz not null default clock_timestamp(),
  foreign key (document, receiver) references document_receiver
);
create index document_status_of on document_status (document, nr);

-- What is to be handed over: documents to receivers, statuses to the other side. In order for each receiver of a document.
create table document_outbox (
  nr bigint generated always as identity primary key,
  document uuid not null references document,
  receiver text not null,
  version uuid references document_version, -- a document in this form
  status uuid references document_status,   -- or a status
  to_sender boolean not null default false,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'cancelled')),
  attempts integer not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz not null default '-infinity',
  reason jsonb,
  check ((version is null) <> (status is null))
);
create index document_outbox_due on document_outbox (next_at) where state = 'waiting';
create index document_outbox_of on document_outbox (document, receiver, nr);

-- How far each list of an app was read; one node reads at a time.
create table document_feed (
  source text primary key,
  cursor text,
  lease_until timestamptz not null default '-infinity'
);

-- Entries of the axis that are kept here: listed again, they are only acknowledged again.
create table document_axis_entry (
  axis text not null,
  doc_id text not null,
  outcome text not null check (outcome in ('done', 'fail')),
  at timestamptz not null default clock_timestamp(),
  primary key (axis, doc_id)
);

-- What came and could not be taken, byte for byte, until a person decides.
create table document_quarantine (
  id uuid primary key,
  source text not null,                 -- the app or axis that it came from
  entry text not null,                  -- its id there
  kind text not null check (kind in ('document', 'status')),
  bytes bytea not null,
  sha256 bytea not null,
  code text not null,
  place text not null,
  state text not null default 'waiting' check (state in ('waiting', 'released', 'rejected')),
  note text,
  came_at timestamptz not null default clock_timestamp(),
  decided_at timestamptz,
  decided_by text,
  unique (source, entry, sha256)
);
create index document_quarantine_order on document_quarantine (came_at desc, id);
