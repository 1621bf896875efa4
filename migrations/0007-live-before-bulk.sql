-- Changes of single people go out before the work of thousands.
alter table provisioning_task add priority smallint not null default 0;  -- 0 live | 1 bulk
drop index provisioning_task_ready;
create index provisioning_task_ready on provisioning_task (app, priority, due_at) where state = 'ready';

-- By which rules everybody in an app was planned last. When an app's rules change, all are planned anew.
create table app_rules (
  app text primary key,
  digest text not null,
  replan_from text                     -- page of the register to go on from, '' the first; null: all are done
);
