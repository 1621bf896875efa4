-- Signing devices and services in trouble: what is not asked for somebody's signature, and what they agreed to instead.

alter table signing_route add column name text; -- what people call the service
update signing_route set name = 'Dịch vụ ký số của tỉnh' where id = 'embedded';

create table signing_ticket (
  id uuid primary key default gen_random_uuid(),
  staff_id uuid,
  unit_id uuid,
  route_id text not null references signing_route,
  kind text not null,                  -- reported-broken | certificate-expired | certificate-withdrawn | service-unavailable
  known text[],                        -- serial numbers that the holder had there: another one is a replacement; null: not told yet
  note text,
  opened_by text not null,
  opened_at timestamptz not null default clock_timestamp(),
  to_route text references signing_route, -- what the holder agreed to sign with meanwhile
  consented_by text,
  consented_at timestamptz,
  temporary_id uuid,                   -- a key that was made for the meantime
  temporary_ended boolean not null default false,
  look_at timestamptz not null default clock_timestamp(),
  closed_by text,
  closed_at timestamptz,
  closed_why text,                     -- recovered, or the IT centre's reason
  check ((staff_id is null) <> (unit_id is null))
);
create unique index signing_ticket_open on signing_ticket (route_id, coalesce(staff_id, unit_id)) where closed_at is null;
create index signing_ticket_holder on signing_ticket (coalesce(staff_id, unit_id)) where closed_at is null;
create index signing_ticket_look on signing_ticket (look_at) where closed_at is null;
create index signing_ticket_temporary on signing_ticket (closed_at)
  where closed_at is not null and temporary_id is not null and not temporary_ended;
create index signing_ticket_opened on signing_ticket (opened_at desc, id);

alter table signing_credential add column temporary_days integer; -- for the meantime: it ends so many days after its certificate came
