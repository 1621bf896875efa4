-- Whole documents by the key service, limits of delegations, and what kind of document is signed.

alter table signing_leave add column signed bytea; -- SHA-256 over what `signatures` are of, where that is not what leave was given for

alter table signing_delegation add column limits jsonb not null default '{}'; -- appIds, documentTypes, levels, perDay

alter table signing_request add column document_type text; -- loại văn bản: Quyết định, Công văn, …

alter table signing_step add column delegation_id uuid references signing_delegation; -- by which somebody else decided
create index signing_step_delegation on signing_step (delegation_id, decided_at) where delegation_id is not null;
