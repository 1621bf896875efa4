-- The event log: facts, written in the transaction that made them true.
-- Readers order by (xid, position) below pg_snapshot_xmin, see docs/decisions/0003-event-log.md.
create table event (
  position bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  id uuid not null default gen_random_uuid(),
  type text not null,
  subject text not null,
  subject_version int not null,
  source text not null,
  actor text not null,
  data jsonb not null,
  at timestamptz not null default clock_timestamp()
) partition by range (at);

create index event_order on event (xid, position);
create index event_subject on event (subject, subject_version);
create index event_id on event (id);

-- Where each durable reader of the log has got to.
create table event_reader (
  name text primary key,
  xid xid8 not null,
  position bigint not null,
  updated_at timestamptz not null default now()
);

-- What the hub said to an app and what the app answered: one row a call, for tracing.
create table exchange (
  id uuid not null default gen_random_uuid(),
  app text not null,
  port text not null,
  method text not null,
  staff_id uuid,
  task_generation bigint,
  outcome text not null,
  error_code text,
  detail text,
  external_id text,
  duration_ms int not null,
  fact_at timestamptz,
  at timestamptz not null default clock_timestamp()
) partition by range (at);

create index exchange_staff on exchange (staff_id, at);
create index exchange_app on exchange (app, at);
create index exchange_id on exchange (id);

-- Makes the monthly partitions of a time-partitioned table from last month to `ahead` months from now.
create function make_partitions(parent regclass, ahead int) returns void language plpgsql as $$
declare
  month date;
  part text;
begin
  for i in -1..ahead loop
    month := (date_trunc('month', now()) + make_interval(months => i))::date;
    part := parent::text || '_' || to_char(month, 'YYYYMM');
    if to_regclass(part) is null then
      execute format('create table %I partition of %s for values from (%L) to (%L)',
        part, parent, month, (month + interval '1 month')::date);
    end if;
  end loop;
end $$;

select make_partitions('event', 2);
select make_partitions('exchange', 2);
-- Rows with a time outside (a clock that jumped) are kept rather than refused.
create table event_elsewhere partition of event default;
create table exchange_elsewhere partition of exchange default;
