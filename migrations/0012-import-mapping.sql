-- What somebody said of the headings of this one file; it goes before what was saved for the source.
alter table import add column mapping jsonb;
