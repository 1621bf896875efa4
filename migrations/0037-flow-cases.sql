-- Recorded cases: a flow's tests.
create table flow_case (
  flow text not null,
  name text not null,
  contents jsonb not null,               -- see FlowCase
  changed_by text not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (flow, name)
);
