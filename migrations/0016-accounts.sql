-- Accounts: earlier passwords, first passwords by code, and wrong guesses.

alter table password add column used_at timestamptz not null default clock_timestamp();  -- last right use

-- Passwords that a person had, so that they are not taken again.
create table password_history (
  id bigserial primary key,
  staff_id uuid not null,
  hash text not null                   -- argon2id in PHC form
);
create index password_history_staff on password_history (staff_id, id desc);

-- What lets a person choose a password: one for each, a new one takes the place of the last.
create table activation (
  staff_id uuid primary key,
  code_hash bytea not null,            -- keyed: a copy of this table opens nothing
  made_by text not null,
  made_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz
);

-- Guesses by account and network, of both alone, and the networks that an account is known to come from.
create table failure_count (
  key_hash bytea primary key,          -- keyed: names and addresses are not to be read here
  bound text not null,                 -- pair | account | network | known
  account_hash bytea,                  -- what an unlock takes away; null for networks
  count int not null default 0,
  until timestamptz not null,          -- counts from zero again after this
  locked boolean not null default false
);
create index failure_count_account on failure_count (account_hash) where account_hash is not null;
create index failure_count_until on failure_count (until);
