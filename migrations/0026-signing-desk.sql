-- Approving on a phone: how fresh the second factor of a session is, and each decision once.

alter table sign_in_session add column factor_at timestamptz; -- when a second factor was proven last

create table signing_desk_decision (
  id uuid primary key,                 -- in the form: sent twice, decided once
  staff_id uuid not null,
  documents jsonb not null,            -- as they were shown: stepId, title, app, documentId
  state text not null default 'open',  -- open | deciding | decided
  decision text,                       -- approve | refuse
  numbers jsonb not null default '{}', -- what the clerk filled in, by step: a wrong PIN costs no typing
  outcomes jsonb,                      -- of the last attempt, by step
  created_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp()
);
create index signing_desk_decision_staff on signing_desk_decision (staff_id, changed_at);
