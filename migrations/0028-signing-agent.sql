-- Signing with a USB token: what the agent on the clerk's or leader's computer may fetch and bring, once each.

create table signing_agent_pass (
  hash bytea primary key,              -- SHA-256 of the token, which is told once and kept nowhere
  kind text not null,                  -- fetch | bring
  step_id uuid not null references signing_step,
  approver uuid not null,              -- for whom it was made
  expires_at timestamptz not null,
  used_at timestamptz
);
create index signing_agent_pass_step on signing_agent_pass (step_id);
create index signing_agent_pass_expired on signing_agent_pass (expires_at);
