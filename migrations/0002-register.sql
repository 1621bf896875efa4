create extension if not exists pg_trgm;

-- A unit lives for ever; what it is called and where it hangs is dated.
create table unit (
  id uuid primary key,
  version int not null default 0,
  created_at timestamptz not null default now()
);

create table unit_period (
  unit_id uuid not null references unit,
  valid_from date not null,
  valid_to date,                       -- exclusive; null: in force
  code text not null,
  name text not null,
  folded text not null,
  level text not null,                 -- province | agency | district | commune | department | facility
  parent_id uuid references unit,
  code_2016 text,                      -- 000.00.00.H57 (QCVN 102:2016)
  code_2020 text,                      -- H57.xx.yy (Decision 20/2020/QĐ-TTg)
  codes_synthetic boolean not null default false,
  primary key (unit_id, valid_from)
);
create index unit_period_code on unit_period (code);
create index unit_period_folded on unit_period (folded);
create index unit_period_parent on unit_period (parent_id);

-- Merges, splits and renames: who takes over from whom, since when.
create table unit_successor (
  unit_id uuid not null references unit,
  successor_id uuid not null references unit,
  at date not null,
  primary key (unit_id, successor_id)
);

-- The person as known now. Earlier versions are in staff_version.
create table staff (
  id uuid primary key,
  version int not null,
  status text not null,                -- active | suspended | left
  status_from date,
  code text not null,
  citizen_hash bytea,                  -- keyed hash, for matching
  citizen_cipher bytea,                -- AES-256-GCM
  name text not null,
  folded text not null,
  given_name text not null,
  username text not null,
  birth_date date,
  birth_year int,
  gender text,
  email text,                          -- owner: mail
  phone text,
  unit_id uuid references unit,        -- of the main position
  title text,
  rank text,
  grade int,
  coefficient int,                     -- hundredths
  coefficient_from date,
  updated_at timestamptz not null default clock_timestamp()
);
create unique index staff_code on staff (code);
create unique index staff_citizen on staff (citizen_hash);
create unique index staff_username on staff (username);
create index staff_folded_birth on staff (folded, birth_date);
create index staff_search on staff using gin (folded gin_trgm_ops) with (fastupdate = on);
create index staff_unit on staff (unit_id);
create index staff_by_name on staff (given_name collate "vi-x-icu", name collate "vi-x-icu", id);

-- Every version ever, with who, when and from where; what it looked like after the change.
create table staff_version (
  staff_id uuid not null references staff,
  version int not null,                -- equals the subject_version of the change's last event
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  source text not null,
  origin text,                         -- the message or row that caused it: applied once
  changed text[] not null,
  snapshot jsonb not null,
  primary key (staff_id, version)
);
create index staff_version_origin on staff_version (origin) where origin is not null;

-- User names given out, never given again.
create table username (
  username text primary key,
  base text not null,
  number int not null,
  staff_id uuid not null
);
create unique index username_base on username (base, number);

create table position (
  staff_id uuid not null references staff,
  unit_id uuid not null references unit,
  title text not null,
  main boolean not null,
  valid_from date,
  valid_to date,
  ended_at timestamptz,                -- null: in force
  recorded_at timestamptz not null default clock_timestamp()
);
create index position_staff on position (staff_id);
create index position_unit on position (unit_id) where ended_at is null;

create table salary_step (
  staff_id uuid not null references staff,
  rank text not null,
  grade int not null,
  coefficient int not null,
  valid_from date not null,
  source text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (staff_id, valid_from, rank, grade, coefficient)
);

create table award (
  staff_id uuid not null references staff,
  kind text not null,                  -- award | discipline
  title text not null,
  on_date date,
  on_year int,
  number text,
  source text not null,
  recorded_at timestamptz not null default clock_timestamp()
);
create unique index award_once on award (staff_id, kind, title, coalesce(on_date, 'epoch'), coalesce(on_year, 0));
