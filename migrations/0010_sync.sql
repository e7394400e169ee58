-- Where a roster comes from, and every run that has brought it.

-- A roster connection's settings. What is secret of them is sealed.
create table roster_source (
  tenant_id uuid not null,
  connection_id uuid not null,
  connector text not null,
  vendor text,
  settings jsonb not null,
  secret_names text[] not null default '{}',
  sealed_secrets bytea,
  -- Repair and report, or reject what the binding forbids.
  profile text not null default 'tolerant' check (profile in ('tolerant', 'strict')),
  -- Asked for apart, since few tools need it.
  demographics boolean not null default false,
  -- sourcedIds of the schools that are shared; null: all.
  schools text[],
  -- Five cron fields in the tenant's zone, and the hours in which nothing runs.
  schedule jsonb,
  -- Dates between which one school year follows another, and what is not done then.
  rollovers jsonb not null default '[]',
  -- What holds a plan, where it differs from the usual; a wider one that was agreed to ends by itself.
  thresholds jsonb not null default '{}',
  -- Creations and changes flow while removals are held.
  holds_removals_only boolean not null default false,
  -- Days that something removed is kept, so that it can come back.
  grace_days integer not null default 30 check (grace_days between 0 and 3650),
  -- Days that a plan waits for somebody before it is discarded.
  plan_days integer not null default 7 check (plan_days between 1 and 90),
  status text not null check (status in ('active', 'paused', 'disabled')),
  last_run_no integer not null default 0,
  -- Counts what has changed the roster: runs applied, in part or in whole, and undone.
  base integer not null default 0,
  next_run_at timestamptz,
  version integer not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('roster_source');
grant select, insert, update on roster_source to gatehouse_app;
-- The clock of schedules looks at all tenants.
call let_role_read_all('roster_source', 'gatehouse_rollup');
grant select (tenant_id, connection_id, status, next_run_at) on roster_source to gatehouse_rollup;
create index roster_source_next on roster_source (next_run_at) where status = 'active' and next_run_at is not null;

-- Where the next delta of an entity begins: as the last seal that was applied has left it.
create table roster_source_state (
  tenant_id uuid not null,
  connection_id uuid not null,
  entity text not null,
  state text not null,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id, entity),
  foreign key (tenant_id, connection_id) references roster_source
);
call protect_tenant_table('roster_source_state');
grant select, insert, update, delete on roster_source_state to gatehouse_app;

create domain sync_run_state as text check (value in ('requested', 'reading', 'staged', 'validated', 'planned', 'held',
  'approved', 'discarded', 'applying', 'applied', 'undone', 'failed', 'cancelled'));

create table sync_run (
  tenant_id uuid not null,
  run_id uuid not null,
  connection_id uuid not null,
  -- Counts up for each connection; rows of the roster name it.
  run_no integer not null,
  mode text not null check (mode in ('full', 'delta')),
  -- Ends with its plan.
  is_dry boolean not null default false,
  state sync_run_state not null,
  -- Stable code and plain words of why it is where it is.
  reason text,
  advice text,
  connector text not null,
  connector_version text not null,
  upload_id uuid,
  requested_by text not null,
  -- Rows so far, by entity, for whoever watches.
  progress jsonb not null default '{}',
  -- Counts by entity and school, and what is odd about them.
  plan jsonb,
  -- What the source's base was when the plan was made: another one makes it stale. Of a run that was undone: what it was then.
  base integer,
  -- How the rows are read, as settled when reading began: what is changed meanwhile holds from the next run on.
  terms jsonb,
  -- Creations and changes have been applied, and the plan is of the removals alone.
  in_part boolean not null default false,
  -- Whether what is approved covers removals.
  removals boolean not null default true,
  -- How many rows were created, changed, removed and restored by it.
  applied jsonb,
  wants_cancel boolean not null default false,
  -- Times it was taken up, and those in a row that have brought nothing.
  tries integer not null default 0,
  failures integer not null default 0,
  -- Times it was sent back to an earlier step, where the roster or what it had read was not what it should be.
  setbacks integer not null default 0,
  -- Who wants it taken back, from then until it is: a copy that dies over it has a successor.
  undo_by text,
  not_before timestamptz,
  -- Who works on it, and how long nobody else may: by the clock of the database, which is one for all copies.
  lease_token uuid,
  lease_until timestamptz,
  outcome outcome,
  requested_at timestamptz not null,
  started_at timestamptz,
  planned_at timestamptz,
  expires_at timestamptz,
  decided_at timestamptz,
  applied_at timestamptz,
  ended_at timestamptz,
  -- As with launches: its terminal row is what health counts.
  copied boolean not null default false,
  -- Its room in staging and its package are given back.
  cleared boolean not null default false,
  primary key (tenant_id, run_id),
  unique (tenant_id, connection_id, run_no),
  foreign key (tenant_id, connection_id) references roster_source,
  check ((ended_at is null) = (outcome is null))
);
create index sync_run_open on sync_run (tenant_id, connection_id) where ended_at is null;
create index sync_run_to_clear on sync_run (tenant_id, run_id) where ended_at is not null and not cleared;
create index sync_run_to_undo on sync_run (tenant_id, run_id) where undo_by is not null;
create index sync_run_to_copy on sync_run (tenant_id, run_id) where ended_at is not null and not copied;
call protect_tenant_table('sync_run');
call let_role_read_all('sync_run', 'gatehouse_rollup');
create policy gatehouse_rollup_writes on sync_run for update to gatehouse_rollup using (true) with check (true);
grant select, insert, update on sync_run to gatehouse_app;
grant select (tenant_id, run_id, connection_id, state, reason, tries, not_before, lease_until, expires_at, undo_by, outcome,
    requested_at, started_at, ended_at, copied, cleared),
  update (copied) on sync_run to gatehouse_rollup;

-- How far an entity of a run has come.
create table sync_run_entity (
  tenant_id uuid not null,
  run_id uuid not null,
  entity text not null,
  -- From where reading can go on.
  checkpoint text,
  -- Rows in staging, as counted when they were written: what is not there any more has to be read again.
  rows bigint not null default 0,
  expected bigint,
  sealed boolean not null default false,
  -- For the next delta, once this run is applied.
  state text,
  primary key (tenant_id, run_id, entity),
  foreign key (tenant_id, run_id) references sync_run
);
call protect_tenant_table('sync_run_entity');
grant select, insert, update, delete on sync_run_entity to gatehouse_app;

-- Files and addresses a run has read; rows name them by number.
create table sync_run_part (
  tenant_id uuid not null,
  run_id uuid not null,
  part integer not null,
  entity text not null,
  name text not null check (length(name) between 1 and 2000),
  primary key (tenant_id, run_id, part),
  foreign key (tenant_id, run_id) references sync_run
);
call protect_tenant_table('sync_run_part');
grant select, insert, delete on sync_run_part to gatehouse_app;

-- What somebody should mend in the source. Holds ids and places, nobody's data.
create table sync_finding (
  tenant_id uuid not null,
  run_id uuid not null,
  finding_no integer not null,
  code text not null,
  severity text not null check (severity in ('error', 'warning', 'repaired')),
  entity text,
  part integer,
  line integer,
  column_name text,
  sourced_id text,
  -- Rows that have it, where one stands for many.
  count bigint not null default 1,
  primary key (tenant_id, run_id, finding_no),
  foreign key (tenant_id, run_id) references sync_run
);
call protect_tenant_table('sync_finding');
grant select, insert, delete on sync_finding to gatehouse_app;

-- Why a plan waits for somebody, one row a reason.
create table sync_hold (
  tenant_id uuid not null,
  run_id uuid not null,
  hold_no integer not null,
  code text not null,
  entity text,
  school text,
  -- How many, of how many, and how many would have passed.
  count bigint not null,
  total bigint not null,
  allowed bigint not null,
  primary key (tenant_id, run_id, hold_no),
  foreign key (tenant_id, run_id) references sync_run
);
call protect_tenant_table('sync_hold');
grant select, insert, delete on sync_hold to gatehouse_app;

-- What a run has changed, removed or brought back, with the row as it was before: undoing puts it back, and consumers of
-- changes read it. What a run has created needs no row: it names the run itself.
create table roster_change (
  tenant_id uuid not null,
  connection_id uuid not null,
  run_no integer not null,
  entity text not null,
  sourced_id text not null,
  action text not null,
  before jsonb,
  primary key (tenant_id, connection_id, run_no, entity, sourced_id)
);
call protect_tenant_table('roster_change');
grant select, insert, delete on roster_change to gatehouse_app;

-- A field the institution has set by hand: the source does not write over it.
create table roster_override (
  tenant_id uuid not null,
  connection_id uuid not null,
  entity text not null,
  sourced_id text not null,
  column_name text not null,
  value text,
  set_by text not null,
  set_at timestamptz not null,
  primary key (tenant_id, connection_id, entity, sourced_id, column_name),
  foreign key (tenant_id, connection_id) references roster_source
);
call protect_tenant_table('roster_override');
grant select, insert, update, delete on roster_override to gatehouse_app;

-- A package an admin has handed over, in pieces, until its run has ended.
create table roster_upload (
  tenant_id uuid not null,
  upload_id uuid not null,
  connection_id uuid not null,
  name text not null check (length(name) between 1 and 255),
  bytes bigint not null,
  created_at timestamptz not null,
  primary key (tenant_id, upload_id),
  foreign key (tenant_id, connection_id) references roster_source
);
call protect_tenant_table('roster_upload');
grant select, insert, update, delete on roster_upload to gatehouse_app;

create table roster_upload_piece (
  tenant_id uuid not null,
  upload_id uuid not null,
  piece integer not null,
  bytes bytea not null,
  primary key (tenant_id, upload_id, piece),
  foreign key (tenant_id, upload_id) references roster_upload on delete cascade
);
call protect_tenant_table('roster_upload_piece');
grant select, insert, delete on roster_upload_piece to gatehouse_app;
