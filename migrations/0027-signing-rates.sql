-- Issued documents and whether they are signed: what the rates of signing are counted from.

create table signing_rate_document (
  app_id text not null,                -- who reported it, or asked for its signatures
  document_id text not null,           -- of that app
  unit_id uuid,                        -- who issued it, and when; a document counts once both are known
  issued_on date,
  reported_signed boolean not null default false,  -- as the app says
  returned_at timestamptz,             -- signed through the hub: stands whatever the app says
  signed boolean not null generated always as (reported_signed or returned_at is not null) stored,
  primary key (app_id, document_id)
);
create index signing_rate_count on signing_rate_document (unit_id, issued_on) include (signed)
  where unit_id is not null and issued_on is not null;

insert into event_reader (name, xid, position) values ('signing-rates', '0', 0);
