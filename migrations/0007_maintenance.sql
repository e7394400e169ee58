-- What background work needs beside the tables: its queue's schema, monthly partitions and clearing up.

-- The tables in it are made by the job library, as gatehouse_migrator.
create schema pgboss;
grant usage on schema pgboss to gatehouse_app, gatehouse_backup;

-- Monthly partitions are made ahead by a job; a row that finds none lands in the default one.
create table partitioned_table (
  name text primary key,
  -- The column whose values the months part.
  bound_by name not null,
  bound text not null check (bound in ('time', 'uuid')),
  keep_days integer not null check (keep_days > 0)
);
insert into partitioned_table values
  ('launch', 'launch_id', 'uuid', 400),
  ('exchange', 'ended_at', 'time', 180),
  ('exchange_attempt', 'ended_at', 'time', 180);
grant select on partitioned_table to gatehouse_rollup;

-- An instant as a bound of a partitioned table.
create function partition_bound(bound text, at timestamptz) returns text language sql stable strict as $$
  select case bound when 'uuid' then uuid_floor(at)::text else at::text end
$$;

-- Makes the partitions of a month that are missing, and moves into them what came too early and lies in the default
-- partition. Runs with the owner's rights, since only the owner of a table can add a partition to it; it accepts nothing
-- but a month, so the caller can make no other object. It fails rather than making launches queue behind its locks.
create function ensure_partitions(month date) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  entry record;
  first constant timestamptz := date_trunc('month', month::timestamp) at time zone 'UTC';
  past constant timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') at time zone 'UTC';
  partition text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('gatehouse.partitions'));
  perform set_config('lock_timeout', '2s', true);
  for entry in
    select name, bound_by, name || '_default' as rest,
      partition_bound(bound, first) as least, partition_bound(bound, past) as most
    from partitioned_table order by name
  loop
    partition := format('%s_%s', entry.name, to_char(month, 'YYYY_MM'));
    continue when to_regclass(partition) is not null;
    execute format('create table %I (like %I including all)', partition, entry.name);
    -- Attaching locks the default partition anyhow; from here on nothing more comes into it.
    execute format('lock table %I in access exclusive mode', entry.rest);
    execute format(
      'with early as (delete from %1$I where %2$I >= %3$L and %2$I < %4$L returning *)
       insert into %5$I select * from early',
      entry.rest, entry.bound_by, entry.least, entry.most, partition);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)',
      entry.name, partition, entry.least, entry.most);
    made := made + 1;
  end loop;
  return made;
end $$;
revoke execute on function ensure_partitions(date) from public;
grant execute on function ensure_partitions(date) to gatehouse_rollup;

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
    select t.bound_by, t.bound, t.keep_days, c.relname as partition,
      substring(c.relname from '_(\d{4}_\d{2})$') as month
    from partitioned_table t
    join pg_inherits i on i.inhparent = to_regclass(t.name)
    join pg_class c on c.oid = i.inhrelid
    where c.relname ~ '_(default|\d{4}_\d{2})$'
  loop
    cutoff := now() - make_interval(days => entry.keep_days);
    begin
      if entry.month is null then
        execute format('delete from %I where %I < %L',
          entry.partition, entry.bound_by, partition_bound(entry.bound, cutoff));
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
