-- How well integrations go: what exchanges are counted by, and the counts themselves.

-- How much rests on a connection (contracts/health.ts).
create domain service_tier as text check (value in ('critical', 'standard', 'trial'));
alter table connection add column tier service_tier not null default 'standard';
grant select (tier) on connection to gatehouse_rollup;

-- What an exchange was when it ended stays with it: tier and connector change later.
alter table exchange
  add column tier service_tier not null default 'standard',
  add column connector_version text,
  add column failed_attempts integer not null default 0 check (failed_attempts between 0 and attempts),
  add column offered bigint not null default 0,
  add column rejected bigint not null default 0;
-- What did not go well is rare and looked for often.
create index exchange_unsuccessful on exchange (tenant_id, ended_at) where outcome <> 'success';

-- Tries that failed, which a run that succeeds in the end has no other trace of; and counts of its plan, which as a whole
-- names people.
alter table sync_run
  add column failed_tries integer not null default 0,
  add column offered bigint generated always as (coalesce((plan ->> 'offered')::bigint, 0)) stored,
  add column rejected bigint generated always as (coalesce((plan ->> 'rejected')::bigint, 0)) stored;
grant select (connector_version, failed_tries, offered, rejected) on sync_run to gatehouse_rollup;

-- A token that was granted, until it is counted: written with the assertion that is used up for it, and taken out by whoever
-- copies it. Tools are of no tenant.
create table token_grant (
  exchange_id uuid primary key,
  tool_id uuid not null,
  granted_at timestamptz not null
);
alter table token_grant set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
grant insert on token_grant to gatehouse_app;
grant select, delete on token_grant to gatehouse_rollup;

-- Who and what is counted together. Nothing stands for "none", so that keys are plain.
create table exchange_series (
  tenant_id uuid not null,
  -- Counts up for each tenant.
  series_id integer not null,
  connection_id uuid not null,
  partner text not null,
  kind text not null,
  tier service_tier not null,
  connector_version text not null,
  primary key (tenant_id, series_id),
  unique (tenant_id, connection_id, partner, kind, tier, connector_version)
);
call protect_tenant_table('exchange_series');
call let_role_read_all('exchange_series', 'gatehouse_rollup');
create policy gatehouse_rollup_writes on exchange_series for insert to gatehouse_rollup with check (true);
grant select on exchange_series to gatehouse_app;
grant select, insert on exchange_series to gatehouse_rollup;

-- Exchanges of a series that ended in a stretch of time that begins at "at" (UTC).
create table exchange_5m (
  tenant_id uuid not null,
  series_id integer not null,
  at timestamptz not null,
  success integer not null,
  failed_partner integer not null,
  failed_hub integer not null,
  failed_config integer not null,
  user_error integer not null,
  suppressed integer not null,
  expired_unknown integer not null,
  attempts integer not null,
  failed_attempts integer not null,
  first_try integer not null,
  on_time integer not null,
  offered bigint not null,
  rejected bigint not null,
  last_success timestamptz,
  primary key (tenant_id, series_id, at)
) partition by range (at);
create index exchange_5m_at on exchange_5m using brin (at) with (pages_per_range = 16);
create table exchange_1h (like exchange_5m including all) partition by range (at);
create table exchange_1d (like exchange_5m including all) partition by range (at);

-- How long successes took (DDSketch): milliseconds up to 1.0202 ^ bucket, and above the bucket before.
create table exchange_sketch_1h (
  tenant_id uuid not null,
  series_id integer not null,
  at timestamptz not null,
  bucket smallint not null,
  count integer not null,
  primary key (tenant_id, series_id, at, bucket)
) partition by range (at);
create index exchange_sketch_1h_at on exchange_sketch_1h using brin (at) with (pages_per_range = 16);
create table exchange_sketch_1d (like exchange_sketch_1h including all) partition by range (at);

do $$
declare
  target text;
begin
  foreach target in array array['exchange_5m', 'exchange_1h', 'exchange_1d', 'exchange_sketch_1h', 'exchange_sketch_1d'] loop
    execute format('create table %I partition of %I default', target || '_default', target);
    call protect_tenant_table(target);
    call let_role_read_all(target, 'gatehouse_rollup');
    execute format('create policy gatehouse_rollup_writes on %I for insert to gatehouse_rollup with check (true)', target);
    execute format('create policy gatehouse_rollup_removes on %I for delete to gatehouse_rollup using (true)', target);
    execute format('grant select on %I to gatehouse_app', target);
    execute format('grant select, insert, delete on %I to gatehouse_rollup', target);
  end loop;
end $$;

insert into partitioned_table values
  ('exchange_5m', 'at', 'time', 400),
  ('exchange_1h', 'at', 'time', 1100),
  ('exchange_1d', 'at', 'time', 3700),
  ('exchange_sketch_1h', 'at', 'time', 400),
  ('exchange_sketch_1d', 'at', 'time', 3700);

-- Stretches whose counts are not what they should be, since something that ended in them has come. Whoever counts takes the
-- marks first and reads then: what comes meanwhile brings a mark of its own, so that marks are never written twice.
create table exchange_mark (
  -- 5m, 1h or 1d.
  grain text not null,
  at timestamptz not null
);
create index exchange_mark_first on exchange_mark (grain, at);
alter table exchange_mark set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
grant select, insert, delete on exchange_mark to gatehouse_rollup;
