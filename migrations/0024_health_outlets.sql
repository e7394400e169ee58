-- How numbers leave the hub: status pages, the monthly report, and files of everything that ended.

-- Whoever knows the secret of a link sees a status page: of the institution, or of one of its partners alone. Under the nil
-- tenant: of a partner, over all schools.
create table status_link (
  tenant_id uuid not null,
  link_id uuid not null,
  partner text check (length(partner) between 1 and 100),
  -- SHA-256.
  secret_hash bytea not null,
  created_at timestamptz not null,
  primary key (tenant_id, link_id),
  unique (tenant_id, secret_hash)
);
call protect_tenant_table('status_link');
grant select, insert, delete on status_link to gatehouse_app;

-- Targets that are mailed the monthly report, and in which language; null: they are not.
alter table notification_target add column report_language text check (report_language in ('en', 'es'));
call let_role_read_all('notification_target', 'gatehouse_rollup');
grant select (tenant_id, target_id, channel, status, report_language, changed_at) on notification_target to gatehouse_rollup;

-- The report of a month on its way to a target; the row is the job.
create table report_mail (
  tenant_id uuid not null,
  target_id uuid not null,
  -- First day of the month it is about.
  month date not null,
  state text not null check (state in ('waiting', 'sent', 'dead')),
  tries integer not null default 0 check (tries >= 0),
  next_try_at timestamptz not null,
  -- Code of the last failure.
  failure text,
  ended_at timestamptz,
  primary key (tenant_id, target_id, month),
  foreign key (tenant_id, target_id) references notification_target on delete cascade,
  check ((state = 'waiting') = (ended_at is null))
);
create index report_mail_due on report_mail (next_try_at) where state = 'waiting';
call protect_tenant_table('report_mail');
grant select, insert, update (state, tries, next_try_at, failure, ended_at) on report_mail to gatehouse_app;
call let_role_read_all('report_mail', 'gatehouse_rollup');
grant select (tenant_id, target_id, month, state, next_try_at) on report_mail to gatehouse_rollup;

-- By which transaction an exchange was written: what ended long ago may come late, so that times do not tell what is new. Those
-- from before have none.
alter table exchange add column recorded bigint;
alter table exchange alter column recorded set default (pg_current_xact_id()::text::bigint);
create index exchange_recorded on exchange using brin (recorded) with (pages_per_range = 16);

-- How far exchanges have gone out to a sink. What is planned is written under a name of its own before it counts as sent: after
-- a fault the same rows go out under the same name.
create table sink_cursor (
  sink text primary key check (length(sink) between 1 and 100),
  sent bigint not null,
  planned bigint check (planned > sent),
  rows_sent bigint not null default 0,
  last_sent_at timestamptz,
  -- Stable code of the last failure; null once it went well.
  failure text,
  changed_at timestamptz not null
);
grant select, insert, update on sink_cursor to gatehouse_rollup;
