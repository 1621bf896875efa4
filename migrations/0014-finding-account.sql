-- An account that a comparison found beside its person, or without one, as the app tells it: code, username, name.
alter table reconciliation_finding add column account jsonb;
