-- Keys in the hardware module, and who may sign with them.

create table signing_credential (
  id uuid primary key default gen_random_uuid(),  -- also the key's CKA_ID
  staff_id uuid,
  unit_id uuid,
  algorithm text not null,
  subject jsonb not null,
  public_key jsonb not null,           -- JWK
  request bytea not null,              -- PKCS#10
  certificate bytea,                   -- absent: not issued yet
  chain bytea[] not null default '{}',
  not_after timestamptz,
  pin_hash text not null,              -- argon2id
  pin_once boolean not null default false, -- a code of the IT centre: it chooses a PIN and signs nothing
  wrong_pins integer not null default 0,
  held_at timestamptz,
  held_because text,                   -- wrong-pins, it-centre
  revoked_at timestamptz,
  revoked_reason text,
  created_at timestamptz not null default clock_timestamp(),
  check ((staff_id is null) <> (unit_id is null)),
  check ((held_at is null) = (held_because is null))
);
create index signing_credential_staff on signing_credential (staff_id) where staff_id is not null;
create index signing_credential_expiry on signing_credential (coalesce(not_after, 'infinity'), id);
create index signing_credential_unit on signing_credential (unit_id) where unit_id is not null;

-- Who may sign with an organisation's key.
create table signing_key_holder (
  credential_id uuid not null references signing_credential,
  staff_id uuid not null,
  primary key (credential_id, staff_id)
);
create index signing_key_holder_staff on signing_key_holder (staff_id);

-- Leave to sign exactly these hashes (signature activation data); kept as SHA-256.
create table signing_leave (
  sad_hash bytea primary key,
  credential_id uuid not null references signing_credential,
  approver uuid not null,
  hashes bytea not null,               -- SHA-256 over all hashes in their order
  expires_at timestamptz not null,
  signatures bytea[]                   -- once made: who asks again gets the same
);
create index signing_leave_expiry on signing_leave (expires_at);
