-- What brings messages into flows besides the log: what changed in an app, and the clock. A place that is kept is gone on from.
create table flow_source (
  stage text not null,
  flow text not null,
  node text not null,
  setting text not null,                 -- how it was set: when that changes, its next time is counted anew
  cursor text,                           -- of the app's list; null: from the beginning
  next_at timestamptz not null,
  lease_until timestamptz,               -- one node of the hub asks at a time
  failures integer not null default 0,
  fault jsonb,
  primary key (stage, flow, node)
);
