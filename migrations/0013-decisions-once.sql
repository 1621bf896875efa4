-- The same record sent again, under another origin, is the same doubt while that is open. A keyed hash of source and
-- record; doubts that are older than this have none.
alter table decision add column content bytea;
create unique index decision_open_content on decision (source, content) where state = 'open';
