-- Signing with a USB token: what the agent on the signer's own computer may fetch and bring, once each.

create table signing_agent_call (
  id uuid primary key default gen_random_uuid(),
  step_id uuid not null references signing_step,
  approver uuid not null,              -- for whom the addresses were made
  route text not null,
  user_id text not null,               -- whose certificate must have signed
  fetch_hash bytea not null unique,    -- SHA-256 of the tokens in the addresses, which are told once and kept nowhere
  bring_hash bytea not null unique,
  base_parts integer not null,         -- the parts of the file that go out …
  increment bytea not null,            -- … and what was filled in after them: empty when nothing was
  number text,
  issued_on date,
  expires_at timestamptz not null,
  fetched_at timestamptz,
  used_at timestamptz,
  taken bytea,                         -- SHA-256 of the upload that was taken
  refused text                         -- why the last one was not
);
alter table signing_agent_call alter column increment set storage external;
create index signing_agent_call_step on signing_agent_call (step_id, approver);
create index signing_agent_call_expired on signing_agent_call (expires_at);
