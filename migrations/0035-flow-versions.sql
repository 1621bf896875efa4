-- Versions of flows: every deploy is one, and nothing of it is ever changed.
create table flow_version (
  number integer generated always as identity primary key,
  base integer references flow_version,
  contents jsonb not null,               -- Node-RED's flow file in normal form
  credentials jsonb not null,            -- as Node-RED encrypted them
  author text not null,
  author_name text not null,
  message text not null,
  at timestamptz not null default clock_timestamp()
);

-- What each stage runs.
create table flow_stage (
  stage text primary key,
  version integer not null references flow_version,
  changed_by text not null,
  changed_at timestamptz not null default clock_timestamp()
);
