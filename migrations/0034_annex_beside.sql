-- An annex may be written beside the run's own transaction, by another connection, and is read by nobody before the run attaches
-- it. Until then it has a name of its own, `<annex>_<attempt>`, by which nothing looks for rows; once attached it has that of
-- an annex, so that nothing that is attached can be taken for what an attempt has left. An attempt holds a lock by its number for
-- as long as it may attach something: what nobody holds is of no use to anybody.

-- The name of the annex of a connection, which has to be one of the transaction's own tenant.
create function roster_annex_of(target text, connection uuid) returns text
  language plpgsql stable set search_path = public, pg_temp as $$
declare
  tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  if target is null or target not in ('roster_enrollment', 'roster_result') or not exists (
    select from roster_source s where s.tenant_id = tenant and s.connection_id = connection)
  then
    raise exception 'No annex of % for this connection', target using errcode = 'insufficient_privilege';
  end if;
  return format('%s_%s', target, replace(connection::text, '-', ''));
end $$;

create function roster_annex_of(target text, connection uuid, attempt text) returns text
  language plpgsql stable set search_path = public, pg_temp as $$
begin
  if attempt is null or attempt !~ '^[0-9a-f]{12}$' then
    raise exception 'No attempt %', attempt using errcode = 'insufficient_privilege';
  end if;
  return format('%s_%s', roster_annex_of(target, connection), attempt);
end $$;

-- Makes a table for an annex under a name. None where the connection has rows or an annex already, or too many have one.
create function make_roster_annex(annex text, target text, connection uuid) returns text
  language plpgsql set search_path = public, pg_temp as $$
declare
  tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  is_taken boolean;
begin
  execute format('select exists (select from %I where tenant_id = $1 and connection_id = $2)', target)
    into is_taken using tenant, connection;
  -- Each makes every question to the entity's table, whosever rows it asks for, 7 µs longer.
  if is_taken
    or exists (select from pg_class
      where relnamespace = 'public'::regnamespace and relname = roster_annex_of(target, connection))
    or (select count(*) >= 16 from pg_inherits where inhparent = target::regclass)
  then
    return null;
  end if;
  execute format('create table %I (like %I including defaults including constraints,
    check (tenant_id = %L and connection_id = %L))', annex, target, tenant, connection);
  execute format('call protect_tenant_table(%L)', annex);
  execute format('grant select, insert, update on %I to gatehouse_staging', annex);
  return annex;
end $$;

-- Its indexes name the connection last, where it costs their making least, and spares others that look in a row that is not
-- theirs; they need no tenant. A sort that stays in the processor's cache and is merged takes three quarters of the time that one
-- over three times the memory does.
create function index_annex(annex text, target text) returns void
  language plpgsql set search_path = public, pg_temp set maintenance_work_mem = '64MB' as $$
declare
  entry record;
begin
  for entry in
    select i.indisprimary as is_key, ' where ' || pg_get_expr(i.indpred, i.indrelid) as condition,
      (select string_agg(quote_ident(a.attname), ', ' order by a.attname = 'connection_id', k.place)
        from unnest(i.indkey) with ordinality k (attnum, place)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where a.attname <> 'tenant_id') as columns
    from pg_index i where i.indrelid = target::regclass order by i.indexrelid
  loop
    execute case when entry.is_key then format('alter table %I add primary key (%s)', annex, entry.columns)
      else format('create index on %I (%s)%s', annex, entry.columns, entry.condition) end;
  end loop;
end $$;

-- For copies of the program that are older: all of it in the run's own transaction.
create or replace function open_roster_annex(target text, connection uuid) returns text
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return make_roster_annex(roster_annex_of(target, connection), target, connection);
end $$;

create or replace function attach_roster_annex(target text, connection uuid) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  annex constant text := roster_annex_of(target, connection);
begin
  perform index_annex(annex, target);
  execute format('alter table %I inherit %I', annex, target);
end $$;

-- By an attempt.
create function open_roster_annex(target text, connection uuid, attempt text) returns text
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return make_roster_annex(roster_annex_of(target, connection, attempt), target, connection);
end $$;

create function index_roster_annex(target text, connection uuid, attempt text) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform index_annex(roster_annex_of(target, connection, attempt), target);
end $$;

create function attach_roster_annex(target text, connection uuid, attempt text) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  annex constant text := roster_annex_of(target, connection);
  loose constant text := roster_annex_of(target, connection, attempt);
  key text;
begin
  -- Also makes known by name what another connection has committed since this transaction asked last.
  execute format('lock table %I in access exclusive mode', loose);
  execute format('lock table %I in share update exclusive mode', target);
  if (select count(*) from pg_index where indrelid = target::regclass)
    <> (select count(*) from pg_index where indrelid = loose::regclass)
  then
    raise exception 'The indexes of % have changed since % was written', target, loose
      using errcode = 'object_not_in_prerequisite_state', hint = 'Try again.';
  end if;
  select conname into strict key from pg_constraint where conrelid = loose::regclass and contype = 'p';
  execute format('alter table %I rename constraint %I to %I', loose, key, annex || '_pkey');
  execute format('alter table %I rename to %I', loose, annex);
  execute format('alter table %I inherit %I', annex, target);
end $$;

-- Takes away what attempts have left. Something of it that a dump is reading stays for the next time. The lock is shared with
-- whoever else clears away: alone it is held by attempts, and so tells of these.
create function drop_loose_roster_annexes() returns void
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '100ms' as $$
declare
  loose text;
begin
  for loose in
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relowner = current_user::regrole
      and c.relname ~ '^roster_(enrollment|result)_[0-9a-f]{32}_[0-9a-f]{12}$'
    order by c.oid
  loop
    continue when not pg_try_advisory_xact_lock_shared(hashtextextended('roster annex ' || right(loose, 12), 0));
    begin
      execute format('drop table if exists %I', loose);
    exception
      when lock_not_available then null;
    end;
  end loop;
end $$;

revoke execute on function roster_annex_of(text, uuid), roster_annex_of(text, uuid, text),
  make_roster_annex(text, text, uuid), index_annex(text, text), open_roster_annex(text, uuid, text),
  index_roster_annex(text, uuid, text), attach_roster_annex(text, uuid, text), drop_loose_roster_annexes() from public;
grant execute on function open_roster_annex(text, uuid, text), index_roster_annex(text, uuid, text),
  attach_roster_annex(text, uuid, text), drop_loose_roster_annexes() to gatehouse_staging;
