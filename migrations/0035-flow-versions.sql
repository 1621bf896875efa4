-- Versions of flows: every deploy is one, and nothing of it is ever changed.
create table flow_version (
  number integer generated always as identity primary key,
  base integer references flow_version,  -- what its author saw
  contents json not null,                -- Node-RED's flow file in normal form; text is kept as it is
  credentials json not null,             -- as Node-RED encrypted them
  author text not null,
  author_name text not null,
  message text not null,
  at timestamptz not null default clock_timestamp()
);

-- Asked for: that production runs a version. Somebody looks at it, then it may be promoted.
create table flow_proposal (
  number integer generated always as identity primary key,
  version integer not null references flow_version,
  base integer references flow_version,  -- what production ran then: the difference that is looked at
  state text not null default 'waiting', -- waiting | approved | refused | promoted
  author text not null,
  author_name text not null,
  message text not null,
  at timestamptz not null default clock_timestamp(),
  reviewer text,
  reviewer_name text,
  comment text,
  reviewed_at timestamptz
);

-- What a stage was made to run, one after the other; never changed.
create table flow_stage_change (
  number integer generated always as identity primary key,
  stage text not null,
  version integer not null references flow_version,
  before integer references flow_version,
  kind text not null,                    -- deploy | promotion | roll-back
  proposal integer references flow_proposal,
  actor text not null,
  actor_name text not null,
  reason text not null,
  at timestamptz not null default clock_timestamp()
);
create index flow_stage_change_stage on flow_stage_change (stage, number desc);

-- What each stage runs.
create view flow_stage as
  select distinct on (stage) * from flow_stage_change order by stage, number desc;
