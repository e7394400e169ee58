-- Partners that are down, connections that are asked when nobody uses them, what a term needs, and what integrations cost.

-- A host of a partner that is not let alone by one copy only: of no school, since schools share hosts. Without a row it is up.
create table partner_host (
  host text primary key check (length(host) between 1 and 300),
  state text not null check (state in ('open', 'half_open')),
  -- Failures in a row, of which each one since it is open was a trial.
  failures integer not null check (failures > 0),
  -- Stable code of the last failure.
  reason text not null check (length(reason) between 1 and 100),
  opened_at timestamptz not null,
  -- Open: when it may be tried again. Half-open: when whoever tries it counts as gone.
  until timestamptz not null
);
grant select, insert, update, delete on partner_host to gatehouse_app;
grant select on partner_host to gatehouse_rollup;

-- Connections that are not asked without people; all others are.
create table probe_switch (
  tenant_id uuid not null,
  connection_id uuid not null,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('probe_switch');
grant select, insert, delete on probe_switch to gatehouse_app;
call let_role_read_all('probe_switch', 'gatehouse_rollup');
grant select (tenant_id, connection_id) on probe_switch to gatehouse_rollup;

-- What came of asking a connection without people.
create table probe_run (
  tenant_id uuid not null,
  probe_id uuid not null,
  connection_id uuid not null,
  kind text not null check (kind in ('launch', 'login', 'read')),
  outcome outcome not null,
  reason text,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  primary key (tenant_id, probe_id),
  foreign key (tenant_id, connection_id) references connection
);
create index probe_run_of_connection on probe_run (tenant_id, connection_id, ended_at desc);
create index probe_run_ended on probe_run using brin (ended_at);
call protect_tenant_table('probe_run');
grant select, insert on probe_run to gatehouse_app;
call let_role_read_all('probe_run', 'gatehouse_rollup');
grant select on probe_run to gatehouse_rollup;

-- What background work has met and somebody has to look at, until it is over.
create table connection_alarm (
  tenant_id uuid not null,
  connection_id uuid not null,
  code text not null check (code in ('directory_accounts_vanished')),
  -- How many, where it is about several.
  amount integer not null check (amount >= 0),
  since timestamptz not null,
  last_at timestamptz not null,
  primary key (tenant_id, connection_id, code),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('connection_alarm');
grant select, insert, update, delete on connection_alarm to gatehouse_app;
call let_role_read_all('connection_alarm', 'gatehouse_rollup');
grant select on connection_alarm to gatehouse_rollup;

-- When a secret ends that was given to the hub: nobody but a person can know.
create table secret_term (
  tenant_id uuid not null,
  connection_id uuid not null,
  name text not null check (length(name) between 1 and 100),
  not_after timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id, name),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('secret_term');
grant select, insert, update, delete on secret_term to gatehouse_app;
call let_role_read_all('secret_term', 'gatehouse_rollup');
grant select on secret_term to gatehouse_rollup;

-- Evidence that only people have: contacts were asked, a grade came back, a load was tried. The nil connection stands for the
-- whole institution, the nil tenant for the hub.
create table readiness_evidence (
  tenant_id uuid not null,
  connection_id uuid not null,
  subject text not null check (subject in ('contacts', 'grade_return', 'load_test')),
  -- Of a load test: exchanges in its best five minutes.
  amount bigint check (amount > 0),
  noted_at timestamptz not null,
  noted_by text not null check (length(noted_by) between 1 and 200),
  primary key (tenant_id, connection_id, subject)
);
call protect_tenant_table('readiness_evidence');
grant select, insert, update on readiness_evidence to gatehouse_app;

-- Work of people on integrations, from their trackers and lists. Under the nil tenant: of the hub, for every school.
create table work_source (
  tenant_id uuid not null,
  source_id uuid not null,
  shape text not null check (shape in ('github', 'gitlab', 'jira')),
  name text not null check (length(name) between 1 and 200),
  sealed_secret bytea not null,
  created_at timestamptz not null,
  primary key (tenant_id, source_id)
);
call protect_tenant_table('work_source');
grant select, insert, delete on work_source to gatehouse_app;

create table work_item (
  tenant_id uuid not null,
  -- `csv`, `api`, or the id of the tracker that tells of it.
  source text not null check (length(source) between 1 and 100),
  external_id text not null check (length(external_id) between 1 and 200),
  integration text not null check (integration in ('existing', 'new')),
  partner text check (length(partner) between 1 and 100),
  minutes integer not null check (minutes between 0 and 1000000),
  done_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, source, external_id)
);
create index work_item_done on work_item (tenant_id, done_at);
call protect_tenant_table('work_item');
grant select, insert, update, delete on work_item to gatehouse_app;

-- What ends by itself: keys that institutions are told, what metadata promises, the keys the hub signs with.
call let_role_read_all('identity_key', 'gatehouse_rollup');
grant select (tenant_id, connection_id, state, not_after) on identity_key to gatehouse_rollup;
call let_role_read_all('signing_key', 'gatehouse_rollup');
grant select (tenant_id, kid, state, changed_at) on signing_key to gatehouse_rollup;
grant select (valid_until) on identity_metadata to gatehouse_rollup;

-- Toil is counted from what is recorded of it: what was done to what, and when; not by whom.
grant select (at, action, subject) on audit_event to gatehouse_rollup;
create index audit_event_at on audit_event using brin (at);

-- Trees of incidents end with the incident. Deletes up to so many rows of each kind that nobody looks back at.
alter table incident_alert drop constraint incident_alert_tenant_id_incident_id_fkey;
alter table incident_alert add foreign key (tenant_id, incident_id) references incident on delete cascade;
create function purge_health(most integer) returns integer language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  target text;
  condition text;
  purged integer;
  total integer := 0;
begin
  for target, condition in values
    ('notification', 'ended_at < now() - interval ''90 days'''),
    ('incident', 'resolved_at < now() - interval ''3 years'''),
    ('probe_run', 'ended_at < now() - interval ''30 days'''),
    ('work_item', 'done_at < now() - interval ''3 years''')
  loop
    execute format(
      'delete from %1$I where ctid = any (array(
         select ctid from %1$I where %2$s limit $1 for update skip locked))', target, condition) using most;
    get diagnostics purged = row_count;
    total := total + purged;
  end loop;
  return total;
end $$;
revoke execute on function purge_health(integer) from public;
grant execute on function purge_health(integer) to gatehouse_rollup;
