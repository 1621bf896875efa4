-- Whether the trail knows already that somebody guessed on while they had to wait: one line for each wait is enough.
alter table factor_failure add column noted boolean not null default false;
