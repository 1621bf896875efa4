-- Older systems that know people's passwords: the OpenID sign-on before this one, and directories.

create table upstream_source (
  id text primary key,
  kind text not null,                  -- openid | ldap
  name text not null,
  settings bytea not null,             -- sealed: OpenIdUpstream or LdapUpstream
  enabled boolean not null,
  key text not null,                   -- code | citizenNumber | username: by it people are linked the first time
  migrate_passwords boolean not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- Who is who, for ever: one account there is one person here, and the other way round.
create table upstream_link (
  source_id text not null references upstream_source,
  issuer text not null,
  subject text not null,               -- what never changes: `sub`, `entryUUID`, `objectGUID`
  staff_id uuid not null,
  linked_by text not null,             -- the key that matched
  linked_at timestamptz not null default clock_timestamp(),
  primary key (issuer, subject),
  unique (source_id, staff_id)
);

-- Accounts there that belong to nobody here, and why; as last seen.
create table upstream_unlinked (
  source_id text not null references upstream_source,
  subject text not null,
  username text not null,              -- as the older system calls the account
  reason text not null,
  key_value text,                      -- null: it has none, or it is a citizen number, which is not told
  staff_id uuid,                       -- whom it would have been
  found_by text not null,              -- sign-in | compare
  seen_at timestamptz not null default clock_timestamp(),
  primary key (source_id, subject)
);
