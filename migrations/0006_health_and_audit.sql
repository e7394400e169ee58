-- One logical unit of work with a partner, and its wire tries. Append-only, no personal data.
create table exchange (
  tenant_id uuid not null,
  exchange_id uuid not null,
  kind text not null,
  connection_id uuid,
  tool_id uuid,
  partner text,
  outcome outcome not null,
  reason text,
  attempts integer not null check (attempts >= 0),
  policy_version integer,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  primary key (tenant_id, exchange_id, ended_at)
) partition by range (ended_at);
create index exchange_ended on exchange using brin (ended_at);
create table exchange_default partition of exchange default;
call protect_tenant_table('exchange');
create policy gatehouse_rollup_reads on exchange for select to gatehouse_rollup using (true);
create policy gatehouse_rollup_writes on exchange for insert to gatehouse_rollup with check (true);
grant select on exchange to gatehouse_app;
grant select, insert on exchange to gatehouse_rollup;

create table exchange_attempt (
  tenant_id uuid not null,
  exchange_id uuid not null,
  attempt integer not null check (attempt > 0),
  outcome outcome not null,
  reason text,
  http_status_class smallint,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  primary key (tenant_id, exchange_id, attempt, ended_at)
) partition by range (ended_at);
create index exchange_attempt_ended on exchange_attempt using brin (ended_at);
create table exchange_attempt_default partition of exchange_attempt default;
call protect_tenant_table('exchange_attempt');
create policy gatehouse_rollup_reads on exchange_attempt for select to gatehouse_rollup using (true);
create policy gatehouse_rollup_writes on exchange_attempt for insert to gatehouse_rollup with check (true);
grant select, insert on exchange_attempt to gatehouse_app;
grant select, insert on exchange_attempt to gatehouse_rollup;

-- A chain per tenant over ids and salted hashes; the values stand in a side table that can be erased.
create table audit_event (
  tenant_id uuid not null,
  sequence bigint not null check (sequence > 0),
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  value_hash bytea not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (tenant_id, sequence)
);
call protect_tenant_table('audit_event');
grant select, insert on audit_event to gatehouse_app;
grant select on audit_event to gatehouse_auditor;

create table audit_value (
  tenant_id uuid not null,
  sequence bigint not null,
  salt bytea not null,
  reason text,
  before jsonb,
  after jsonb,
  primary key (tenant_id, sequence),
  foreign key (tenant_id, sequence) references audit_event
);
call protect_tenant_table('audit_value');
grant select, insert, delete on audit_value to gatehouse_app;
