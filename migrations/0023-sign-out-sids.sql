-- Of a notice that all sessions of a person are over: the sessions as the client knows them. Some clients look under these alone.
alter table sign_out_notice add column sids text[] not null default '{}';
