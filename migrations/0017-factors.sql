-- Second factors of people, and what keeps guesses at them few.

create table factor (
  id uuid primary key default gen_random_uuid(),
  staff_id uuid not null,
  kind text not null,                  -- totp | passkey
  name text not null,
  added_at timestamptz not null default clock_timestamp(),
  used_at timestamptz,
  secret bytea,                        -- totp: sealed for this person
  credential_id text unique,           -- passkey: base64url, as WebAuthn gives it
  public_key bytea,                    -- passkey: COSE
  counter bigint,                      -- passkey: signatures so far; 0 for ever where the device does not count
  transports text[]
);
create index factor_staff on factor (staff_id, added_at);

-- The last time step (30 s) whose code a person has used: RFC 6238 §5.2 has each accepted once.
create table totp_step (
  staff_id uuid primary key,
  step bigint not null
);

create table recovery_code (
  staff_id uuid not null,
  code_hash bytea not null,            -- keyed: 50 random bits alone would be found by trying
  used_at timestamptz,
  primary key (staff_id, code_hash)
);

-- Attempts since the last success, each kind by itself. An attempt is counted before it is looked at.
create table factor_failure (
  staff_id uuid not null,
  kind text not null,                  -- totp | passkey | recovery
  attempts integer not null,
  free_at timestamptz not null,        -- none is looked at before
  primary key (staff_id, kind)
);
