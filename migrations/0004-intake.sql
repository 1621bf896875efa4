-- Where each HR feed has got to; the lease lets one node pull at a time.
create table hr_feed (
  source text primary key,
  cursor text,
  lease_until timestamptz not null default '-infinity',
  updated_at timestamptz not null default now()
);

-- Doubtful records: they may speak of somebody known, or of somebody new. A person decides.
create table decision (
  id uuid primary key default gen_random_uuid(),
  source text not null,
  origin text not null,
  state text not null default 'open',   -- open | decided
  reason text not null,
  record bytea not null,                -- sealed: it may hold a citizen number
  unit_ids jsonb not null,
  candidates jsonb not null,
  choice text,
  decided_by text,
  created_at timestamptz not null default clock_timestamp(),
  decided_at timestamptz,
  unique (source, origin)
);
create index decision_open on decision (created_at) where state = 'open';
