-- What SCIM clients read the register by (docs/decisions/0014-scim-provider.md).

-- The order in which people joined the register: pages by number stay right while others change.
alter table staff add column ordinal bigint generated always as identity;
-- When they did; the start of the transaction, so that it is never after the first change.
alter table staff add column created_at timestamptz not null default now();
update staff s set created_at = least(v.at, s.updated_at) from staff_version v
  where v.staff_id = s.id and v.version = 1;
create unique index staff_ordinal on staff (ordinal);
create index staff_updated on staff (updated_at, id);
create index staff_code_folded on staff (lower(code));
create index staff_email_folded on staff (lower(email)) where email is not null;
-- U+FFFF sorts after every letter: people of one name alone have no family name and come last.
create index staff_by_family on staff (
  (case when name like '% %' then split_part(name, ' ', 1) else U&'\FFFF' end) collate "vi-x-icu",
  name collate "vi-x-icu", id);

-- What one client keeps of a person: its own name for them (externalId), and that it has deleted them.
create table scim_mark (
  client text not null,                -- app/<id> or client/<id>
  staff_id uuid not null references staff,
  external_id text,
  deleted_at timestamptz,              -- counts while the person has left
  primary key (client, staff_id)
);
create index scim_mark_external on scim_mark (client, external_id) where external_id is not null;
