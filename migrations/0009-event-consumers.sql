-- Places in the event log that the hub keeps for apps which fetch under a lease (hub/events).
create table event_consumer (
  owner text not null,                 -- the app's id; client/<id> for a client of no app
  name text not null,
  types text[],                        -- only these, as they travel (vn.lienthong.staff.joined.v1); null: all
  xid xid8 not null,                   -- everything up to this place is acknowledged
  position bigint not null,
  lease_id uuid,                       -- the one lease that may be open; one that ended by time stays until the next
  lease_until timestamptz,
  lease_xid xid8,                      -- where the leased page ends
  lease_position bigint,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  moved_at timestamptz not null default clock_timestamp(),
  primary key (owner, name)
);
create unique index event_consumer_lease on event_consumer (lease_id) where lease_id is not null;

-- From when on: facts lie in the order of time but for a few, which is what BRIN is for. Costs writers nearly nothing.
create index event_at on event using brin (at) with (autosummarize = on);
