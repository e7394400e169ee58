-- What background work needs beside the tables: its queue's schema, and narrow rights for clearing up.

-- The tables in it are made by the job library, as gatehouse_migrator.
create schema pgboss;
grant usage on schema pgboss to gatehouse_app;

-- An outcome that exchange would refuse must not be able to stand in a launch, or its copy could never be made.
alter table launch add constraint launch_outcome_known check (outcome in
  ('success', 'failed_partner', 'failed_hub', 'failed_config', 'user_error', 'suppressed', 'expired_unknown'));

-- An exchange names its partner, so that reports need no look across tenants.
call let_role_read_all('connection', 'gatehouse_rollup');
grant select (tenant_id, connection_id, partner) on connection to gatehouse_rollup;

-- A launch counts as abandoned only when nothing can continue it any more.
call let_role_read_all('lti_hint', 'gatehouse_rollup');
grant select (tenant_id, launch_id, expires_at) on lti_hint to gatehouse_rollup;
call let_role_read_all('lti_waiting_launch', 'gatehouse_rollup');
grant select (tenant_id, launch_id, expires_at) on lti_waiting_launch to gatehouse_rollup;

create index lti_login_expiry on lti_login (expires_at);
create index hub_login_expiry on hub_login (expires_at);
create index lti_hint_expiry on lti_hint (expires_at);
create index lti_waiting_launch_expiry on lti_waiting_launch (expires_at);

-- Deletes rows nobody can use any more, of every tenant. With the owner's rights, so that the caller needs none
-- on secrets: it can choose how many, never which.
create function purge_expired(most integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  target text;
  purged integer;
  total integer := 0;
begin
  foreach target in array array['lti_login', 'hub_login', 'lti_hint', 'lti_waiting_launch'] loop
    execute format(
      'delete from %1$I where ctid = any (array(
         select ctid from %1$I where expires_at < now() limit $1 for update skip locked))', target) using most;
    get diagnostics purged = row_count;
    total := total + purged;
  end loop;
  return total;
end $$;
revoke execute on function purge_expired(integer) from public;
grant execute on function purge_expired(integer) to gatehouse_rollup;

-- Drops monthly partitions whose every row is past the table's keep_days, and deletes as old rows from the default
-- partition. A partition in use is left for the next time rather than making launches queue behind the lock.
create function drop_expired_partitions() returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entry record;
  cutoff timestamptz;
  dropped integer := 0;
begin
  perform set_config('lock_timeout', '2s', true);
  for entry in
    select t.name, t.bound, t.keep_days, c.relname as partition,
      substring(c.relname from '_(\d{4}_\d{2})$') as month
    from partitioned_table t
    join pg_inherits i on i.inhparent = to_regclass(t.name)
    join pg_class c on c.oid = i.inhrelid
  loop
    cutoff := now() - make_interval(days => entry.keep_days);
    begin
      if entry.month is null then
        if entry.bound = 'uuid' then
          execute format('delete from %I where %I < $1', entry.partition, entry.name || '_id') using uuid_floor(cutoff);
        else
          execute format('delete from %I where ended_at < $1', entry.partition) using cutoff;
        end if;
      elsif (to_date(entry.month, 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= cutoff then
        execute format('drop table %I', entry.partition);
        dropped := dropped + 1;
      end if;
    exception when lock_not_available then
      null;
    end;
  end loop;
  return dropped;
end $$;
revoke execute on function drop_expired_partitions() from public;
grant execute on function drop_expired_partitions() to gatehouse_rollup;
