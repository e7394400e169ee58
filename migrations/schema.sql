-- The schema after all migrations, as the catalogue has it: for reading, and compared in a test. It is written by
-- "npm run schema" and never run. Partitions of months and the job library's own tables are left out.

create role gatehouse_app nologin;
create role gatehouse_auditor nologin;
create role gatehouse_backup nologin bypassrls;
create role gatehouse_directory nologin;
create role gatehouse_migrator nologin bypassrls;
create role gatehouse_rollup nologin;
create role gatehouse_staging nologin;
alter default privileges for role gatehouse_migrator grant select on sequences to gatehouse_backup;
alter default privileges for role gatehouse_migrator grant select on tables to gatehouse_backup;

create schema pgboss;
grant usage on schema pgboss to gatehouse_app;
grant usage on schema pgboss to gatehouse_backup;
grant usage on schema public to gatehouse_app;
grant usage on schema public to gatehouse_auditor;
grant usage on schema public to gatehouse_backup;
grant usage on schema public to gatehouse_directory;
grant usage, create on schema public to gatehouse_migrator;
grant usage on schema public to gatehouse_rollup;
grant usage on schema public to public;
create schema staging;
grant usage on schema staging to gatehouse_backup;
grant usage on schema staging to gatehouse_staging;
create schema staging_1;
grant usage on schema staging_1 to gatehouse_backup;
grant usage on schema staging_1 to gatehouse_staging;
create schema staging_2;
grant usage on schema staging_2 to gatehouse_backup;
grant usage on schema staging_2 to gatehouse_staging;
create schema staging_3;
grant usage on schema staging_3 to gatehouse_backup;
grant usage on schema staging_3 to gatehouse_staging;
create schema staging_4;
grant usage on schema staging_4 to gatehouse_backup;
grant usage on schema staging_4 to gatehouse_staging;
create schema staging_5;
grant usage on schema staging_5 to gatehouse_backup;
grant usage on schema staging_5 to gatehouse_staging;
create schema staging_6;
grant usage on schema staging_6 to gatehouse_backup;
grant usage on schema staging_6 to gatehouse_staging;

create domain grade_delivery_state as text CHECK ((VALUE = ANY (ARRAY['pending'::text, 'delivered'::text, 'superseded'::text, 'refused'::text, 'expired'::text, 'discarded'::text])));
create domain grade_drift as text CHECK ((VALUE = ANY (ARRAY['none'::text, 'differs'::text, 'missing'::text])));
create domain launch_state as text CHECK ((VALUE = ANY (ARRAY['waiting'::text, 'started'::text, 'opened'::text, 'refused'::text, 'abandoned'::text])));
create domain outcome as text CHECK ((VALUE = ANY (ARRAY['success'::text, 'failed_partner'::text, 'failed_hub'::text, 'failed_config'::text, 'user_error'::text, 'suppressed'::text, 'expired_unknown'::text])));
create domain service_tier as text CHECK ((VALUE = ANY (ARRAY['critical'::text, 'standard'::text, 'trial'::text])));
create domain sync_run_state as text CHECK ((VALUE = ANY (ARRAY['requested'::text, 'reading'::text, 'staged'::text, 'validated'::text, 'planned'::text, 'held'::text, 'approved'::text, 'discarded'::text, 'applying'::text, 'applied'::text, 'undone'::text, 'failed'::text, 'cancelled'::text])));

CREATE OR REPLACE FUNCTION public.attach_roster_annex(target text, connection uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  annex constant text := roster_annex_of(target, connection);
begin
  perform index_annex(annex, target);
  execute format('alter table %I inherit %I', annex, target);
end $function$;
revoke execute on function attach_roster_annex(text,uuid) from public;
grant execute on function attach_roster_annex(text,uuid) to gatehouse_staging;

CREATE OR REPLACE FUNCTION public.attach_roster_annex(target text, connection uuid, attempt text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
revoke execute on function attach_roster_annex(text,uuid,text) from public;
grant execute on function attach_roster_annex(text,uuid,text) to gatehouse_staging;

CREATE OR REPLACE FUNCTION public.drop_expired_partitions()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  entry record;
  cutoff timestamptz;
  dropped integer := 0;
  waits boolean;
begin
  perform set_config('lock_timeout', '2s', true);
  for entry in
    select t.name, t.bound_by, t.bound, t.keep_days, c.relname as partition,
      substring(c.relname from '_(\d{4}_\d{2})$') as month
    from partitioned_table t
    join pg_inherits i on i.inhparent = to_regclass(t.name)
    join pg_class c on c.oid = i.inhrelid
    where c.relname ~ '_(default|\d{4}_\d{2})$'
  loop
    cutoff := now() - make_interval(days => entry.keep_days);
    begin
      if entry.name = 'grade_delivery' then
        execute format('select exists (select from %I where ended_at is null and delivery_id < %L)',
          entry.partition, uuid_floor(cutoff)) into waits;
        continue when waits;
      end if;
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
end $function$;
revoke execute on function drop_expired_partitions() from public;
grant execute on function drop_expired_partitions() to gatehouse_rollup;

CREATE OR REPLACE FUNCTION public.drop_loose_roster_annexes()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '100ms'
AS $function$
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
end $function$;
revoke execute on function drop_loose_roster_annexes() from public;
grant execute on function drop_loose_roster_annexes() to gatehouse_staging;

CREATE OR REPLACE FUNCTION public.ensure_partitions(month date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
revoke execute on function ensure_partitions(date) from public;
grant execute on function ensure_partitions(date) to gatehouse_rollup;

CREATE OR REPLACE FUNCTION public.field_agreement(one text, other text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when coalesce(btrim(one), '') = '' or coalesce(btrim(other), '') = '' then 'unknown'
    when lower(btrim(one)) = lower(btrim(other)) then 'agrees' else 'differs' end
$function$;

CREATE OR REPLACE FUNCTION public.index_annex(annex text, target text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
 SET maintenance_work_mem TO '64MB'
AS $function$
declare
  entry record;
  own constant text := 'annex_' || md5(annex);
begin
  for entry in
    select i.indisprimary as is_key, ' where ' || pg_get_expr(i.indpred, i.indrelid) as condition,
      format('%s_%s', own, row_number() over (order by i.indexrelid)) as name,
      (select string_agg(quote_ident(a.attname), ', ' order by a.attname = 'connection_id', k.place)
        from unnest(i.indkey) with ordinality k (attnum, place)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where a.attname <> 'tenant_id') as columns
    from pg_index i where i.indrelid = target::regclass order by i.indexrelid
  loop
    execute case when entry.is_key
      then format('alter table %I add constraint %I primary key (%s)', annex, entry.name, entry.columns)
      else format('create index %I on %I (%s)%s', entry.name, annex, entry.columns, entry.condition) end;
  end loop;
end $function$;
revoke execute on function index_annex(text,text) from public;

CREATE OR REPLACE FUNCTION public.index_roster_annex(target text, connection uuid, attempt text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform index_annex(roster_annex_of(target, connection, attempt), target);
end $function$;
revoke execute on function index_roster_annex(text,uuid,text) from public;
grant execute on function index_roster_annex(text,uuid,text) to gatehouse_staging;

CREATE OR REPLACE PROCEDURE public.let_role_read_all(IN target regclass, IN reader regrole)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('create policy %I on %s for select to %s using (true)', reader || '_reads', target, reader);
end $procedure$;

CREATE OR REPLACE FUNCTION public.make_roster_annex(annex text, target text, connection uuid)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
revoke execute on function make_roster_annex(text,text,uuid) from public;

CREATE OR REPLACE FUNCTION public.open_roster_annex(target text, connection uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return make_roster_annex(roster_annex_of(target, connection), target, connection);
end $function$;
revoke execute on function open_roster_annex(text,uuid) from public;
grant execute on function open_roster_annex(text,uuid) to gatehouse_staging;

CREATE OR REPLACE FUNCTION public.open_roster_annex(target text, connection uuid, attempt text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return make_roster_annex(roster_annex_of(target, connection, attempt), target, connection);
end $function$;
revoke execute on function open_roster_annex(text,uuid,text) from public;
grant execute on function open_roster_annex(text,uuid,text) to gatehouse_staging;

CREATE OR REPLACE FUNCTION public.partition_bound(bound text, at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE STRICT
AS $function$
  select case bound when 'uuid' then uuid_floor(at)::text else at::text end
$function$;

CREATE OR REPLACE PROCEDURE public.protect_tenant_table(IN target regclass)
 LANGUAGE plpgsql
AS $procedure$
declare
  rule constant text := 'tenant_id = (select nullif(current_setting(''app.tenant'', true), '''')::uuid)';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant_isolation on %s using (%s) with check (%s)', target, rule, rule);
end $procedure$;

CREATE OR REPLACE FUNCTION public.purge_expired(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  target text;
  condition text;
  purged integer;
  total integer := 0;
begin
  -- A session idles at most until it ends.
  update session set ended_at = idle_until, ended_by = case when idle_until < ends_at then 'idle' else 'expired' end
  where ctid = any (array(
    select ctid from session where ended_at is null and idle_until < now() limit most for update skip locked));
  get diagnostics total = row_count;
  for target, condition in values
    ('lti_login', 'expires_at < now()'), ('hub_login', 'expires_at < now()'), ('lti_hint', 'expires_at < now()'),
    ('lti_waiting_launch', 'expires_at < now()'), ('tool_assertion', 'expires_at < now()'),
    ('lms_access_token', 'expires_at < now()'), ('sign_in_request', 'expires_at < now()'),
    ('used_once', 'expires_at < now()'), ('sign_in_attempt', 'window_ends_at < now()'),
    ('lti_deep_link', 'expires_at < now()'), ('operator_attempt', 'expires_at < now()'),
    ('operator_oidc_request', 'expires_at < now()'),
    ('operator_session', 'ends_at < now() - interval ''30 days'''),
    ('operator_link', 'expires_at < now() - interval ''13 months'''),
    ('session', 'ends_at < now() - interval ''30 days'''),
    ('lti_registration_attempt', 'ended_at < now() - interval ''13 months'''),
    ('sign_in', 'sign_in_id < uuid_floor(now() - interval ''13 months'') and copied')
  loop
    execute format(
      'delete from %1$I where ctid = any (array(
         select ctid from %1$I where %2$s limit $1 for update skip locked))', target, condition) using most;
    get diagnostics purged = row_count;
    total := total + purged;
  end loop;
  return total;
end $function$;
revoke execute on function purge_expired(integer) from public;
grant execute on function purge_expired(integer) to gatehouse_rollup;

CREATE OR REPLACE FUNCTION public.purge_health(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$;
revoke execute on function purge_health(integer) from public;
grant execute on function purge_health(integer) to gatehouse_rollup;

CREATE OR REPLACE FUNCTION public.roster_annex_of(target text, connection uuid)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  if target is null or target not in ('roster_enrollment', 'roster_result') or not exists (
    select from roster_source s where s.tenant_id = tenant and s.connection_id = connection)
  then
    raise exception 'No annex of % for this connection', target using errcode = 'insufficient_privilege';
  end if;
  return format('%s_%s', target, replace(connection::text, '-', ''));
end $function$;
revoke execute on function roster_annex_of(text,uuid) from public;

CREATE OR REPLACE FUNCTION public.roster_annex_of(target text, connection uuid, attempt text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if attempt is null or attempt !~ '^[0-9a-f]{12}$' then
    raise exception 'No attempt %', attempt using errcode = 'insufficient_privilege';
  end if;
  return format('%s_%s', roster_annex_of(target, connection), attempt);
end $function$;
revoke execute on function roster_annex_of(text,uuid,text) from public;

CREATE OR REPLACE FUNCTION public.tombstone_key(connection_id uuid, sourced_id text)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select sha256(convert_to(connection_id::text || ' ' || sourced_id, 'UTF8'))
$function$;

CREATE OR REPLACE FUNCTION public.uuid_floor(at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$function$;

CREATE OR REPLACE FUNCTION public.uuid_v7(at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE STRICT
AS $function$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
    || substr(gen_random_uuid()::text, 16))::uuid
$function$;

create table api_token (
  tenant_id uuid not null,
  token_id uuid not null,
  token_hash bytea not null,
  name text not null,
  scopes text[] not null,
  only_tenant_id uuid,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  made_by text[] not null default '{}'::text[],
  constraint api_token_pkey PRIMARY KEY (tenant_id, token_id),
  constraint api_token_tenant_id_token_hash_key UNIQUE (tenant_id, token_hash),
  constraint api_token_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
alter table api_token enable row level security;
alter table api_token force row level security;
create policy tenant_isolation on api_token for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on api_token to gatehouse_app;
grant select on api_token to gatehouse_backup;
grant update (last_used_at, revoked_at) on api_token to gatehouse_app;

create table audit_event (
  tenant_id uuid not null,
  sequence bigint not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject text not null,
  value_hash bytea not null,
  previous_hash bytea not null,
  hash bytea not null,
  constraint audit_event_pkey PRIMARY KEY (tenant_id, sequence),
  constraint audit_event_sequence_check CHECK ((sequence > 0))
);
CREATE INDEX audit_event_at ON public.audit_event USING brin (at);
alter table audit_event enable row level security;
alter table audit_event force row level security;
create policy gatehouse_rollup_reads on audit_event for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on audit_event for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on audit_event to gatehouse_app;
grant select on audit_event to gatehouse_auditor;
grant select on audit_event to gatehouse_backup;
grant select (tenant_id, sequence, at, action, subject) on audit_event to gatehouse_rollup;

create table audit_value (
  tenant_id uuid not null,
  sequence bigint not null,
  salt bytea not null,
  reason text,
  before jsonb,
  after jsonb,
  origin text,
  constraint audit_value_pkey PRIMARY KEY (tenant_id, sequence),
  constraint audit_value_tenant_id_sequence_fkey FOREIGN KEY (tenant_id, sequence) REFERENCES audit_event(tenant_id, sequence),
  constraint audit_value_origin_check CHECK (((length(origin) >= 1) AND (length(origin) <= 100)))
);
alter table audit_value enable row level security;
alter table audit_value force row level security;
create policy tenant_isolation on audit_value for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on audit_value to gatehouse_app;
grant select on audit_value to gatehouse_backup;

create table calendar_span (
  tenant_id uuid not null,
  span_id uuid not null,
  kind text not null,
  name text not null,
  first_day date not null,
  last_day date not null,
  source text not null,
  created_at timestamp with time zone not null,
  constraint calendar_span_pkey PRIMARY KEY (tenant_id, span_id),
  constraint calendar_span_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES school_calendar(tenant_id),
  constraint calendar_span_check CHECK ((first_day <= last_day)),
  constraint calendar_span_kind_check CHECK ((kind = ANY (ARRAY['term'::text, 'exams'::text, 'break'::text]))),
  constraint calendar_span_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint calendar_span_source_check CHECK ((source = ANY (ARRAY['manual'::text, 'import'::text])))
);
alter table calendar_span enable row level security;
alter table calendar_span force row level security;
create policy gatehouse_rollup_reads on calendar_span for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on calendar_span for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on calendar_span to gatehouse_app;
grant select on calendar_span to gatehouse_backup;
grant select on calendar_span to gatehouse_rollup;

create table change_cursor (
  tenant_id uuid not null,
  audit_sequence bigint not null,
  constraint change_cursor_pkey PRIMARY KEY (tenant_id),
  constraint change_cursor_audit_sequence_check CHECK ((audit_sequence >= 0))
);
alter table change_cursor enable row level security;
alter table change_cursor force row level security;
create policy gatehouse_rollup_reads on change_cursor for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on change_cursor for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on change_cursor to gatehouse_app;
grant select on change_cursor to gatehouse_backup;
grant select on change_cursor to gatehouse_rollup;

create table connection (
  tenant_id uuid not null,
  connection_id uuid not null,
  kind text not null,
  partner text not null,
  name text not null,
  created_at timestamp with time zone not null,
  tier service_tier not null default 'standard'::text,
  constraint connection_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint connection_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id),
  constraint connection_kind_check CHECK ((kind = ANY (ARRAY['lms'::text, 'identity'::text, 'roster'::text, 'grades'::text]))),
  constraint connection_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint connection_partner_check CHECK (((length(partner) >= 1) AND (length(partner) <= 100)))
);
CREATE INDEX connection_of_partner ON public.connection USING btree (partner, connection_id);
alter table connection enable row level security;
alter table connection force row level security;
create policy gatehouse_rollup_reads on connection for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on connection for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on connection to gatehouse_app;
grant select on connection to gatehouse_backup;
grant select (tenant_id, connection_id, kind, partner, tier) on connection to gatehouse_rollup;

create table connection_alarm (
  tenant_id uuid not null,
  connection_id uuid not null,
  code text not null,
  amount integer not null,
  since timestamp with time zone not null,
  last_at timestamp with time zone not null,
  constraint connection_alarm_pkey PRIMARY KEY (tenant_id, connection_id, code),
  constraint connection_alarm_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint connection_alarm_amount_check CHECK ((amount >= 0)),
  constraint connection_alarm_code_check CHECK ((code = 'directory_accounts_vanished'::text))
);
alter table connection_alarm enable row level security;
alter table connection_alarm force row level security;
create policy gatehouse_rollup_reads on connection_alarm for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on connection_alarm for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on connection_alarm to gatehouse_app;
grant select on connection_alarm to gatehouse_backup;
grant select on connection_alarm to gatehouse_rollup;

create table data_key (
  tenant_id uuid not null,
  version integer not null,
  wrapped bytea not null,
  wrapping_key text not null,
  created_at timestamp with time zone not null,
  constraint data_key_pkey PRIMARY KEY (tenant_id, version),
  constraint data_key_version_check CHECK ((version > 0))
);
alter table data_key enable row level security;
alter table data_key force row level security;
create policy gatehouse_directory_reads on data_key for select to gatehouse_directory
  using (true);
create policy tenant_isolation on data_key for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on data_key to gatehouse_app;
grant select on data_key to gatehouse_backup;
grant update (wrapped, wrapping_key) on data_key to gatehouse_app;
grant select (tenant_id, version, wrapping_key) on data_key to gatehouse_directory;

create table exchange (
  tenant_id uuid not null,
  exchange_id uuid not null,
  kind text not null,
  connection_id uuid,
  tool_id uuid,
  partner text,
  outcome outcome not null,
  reason text,
  attempts integer not null,
  policy_version integer,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  tier service_tier not null default 'standard'::text,
  connector_version text,
  failed_attempts integer not null default 0,
  offered bigint not null default 0,
  rejected bigint not null default 0,
  recorded bigint default ((pg_current_xact_id())::text)::bigint,
  constraint exchange_pkey PRIMARY KEY (tenant_id, exchange_id, ended_at),
  constraint exchange_attempts_check CHECK ((attempts >= 0)),
  constraint exchange_check CHECK (((failed_attempts >= 0) AND (failed_attempts <= attempts)))
) partition by range (ended_at);
create table exchange_default partition of exchange DEFAULT;
CREATE INDEX exchange_ended ON ONLY public.exchange USING brin (ended_at);
CREATE INDEX exchange_recorded ON ONLY public.exchange USING brin (recorded) WITH (pages_per_range='16');
CREATE INDEX exchange_unsuccessful ON ONLY public.exchange USING btree (tenant_id, ended_at) WHERE ((outcome)::text <> 'success'::text);
alter table exchange enable row level security;
alter table exchange force row level security;
create policy gatehouse_rollup_reads on exchange for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on exchange for insert to gatehouse_rollup
  with check (true);
create policy tenant_isolation on exchange for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select on exchange to gatehouse_app;
grant select on exchange to gatehouse_backup;
grant select, insert on exchange to gatehouse_rollup;

create table exchange_1d (
  tenant_id uuid not null,
  series_id integer not null,
  at timestamp with time zone not null,
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
  last_success timestamp with time zone,
  constraint exchange_1d_pkey PRIMARY KEY (tenant_id, series_id, at)
) partition by range (at);
create table exchange_1d_default partition of exchange_1d DEFAULT;
CREATE INDEX exchange_1d_at_idx ON ONLY public.exchange_1d USING brin (at) WITH (pages_per_range='16');
alter table exchange_1d enable row level security;
alter table exchange_1d force row level security;
create policy gatehouse_rollup_reads on exchange_1d for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_removes on exchange_1d for delete to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on exchange_1d for insert to gatehouse_rollup
  with check (true);
create policy tenant_isolation on exchange_1d for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select on exchange_1d to gatehouse_app;
grant select on exchange_1d to gatehouse_backup;
grant select, insert, delete on exchange_1d to gatehouse_rollup;

create table exchange_1h (
  tenant_id uuid not null,
  series_id integer not null,
  at timestamp with time zone not null,
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
  last_success timestamp with time zone,
  constraint exchange_1h_pkey PRIMARY KEY (tenant_id, series_id, at)
) partition by range (at);
create table exchange_1h_default partition of exchange_1h DEFAULT;
CREATE INDEX exchange_1h_at_idx ON ONLY public.exchange_1h USING brin (at) WITH (pages_per_range='16');
alter table exchange_1h enable row level security;
alter table exchange_1h force row level security;
create policy gatehouse_rollup_reads on exchange_1h for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_removes on exchange_1h for delete to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on exchange_1h for insert to gatehouse_rollup
  with check (true);
create policy tenant_isolation on exchange_1h for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select on exchange_1h to gatehouse_app;
grant select on exchange_1h to gatehouse_backup;
grant select, insert, delete on exchange_1h to gatehouse_rollup;

create table exchange_5m (
  tenant_id uuid not null,
  series_id integer not null,
  at timestamp with time zone not null,
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
  last_success timestamp with time zone,
  constraint exchange_5m_pkey PRIMARY KEY (tenant_id, series_id, at)
) partition by range (at);
create table exchange_5m_default partition of exchange_5m DEFAULT;
CREATE INDEX exchange_5m_at ON ONLY public.exchange_5m USING brin (at) WITH (pages_per_range='16');
alter table exchange_5m enable row level security;
alter table exchange_5m force row level security;
create policy gatehouse_rollup_reads on exchange_5m for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_removes on exchange_5m for delete to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on exchange_5m for insert to gatehouse_rollup
  with check (true);
create policy tenant_isolation on exchange_5m for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select on exchange_5m to gatehouse_app;
grant select on exchange_5m to gatehouse_backup;
grant select, insert, delete on exchange_5m to gatehouse_rollup;

create table exchange_attempt (
  tenant_id uuid not null,
  exchange_id uuid not null,
  attempt integer not null,
  outcome outcome not null,
  reason text,
  http_status_class smallint,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  constraint exchange_attempt_pkey PRIMARY KEY (tenant_id, exchange_id, attempt, ended_at),
  constraint exchange_attempt_attempt_check CHECK ((attempt > 0))
) partition by range (ended_at);
create table exchange_attempt_default partition of exchange_attempt DEFAULT;
CREATE INDEX exchange_attempt_ended ON ONLY public.exchange_attempt USING brin (ended_at);
alter table exchange_attempt enable row level security;
alter table exchange_attempt force row level security;
create policy gatehouse_rollup_reads on exchange_attempt for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on exchange_attempt for insert to gatehouse_rollup
  with check (true);
create policy tenant_isolation on exchange_attempt for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on exchange_attempt to gatehouse_app;
grant select on exchange_attempt to gatehouse_backup;
grant select, insert on exchange_attempt to gatehouse_rollup;

create table exchange_mark (
  grain text not null,
  at timestamp with time zone not null
);
CREATE INDEX exchange_mark_first ON public.exchange_mark USING btree (grain, at);
grant select on exchange_mark to gatehouse_backup;
grant select, insert, delete on exchange_mark to gatehouse_rollup;

create table exchange_series (
  tenant_id uuid not null,
  series_id integer not null,
  connection_id uuid not null,
  partner text not null,
  kind text not null,
  tier service_tier not null,
  connector_version text not null,
  constraint exchange_series_pkey PRIMARY KEY (tenant_id, series_id),
  constraint exchange_series_tenant_id_connection_id_partner_kind_tier_c_key UNIQUE (tenant_id, connection_id, partner, kind, tier, connector_version)
);
alter table exchange_series enable row level security;
alter table exchange_series force row level security;
create policy gatehouse_rollup_reads on exchange_series for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on exchange_series for insert to gatehouse_rollup
  with check (true);
create policy tenant_isolation on exchange_series for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select on exchange_series to gatehouse_app;
grant select on exchange_series to gatehouse_backup;
grant select, insert on exchange_series to gatehouse_rollup;

create table exchange_sketch_1d (
  tenant_id uuid not null,
  series_id integer not null,
  at timestamp with time zone not null,
  bucket smallint not null,
  count integer not null,
  constraint exchange_sketch_1d_pkey PRIMARY KEY (tenant_id, series_id, at, bucket)
) partition by range (at);
create table exchange_sketch_1d_default partition of exchange_sketch_1d DEFAULT;
CREATE INDEX exchange_sketch_1d_at_idx ON ONLY public.exchange_sketch_1d USING brin (at) WITH (pages_per_range='16');
alter table exchange_sketch_1d enable row level security;
alter table exchange_sketch_1d force row level security;
create policy gatehouse_rollup_reads on exchange_sketch_1d for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_removes on exchange_sketch_1d for delete to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on exchange_sketch_1d for insert to gatehouse_rollup
  with check (true);
create policy tenant_isolation on exchange_sketch_1d for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select on exchange_sketch_1d to gatehouse_app;
grant select on exchange_sketch_1d to gatehouse_backup;
grant select, insert, delete on exchange_sketch_1d to gatehouse_rollup;

create table exchange_sketch_1h (
  tenant_id uuid not null,
  series_id integer not null,
  at timestamp with time zone not null,
  bucket smallint not null,
  count integer not null,
  constraint exchange_sketch_1h_pkey PRIMARY KEY (tenant_id, series_id, at, bucket)
) partition by range (at);
create table exchange_sketch_1h_default partition of exchange_sketch_1h DEFAULT;
CREATE INDEX exchange_sketch_1h_at ON ONLY public.exchange_sketch_1h USING brin (at) WITH (pages_per_range='16');
alter table exchange_sketch_1h enable row level security;
alter table exchange_sketch_1h force row level security;
create policy gatehouse_rollup_reads on exchange_sketch_1h for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_removes on exchange_sketch_1h for delete to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on exchange_sketch_1h for insert to gatehouse_rollup
  with check (true);
create policy tenant_isolation on exchange_sketch_1h for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select on exchange_sketch_1h to gatehouse_app;
grant select on exchange_sketch_1h to gatehouse_backup;
grant select, insert, delete on exchange_sketch_1h to gatehouse_rollup;

create table grade_attempt (
  tenant_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  outcome outcome not null,
  reason text,
  http_status smallint,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  constraint grade_attempt_pkey PRIMARY KEY (tenant_id, delivery_id, attempt)
) partition by range (delivery_id);
create table grade_attempt_default partition of grade_attempt DEFAULT;
alter table grade_attempt enable row level security;
alter table grade_attempt force row level security;
create policy gatehouse_rollup_reads on grade_attempt for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on grade_attempt for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on grade_attempt to gatehouse_app;
grant select on grade_attempt to gatehouse_backup;
grant select on grade_attempt to gatehouse_rollup;

create table grade_delivery (
  tenant_id uuid not null,
  delivery_id uuid not null,
  connection_id uuid not null,
  tool_id uuid not null,
  line_item_id uuid not null,
  person_id uuid not null,
  score_timestamp timestamp with time zone not null,
  score json,
  state grade_delivery_state not null,
  outcome outcome,
  reason text,
  attempts integer not null default 0,
  accepted_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  copied boolean not null default false,
  constraint grade_delivery_pkey PRIMARY KEY (tenant_id, delivery_id),
  constraint grade_delivery_check CHECK ((num_nulls(ended_at, outcome) =
CASE state
    WHEN 'pending'::text THEN 2
    ELSE 0
END))
) partition by range (delivery_id);
create table grade_delivery_default partition of grade_delivery DEFAULT;
CREATE INDEX grade_delivery_pending ON ONLY public.grade_delivery USING btree (tenant_id, line_item_id, person_id) WHERE (ended_at IS NULL);
CREATE INDEX grade_delivery_to_copy ON ONLY public.grade_delivery USING btree (tenant_id, delivery_id) WHERE ((ended_at IS NOT NULL) AND (NOT copied));
alter table grade_delivery enable row level security;
alter table grade_delivery force row level security;
create policy gatehouse_rollup_reads on grade_delivery for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on grade_delivery for update to gatehouse_rollup
  using (true)
  with check (true);
create policy tenant_isolation on grade_delivery for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on grade_delivery to gatehouse_app;
grant select on grade_delivery to gatehouse_backup;
grant select (tenant_id, delivery_id, connection_id, tool_id, state, outcome, reason, attempts, accepted_at, ended_at, copied) on grade_delivery to gatehouse_rollup;
grant update (copied) on grade_delivery to gatehouse_rollup;

create table grade_line (
  tenant_id uuid not null,
  line_item_id uuid not null,
  person_id uuid not null,
  connection_id uuid not null,
  newest_at timestamp with time zone not null,
  newest_hash bytea not null,
  pending integer not null default 0,
  due_at timestamp with time zone,
  lease_token uuid,
  lease_until timestamp with time zone,
  maybe_sent boolean not null default false,
  tries integer not null default 0,
  failing_since timestamp with time zone,
  delivered_id uuid,
  sent_at timestamp with time zone,
  drift grade_drift,
  compared_at timestamp with time zone,
  constraint grade_line_pkey PRIMARY KEY (tenant_id, line_item_id, person_id),
  constraint grade_line_check CHECK (
CASE
    WHEN (due_at IS NULL) THEN (pending = 0)
    ELSE (pending > 0)
END)
);
CREATE INDEX grade_line_due ON public.grade_line USING btree (tenant_id, connection_id, due_at) WHERE (due_at IS NOT NULL);
alter table grade_line enable row level security;
alter table grade_line force row level security;
create policy gatehouse_rollup_reads on grade_line for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on grade_line for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on grade_line to gatehouse_app;
grant select on grade_line to gatehouse_backup;
grant select (tenant_id, connection_id, due_at, lease_until) on grade_line to gatehouse_rollup;

create table grade_route (
  tenant_id uuid not null,
  connection_id uuid not null,
  state text not null,
  reason text,
  stopped_version integer,
  tokens double precision not null,
  filled_at timestamp with time zone not null,
  blocked_until timestamp with time zone,
  failures integer not null default 0,
  changed_at timestamp with time zone not null,
  constraint grade_route_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint grade_route_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint grade_route_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'stopped'::text])))
);
alter table grade_route enable row level security;
alter table grade_route force row level security;
create policy gatehouse_rollup_reads on grade_route for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on grade_route for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on grade_route to gatehouse_app;
grant select on grade_route to gatehouse_backup;
grant select (tenant_id, connection_id, state, blocked_until) on grade_route to gatehouse_rollup;

create table hub_deployment_claim (
  registration_id uuid not null,
  deployment_id text not null,
  status text not null,
  launches integer not null,
  first_seen_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  constraint hub_deployment_claim_pkey PRIMARY KEY (registration_id, deployment_id),
  constraint hub_deployment_claim_registration_id_fkey FOREIGN KEY (registration_id) REFERENCES hub_registration(registration_id),
  constraint hub_deployment_claim_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'claimed'::text, 'refused'::text])))
);
grant select, insert, update on hub_deployment_claim to gatehouse_app;
grant select on hub_deployment_claim to gatehouse_backup;

create unlogged table hub_login (
  state_hash bytea not null,
  connection_id uuid not null,
  nonce_hash bytea not null,
  browser_hash bytea not null,
  storage_target text,
  target_link_uri text not null,
  request jsonb not null,
  expires_at timestamp with time zone not null,
  constraint hub_login_pkey PRIMARY KEY (state_hash)
);
CREATE INDEX hub_login_expiry ON public.hub_login USING btree (expires_at);
grant select, insert, delete on hub_login to gatehouse_app;
grant select on hub_login to gatehouse_backup;

create table hub_registration (
  registration_id uuid not null,
  issuer text not null,
  client_id text not null,
  authorize_url text not null,
  authorize_method text not null,
  token_url text,
  token_audience text,
  jwks_url text,
  jwks jsonb,
  family text not null,
  settings jsonb not null,
  status text not null,
  version integer not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint hub_registration_pkey PRIMARY KEY (registration_id),
  constraint hub_registration_issuer_client_id_key UNIQUE (issuer, client_id),
  constraint hub_registration_authorize_method_check CHECK ((authorize_method = ANY (ARRAY['GET'::text, 'POST'::text]))),
  constraint hub_registration_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
grant select, insert, update on hub_registration to gatehouse_app;
grant select on hub_registration to gatehouse_backup;

create table identity_certificate (
  tenant_id uuid not null,
  connection_id uuid not null,
  fingerprint bytea not null,
  state text not null,
  certificate bytea not null,
  not_before timestamp with time zone not null,
  not_after timestamp with time zone not null,
  added_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint identity_certificate_pkey PRIMARY KEY (tenant_id, connection_id, fingerprint),
  constraint identity_certificate_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES identity_source(tenant_id, connection_id),
  constraint identity_certificate_state_check CHECK ((state = ANY (ARRAY['next'::text, 'active'::text, 'retired'::text])))
);
alter table identity_certificate enable row level security;
alter table identity_certificate force row level security;
create policy gatehouse_rollup_reads on identity_certificate for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on identity_certificate for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on identity_certificate to gatehouse_app;
grant select on identity_certificate to gatehouse_backup;
grant select (tenant_id, connection_id, fingerprint, state, not_after) on identity_certificate to gatehouse_rollup;

create table identity_key (
  tenant_id uuid not null,
  connection_id uuid not null,
  fingerprint bytea not null,
  state text not null,
  certificate bytea not null,
  sealed_private_key bytea not null,
  not_after timestamp with time zone not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint identity_key_pkey PRIMARY KEY (tenant_id, connection_id, fingerprint),
  constraint identity_key_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES identity_source(tenant_id, connection_id),
  constraint identity_key_state_check CHECK ((state = ANY (ARRAY['next'::text, 'active'::text, 'retired'::text])))
);
CREATE UNIQUE INDEX identity_key_one_signs ON public.identity_key USING btree (tenant_id, connection_id) WHERE (state = 'active'::text);
alter table identity_key enable row level security;
alter table identity_key force row level security;
create policy gatehouse_rollup_reads on identity_key for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on identity_key for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on identity_key to gatehouse_app;
grant select on identity_key to gatehouse_backup;
grant update (state, changed_at) on identity_key to gatehouse_app;
grant select (tenant_id, connection_id, state, not_after) on identity_key to gatehouse_rollup;

create table identity_metadata (
  tenant_id uuid not null,
  connection_id uuid not null,
  current jsonb not null,
  staged jsonb,
  fetched_at timestamp with time zone not null,
  valid_until timestamp with time zone,
  failure text,
  refresh_at timestamp with time zone,
  constraint identity_metadata_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint identity_metadata_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES identity_source(tenant_id, connection_id)
);
alter table identity_metadata enable row level security;
alter table identity_metadata force row level security;
create policy gatehouse_rollup_reads on identity_metadata for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on identity_metadata for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on identity_metadata to gatehouse_app;
grant select on identity_metadata to gatehouse_backup;
grant select (tenant_id, connection_id, valid_until, refresh_at) on identity_metadata to gatehouse_rollup;

create table identity_source (
  tenant_id uuid not null,
  connection_id uuid not null,
  protocol text not null,
  preset text not null,
  settings jsonb not null,
  secret_names text[] not null default '{}'::text[],
  sealed_secrets bytea,
  allows_new boolean not null default false,
  match_attribute text,
  role_rules jsonb not null default '[]'::jsonb,
  domains text[] not null default '{}'::text[],
  sessions_per_person integer not null default 40,
  status text not null,
  version integer not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  handed_by text[] not null default '{}'::text[],
  handed_at timestamp with time zone,
  constraint identity_source_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint identity_source_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint identity_source_match_attribute_check CHECK (((length(match_attribute) >= 1) AND (length(match_attribute) <= 255))),
  constraint identity_source_preset_check CHECK (((length(preset) >= 1) AND (length(preset) <= 100))),
  constraint identity_source_protocol_check CHECK ((protocol = ANY (ARRAY['saml'::text, 'oidc'::text, 'ldap'::text]))),
  constraint identity_source_sessions_per_person_check CHECK (((sessions_per_person >= 1) AND (sessions_per_person <= 500))),
  constraint identity_source_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'disabled'::text])))
);
alter table identity_source enable row level security;
alter table identity_source force row level security;
create policy gatehouse_rollup_reads on identity_source for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on identity_source for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on identity_source to gatehouse_app;
grant select on identity_source to gatehouse_backup;
grant select (tenant_id, connection_id, protocol, status) on identity_source to gatehouse_rollup;

create table incident (
  tenant_id uuid not null,
  incident_id uuid not null,
  state text not null,
  severity text not null,
  cause text not null,
  cause_key text not null,
  partner text,
  connection_id uuid,
  change_id uuid,
  first_failed_at timestamp with time zone not null,
  opened_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  recovered_at timestamp with time zone,
  resolved_at timestamp with time zone,
  constraint incident_pkey PRIMARY KEY (tenant_id, incident_id),
  constraint incident_cause_check CHECK ((cause = ANY (ARRAY['partner'::text, 'certificate'::text, 'our_change'::text, 'hub'::text, 'connection'::text]))),
  constraint incident_cause_key_check CHECK (((length(cause_key) >= 1) AND (length(cause_key) <= 300))),
  constraint incident_check CHECK (((state = 'resolved'::text) = (resolved_at IS NOT NULL))),
  constraint incident_severity_check CHECK ((severity = ANY (ARRAY['page'::text, 'ticket'::text]))),
  constraint incident_state_check CHECK ((state = ANY (ARRAY['open'::text, 'acknowledged'::text, 'resolved'::text])))
);
CREATE UNIQUE INDEX incident_open_once ON public.incident USING btree (tenant_id, cause_key) WHERE (state <> 'resolved'::text);
CREATE INDEX incident_opened ON public.incident USING btree (tenant_id, opened_at);
alter table incident enable row level security;
alter table incident force row level security;
create policy gatehouse_rollup_reads on incident for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on incident for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on incident to gatehouse_app;
grant select on incident to gatehouse_backup;
grant select on incident to gatehouse_rollup;

create table incident_alert (
  tenant_id uuid not null,
  incident_id uuid not null,
  alert_key text not null,
  rule text not null,
  severity text not null,
  subject_tenant_id uuid,
  connection_id uuid,
  kind text,
  facts jsonb not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  constraint incident_alert_pkey PRIMARY KEY (tenant_id, incident_id, alert_key),
  constraint incident_alert_tenant_id_incident_id_fkey FOREIGN KEY (tenant_id, incident_id) REFERENCES incident(tenant_id, incident_id) ON DELETE CASCADE,
  constraint incident_alert_alert_key_check CHECK (((length(alert_key) >= 1) AND (length(alert_key) <= 300))),
  constraint incident_alert_severity_check CHECK ((severity = ANY (ARRAY['page'::text, 'ticket'::text])))
);
alter table incident_alert enable row level security;
alter table incident_alert force row level security;
create policy gatehouse_rollup_reads on incident_alert for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on incident_alert for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on incident_alert to gatehouse_app;
grant select on incident_alert to gatehouse_backup;
grant select on incident_alert to gatehouse_rollup;
grant update (severity, facts, last_at) on incident_alert to gatehouse_app;

create table integration_change (
  tenant_id uuid not null,
  change_id uuid not null,
  type text not null,
  connection_id uuid,
  tool_id uuid,
  origin text not null,
  origin_ref text not null,
  action text not null,
  actor text not null,
  at timestamp with time zone not null,
  reverts uuid,
  constraint integration_change_pkey PRIMARY KEY (tenant_id, change_id),
  constraint integration_change_tenant_id_origin_origin_ref_key UNIQUE (tenant_id, origin, origin_ref),
  constraint integration_change_origin_check CHECK ((origin = ANY (ARRAY['audit'::text, 'run'::text]))),
  constraint integration_change_type_check CHECK ((type = ANY (ARRAY['settings'::text, 'credentials'::text, 'mapping'::text, 'connector_version'::text, 'hub_release'::text])))
);
CREATE INDEX integration_change_at ON public.integration_change USING btree (tenant_id, at);
alter table integration_change enable row level security;
alter table integration_change force row level security;
create policy gatehouse_rollup_reads on integration_change for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on integration_change for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on integration_change to gatehouse_app;
grant select on integration_change to gatehouse_backup;
grant select on integration_change to gatehouse_rollup;
grant update (reverts) on integration_change to gatehouse_app;

create table kept_line_item (
  tenant_id uuid not null,
  kept_id uuid not null,
  connection_id uuid not null,
  class_id text not null,
  content jsonb not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint kept_line_item_pkey PRIMARY KEY (tenant_id, kept_id),
  constraint kept_line_item_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint kept_line_item_class_id_check CHECK (((length(class_id) >= 1) AND (length(class_id) <= 255)))
);
CREATE INDEX kept_line_item_of_class ON public.kept_line_item USING btree (tenant_id, connection_id, class_id);
alter table kept_line_item enable row level security;
alter table kept_line_item force row level security;
create policy tenant_isolation on kept_line_item for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on kept_line_item to gatehouse_app;
grant select on kept_line_item to gatehouse_backup;
grant update (content, changed_at) on kept_line_item to gatehouse_app;

create table launch (
  tenant_id uuid not null,
  launch_id uuid not null,
  reference text not null,
  state launch_state not null,
  outcome outcome,
  reason text,
  connection_id uuid,
  deployment_id text,
  tool_id uuid,
  person_id uuid,
  context_id uuid,
  resource_link_id uuid,
  message_type text,
  binding text,
  presentation text,
  policy_version integer,
  trace jsonb not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  copied boolean not null default false,
  constraint launch_pkey PRIMARY KEY (tenant_id, launch_id),
  constraint launch_check CHECK (((ended_at IS NULL) = (outcome IS NULL)))
) partition by range (launch_id);
create table launch_default partition of launch DEFAULT;
CREATE INDEX launch_open ON ONLY public.launch USING btree (tenant_id, launch_id) WHERE (ended_at IS NULL);
CREATE INDEX launch_reference ON ONLY public.launch USING btree (tenant_id, reference);
CREATE INDEX launch_to_copy ON ONLY public.launch USING btree (tenant_id, launch_id) WHERE ((ended_at IS NOT NULL) AND (NOT copied));
CREATE INDEX launch_unsuccessful ON ONLY public.launch USING btree (tenant_id, launch_id) WHERE ((outcome)::text <> 'success'::text);
alter table launch enable row level security;
alter table launch force row level security;
create policy gatehouse_rollup_reads on launch for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on launch for update to gatehouse_rollup
  using (true)
  with check (true);
create policy tenant_isolation on launch for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on launch to gatehouse_app;
grant select on launch to gatehouse_backup;
grant select on launch to gatehouse_rollup;
grant update (state, outcome, reason, ended_at, copied) on launch to gatehouse_rollup;

create table line_item (
  tenant_id uuid not null,
  line_item_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  context_id uuid not null,
  tool_id uuid not null,
  resource_link_id uuid,
  lms_url text not null,
  status text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint line_item_pkey PRIMARY KEY (tenant_id, line_item_id),
  constraint line_item_tenant_id_connection_id_tool_id_lms_url_key UNIQUE (tenant_id, connection_id, tool_id, lms_url),
  constraint line_item_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint line_item_tenant_id_context_id_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES lti_context(tenant_id, context_id),
  constraint line_item_lms_url_check CHECK (((length(lms_url) >= 1) AND (length(lms_url) <= 2000))),
  constraint line_item_status_check CHECK ((status = ANY (ARRAY['active'::text, 'deleted'::text])))
);
CREATE INDEX line_item_of_context ON public.line_item USING btree (tenant_id, context_id, tool_id);
alter table line_item enable row level security;
alter table line_item force row level security;
create policy tenant_isolation on line_item for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on line_item to gatehouse_app;
grant select on line_item to gatehouse_backup;

create table lms_access_token (
  tenant_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  scopes text not null,
  sealed_token bytea not null,
  expires_at timestamp with time zone not null,
  constraint lms_access_token_pkey PRIMARY KEY (tenant_id, connection_id, deployment_id, scopes),
  constraint lms_access_token_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id)
);
alter table lms_access_token enable row level security;
alter table lms_access_token force row level security;
create policy tenant_isolation on lms_access_token for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on lms_access_token to gatehouse_app;
grant select on lms_access_token to gatehouse_backup;

create table lti_content_item (
  tenant_id uuid not null,
  item_id uuid not null,
  tool_id uuid not null,
  connection_id uuid not null,
  url text not null,
  custom jsonb not null,
  created_at timestamp with time zone not null,
  constraint lti_content_item_pkey PRIMARY KEY (tenant_id, item_id),
  constraint lti_content_item_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint lti_content_item_url_check CHECK (((length(url) >= 1) AND (length(url) <= 8000)))
);
alter table lti_content_item enable row level security;
alter table lti_content_item force row level security;
create policy tenant_isolation on lti_content_item for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on lti_content_item to gatehouse_app;
grant select on lti_content_item to gatehouse_backup;

create table lti_context (
  tenant_id uuid not null,
  context_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  lms_context_id text not null,
  label text,
  title text,
  type text[] not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  line_items_url text,
  ags_scopes text[] not null default '{}'::text[],
  memberships_url text,
  groups_url text,
  group_sets_url text,
  constraint lti_context_pkey PRIMARY KEY (tenant_id, context_id),
  constraint lti_context_tenant_id_connection_id_deployment_id_lms_conte_key UNIQUE (tenant_id, connection_id, deployment_id, lms_context_id),
  constraint lti_context_lms_context_id_check CHECK (((length(lms_context_id) >= 1) AND (length(lms_context_id) <= 255)))
);
alter table lti_context enable row level security;
alter table lti_context force row level security;
create policy tenant_isolation on lti_context for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on lti_context to gatehouse_app;
grant select on lti_context to gatehouse_backup;

create table lti_deep_link (
  tenant_id uuid not null,
  launch_id uuid not null,
  data_hash bytea not null,
  browser_hash bytea not null,
  tool_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  context_id uuid,
  settings jsonb not null,
  expires_at timestamp with time zone not null,
  constraint lti_deep_link_pkey PRIMARY KEY (tenant_id, launch_id),
  constraint lti_deep_link_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id)
);
CREATE INDEX lti_deep_link_expiry ON public.lti_deep_link USING btree (expires_at);
alter table lti_deep_link enable row level security;
alter table lti_deep_link force row level security;
create policy tenant_isolation on lti_deep_link for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on lti_deep_link to gatehouse_app;
grant select on lti_deep_link to gatehouse_backup;

create table lti_deployment (
  tenant_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  hub_registration_id uuid,
  status text not null,
  created_at timestamp with time zone not null,
  constraint lti_deployment_pkey PRIMARY KEY (tenant_id, connection_id, deployment_id),
  constraint lti_deployment_hub_registration_id_fkey FOREIGN KEY (hub_registration_id) REFERENCES hub_registration(registration_id),
  constraint lti_deployment_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint lti_deployment_deployment_id_check CHECK (((length(deployment_id) >= 1) AND (length(deployment_id) <= 255))),
  constraint lti_deployment_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
CREATE UNIQUE INDEX lti_deployment_hub_wide ON public.lti_deployment USING btree (hub_registration_id, deployment_id) WHERE (hub_registration_id IS NOT NULL);
alter table lti_deployment enable row level security;
alter table lti_deployment force row level security;
create policy gatehouse_directory_reads on lti_deployment for select to gatehouse_directory
  using (true);
create policy gatehouse_rollup_reads on lti_deployment for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on lti_deployment for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on lti_deployment to gatehouse_app;
grant select on lti_deployment to gatehouse_backup;
grant select (tenant_id, connection_id, deployment_id, hub_registration_id, status) on lti_deployment to gatehouse_directory;
grant select (tenant_id, connection_id, status) on lti_deployment to gatehouse_rollup;

create table lti_deployment_claim (
  tenant_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  status text not null,
  launches integer not null,
  first_seen_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  constraint lti_deployment_claim_pkey PRIMARY KEY (tenant_id, connection_id, deployment_id),
  constraint lti_deployment_claim_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint lti_deployment_claim_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'claimed'::text, 'refused'::text])))
);
alter table lti_deployment_claim enable row level security;
alter table lti_deployment_claim force row level security;
create policy tenant_isolation on lti_deployment_claim for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on lti_deployment_claim to gatehouse_app;
grant select on lti_deployment_claim to gatehouse_backup;

create unlogged table lti_hint (
  tenant_id uuid not null,
  launch_id uuid not null,
  hint_hash bytea not null,
  login_hint_hash bytea not null,
  browser_hash bytea not null,
  tool_id uuid not null,
  person_id uuid,
  context_id uuid,
  resource_link_id uuid,
  snapshot json not null,
  expires_at timestamp with time zone not null,
  line_item_id uuid,
  constraint lti_hint_pkey PRIMARY KEY (tenant_id, launch_id)
);
CREATE INDEX lti_hint_expiry ON public.lti_hint USING btree (expires_at);
alter table lti_hint enable row level security;
alter table lti_hint force row level security;
create policy gatehouse_rollup_reads on lti_hint for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on lti_hint for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on lti_hint to gatehouse_app;
grant select on lti_hint to gatehouse_backup;
grant select (tenant_id, launch_id, expires_at) on lti_hint to gatehouse_rollup;

create table lti_invitation (
  tenant_id uuid not null,
  invitation_id uuid not null,
  token_hash bytea not null,
  side text not null,
  terms jsonb not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  attempts integer not null default 0,
  attempt_id uuid,
  attempt_until timestamp with time zone,
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  made_id uuid,
  constraint lti_invitation_pkey PRIMARY KEY (tenant_id, invitation_id),
  constraint lti_invitation_tenant_id_token_hash_key UNIQUE (tenant_id, token_hash),
  constraint lti_invitation_attempts_check CHECK ((attempts >= 0)),
  constraint lti_invitation_side_check CHECK ((side = ANY (ARRAY['lms'::text, 'tool'::text])))
);
alter table lti_invitation enable row level security;
alter table lti_invitation force row level security;
create policy tenant_isolation on lti_invitation for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on lti_invitation to gatehouse_app;
grant select on lti_invitation to gatehouse_backup;
grant update (attempts, attempt_id, attempt_until, used_at, revoked_at, made_id) on lti_invitation to gatehouse_app;

create table lti_legacy_key (
  tenant_id uuid not null,
  holder_id uuid not null,
  holder text not null,
  consumer_key text not null,
  sealed_secret bytea not null,
  changed_at timestamp with time zone not null,
  constraint lti_legacy_key_pkey PRIMARY KEY (tenant_id, holder_id),
  constraint lti_legacy_key_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id),
  constraint lti_legacy_key_consumer_key_check CHECK (((length(consumer_key) >= 1) AND (length(consumer_key) <= 255))),
  constraint lti_legacy_key_holder_check CHECK ((holder = ANY (ARRAY['connection'::text, 'tool'::text])))
);
alter table lti_legacy_key enable row level security;
alter table lti_legacy_key force row level security;
create policy tenant_isolation on lti_legacy_key for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on lti_legacy_key to gatehouse_app;
grant select on lti_legacy_key to gatehouse_backup;

create unlogged table lti_login (
  tenant_id uuid not null,
  state_hash bytea not null,
  connection_id uuid not null,
  nonce_hash bytea not null,
  browser_hash bytea not null,
  storage_target text,
  target_link_uri text not null,
  request jsonb not null,
  expires_at timestamp with time zone not null,
  constraint lti_login_pkey PRIMARY KEY (tenant_id, state_hash)
);
CREATE INDEX lti_login_expiry ON public.lti_login USING btree (expires_at);
alter table lti_login enable row level security;
alter table lti_login force row level security;
create policy tenant_isolation on lti_login for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on lti_login to gatehouse_app;
grant select on lti_login to gatehouse_backup;

create table lti_notice (
  tenant_id uuid not null,
  notice_id uuid not null,
  tool_id uuid not null,
  connection_id uuid,
  deployment_id text,
  source_hash bytea not null,
  notice_type text not null,
  content jsonb not null,
  occurred_at timestamp with time zone not null,
  state text not null,
  tries integer not null default 0,
  due_at timestamp with time zone,
  failure text,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint lti_notice_pkey PRIMARY KEY (tenant_id, notice_id),
  constraint lti_notice_tenant_id_tool_id_source_hash_key UNIQUE (tenant_id, tool_id, source_hash),
  constraint lti_notice_tool_id_fkey FOREIGN KEY (tool_id) REFERENCES tool(tool_id),
  constraint lti_notice_check CHECK (((state = 'waiting'::text) = (due_at IS NOT NULL))),
  constraint lti_notice_state_check CHECK ((state = ANY (ARRAY['delivered'::text, 'dead'::text, 'waiting'::text])))
);
CREATE INDEX lti_notice_due ON public.lti_notice USING btree (due_at) WHERE (due_at IS NOT NULL);
alter table lti_notice enable row level security;
alter table lti_notice force row level security;
create policy gatehouse_rollup_reads on lti_notice for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on lti_notice for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on lti_notice to gatehouse_app;
grant select on lti_notice to gatehouse_backup;
grant select (tenant_id, notice_id, due_at) on lti_notice to gatehouse_rollup;

create table lti_notice_handler (
  tenant_id uuid not null,
  tool_id uuid not null,
  notice_type text not null,
  handler_url text not null,
  changed_at timestamp with time zone not null,
  constraint lti_notice_handler_pkey PRIMARY KEY (tenant_id, tool_id, notice_type),
  constraint lti_notice_handler_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id),
  constraint lti_notice_handler_tool_id_fkey FOREIGN KEY (tool_id) REFERENCES tool(tool_id),
  constraint lti_notice_handler_handler_url_check CHECK (((length(handler_url) >= 1) AND (length(handler_url) <= 2000)))
);
alter table lti_notice_handler enable row level security;
alter table lti_notice_handler force row level security;
create policy tenant_isolation on lti_notice_handler for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on lti_notice_handler to gatehouse_app;
grant select on lti_notice_handler to gatehouse_backup;

create table lti_notice_source (
  tenant_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  service_url text not null,
  notice_types text[] not null,
  state text not null,
  tries integer not null default 0,
  due_at timestamp with time zone,
  failure text,
  changed_at timestamp with time zone not null,
  constraint lti_notice_source_pkey PRIMARY KEY (tenant_id, connection_id, deployment_id),
  constraint lti_notice_source_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint lti_notice_source_deployment_id_check CHECK (((length(deployment_id) >= 1) AND (length(deployment_id) <= 255))),
  constraint lti_notice_source_service_url_check CHECK (((length(service_url) >= 1) AND (length(service_url) <= 2000))),
  constraint lti_notice_source_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'registered'::text, 'dead'::text])))
);
CREATE INDEX lti_notice_source_due ON public.lti_notice_source USING btree (due_at) WHERE (due_at IS NOT NULL);
alter table lti_notice_source enable row level security;
alter table lti_notice_source force row level security;
create policy gatehouse_rollup_reads on lti_notice_source for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on lti_notice_source for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on lti_notice_source to gatehouse_app;
grant select on lti_notice_source to gatehouse_backup;
grant select (tenant_id, connection_id, deployment_id, due_at) on lti_notice_source to gatehouse_rollup;

create table lti_registration (
  tenant_id uuid not null,
  connection_id uuid not null,
  issuer text not null,
  client_id text not null,
  authorize_url text not null,
  authorize_method text not null,
  token_url text,
  token_audience text,
  jwks_url text,
  jwks jsonb,
  family text not null,
  settings jsonb not null,
  status text not null,
  version integer not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint lti_registration_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint lti_registration_tenant_id_issuer_client_id_key UNIQUE (tenant_id, issuer, client_id),
  constraint lti_registration_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint lti_registration_authorize_method_check CHECK ((authorize_method = ANY (ARRAY['GET'::text, 'POST'::text]))),
  constraint lti_registration_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
alter table lti_registration enable row level security;
alter table lti_registration force row level security;
create policy gatehouse_rollup_reads on lti_registration for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on lti_registration for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on lti_registration to gatehouse_app;
grant select on lti_registration to gatehouse_backup;
grant select (tenant_id, connection_id, status) on lti_registration to gatehouse_rollup;

create table lti_registration_attempt (
  tenant_id uuid not null,
  attempt_id uuid not null,
  invitation_id uuid not null,
  reference text not null,
  outcome text not null,
  reason text,
  host text,
  http_status integer,
  ended_at timestamp with time zone not null,
  constraint lti_registration_attempt_pkey PRIMARY KEY (tenant_id, attempt_id),
  constraint lti_registration_attempt_tenant_id_invitation_id_fkey FOREIGN KEY (tenant_id, invitation_id) REFERENCES lti_invitation(tenant_id, invitation_id),
  constraint lti_registration_attempt_host_check CHECK (((length(host) >= 1) AND (length(host) <= 300))),
  constraint lti_registration_attempt_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 100))),
  constraint lti_registration_attempt_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 40)))
);
CREATE INDEX lti_registration_attempt_ended ON public.lti_registration_attempt USING btree (ended_at);
CREATE INDEX lti_registration_attempt_of_invitation ON public.lti_registration_attempt USING btree (tenant_id, invitation_id, attempt_id);
alter table lti_registration_attempt enable row level security;
alter table lti_registration_attempt force row level security;
create policy tenant_isolation on lti_registration_attempt for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on lti_registration_attempt to gatehouse_app;
grant select on lti_registration_attempt to gatehouse_backup;

create table lti_resource_link (
  tenant_id uuid not null,
  resource_link_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  tool_id uuid not null,
  lms_resource_link_id text not null,
  title text,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  line_item_id uuid,
  context_id uuid,
  constraint lti_resource_link_pkey PRIMARY KEY (tenant_id, resource_link_id),
  constraint lti_resource_link_tenant_id_connection_id_deployment_id_too_key UNIQUE (tenant_id, connection_id, deployment_id, tool_id, lms_resource_link_id),
  constraint lti_resource_link_lms_resource_link_id_check CHECK (((length(lms_resource_link_id) >= 1) AND (length(lms_resource_link_id) <= 255)))
);
CREATE INDEX lti_resource_link_of_context ON public.lti_resource_link USING btree (tenant_id, context_id, tool_id);
alter table lti_resource_link enable row level security;
alter table lti_resource_link force row level security;
create policy tenant_isolation on lti_resource_link for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on lti_resource_link to gatehouse_app;
grant select on lti_resource_link to gatehouse_backup;

create table lti_shown_member (
  tenant_id uuid not null,
  tool_id uuid not null,
  context_id uuid not null,
  resource_link_id uuid not null,
  subject text not null,
  digest bytea not null,
  is_gone boolean not null,
  changed_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  constraint lti_shown_member_pkey PRIMARY KEY (tenant_id, tool_id, context_id, resource_link_id, subject),
  constraint lti_shown_member_tenant_id_context_id_fkey FOREIGN KEY (tenant_id, context_id) REFERENCES lti_context(tenant_id, context_id),
  constraint lti_shown_member_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 255)))
);
alter table lti_shown_member enable row level security;
alter table lti_shown_member force row level security;
create policy tenant_isolation on lti_shown_member for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on lti_shown_member to gatehouse_app;
grant select on lti_shown_member to gatehouse_backup;

create table lti_waiting_launch (
  tenant_id uuid not null,
  launch_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  resume_hash bytea not null,
  sealed_snapshot bytea not null,
  expires_at timestamp with time zone not null,
  constraint lti_waiting_launch_pkey PRIMARY KEY (tenant_id, launch_id)
);
CREATE INDEX lti_waiting_launch_expiry ON public.lti_waiting_launch USING btree (expires_at);
alter table lti_waiting_launch enable row level security;
alter table lti_waiting_launch force row level security;
create policy gatehouse_rollup_reads on lti_waiting_launch for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on lti_waiting_launch for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on lti_waiting_launch to gatehouse_app;
grant select on lti_waiting_launch to gatehouse_backup;
grant select (tenant_id, launch_id, expires_at) on lti_waiting_launch to gatehouse_rollup;

create table notification (
  tenant_id uuid not null,
  notification_id uuid not null,
  target_id uuid not null,
  incident_tenant_id uuid not null,
  incident_id uuid not null,
  event text not null,
  state text not null,
  tries integer not null default 0,
  next_try_at timestamp with time zone not null,
  failure text,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint notification_pkey PRIMARY KEY (tenant_id, notification_id),
  constraint notification_tenant_id_target_id_incident_id_event_key UNIQUE (tenant_id, target_id, incident_id, event),
  constraint notification_tenant_id_target_id_fkey FOREIGN KEY (tenant_id, target_id) REFERENCES notification_target(tenant_id, target_id) ON DELETE CASCADE,
  constraint notification_check CHECK (((state = 'waiting'::text) = (ended_at IS NULL))),
  constraint notification_event_check CHECK ((event = ANY (ARRAY['opened'::text, 'acknowledged'::text, 'resolved'::text]))),
  constraint notification_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'dead'::text]))),
  constraint notification_tries_check CHECK ((tries >= 0))
);
CREATE INDEX notification_due ON public.notification USING btree (next_try_at) WHERE (state = 'waiting'::text);
alter table notification enable row level security;
alter table notification force row level security;
create policy gatehouse_rollup_reads on notification for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on notification for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on notification to gatehouse_app;
grant select on notification to gatehouse_backup;
grant update (state, tries, next_try_at, failure, ended_at) on notification to gatehouse_app;
grant select (tenant_id, notification_id, state, next_try_at) on notification to gatehouse_rollup;

create table notification_target (
  tenant_id uuid not null,
  target_id uuid not null,
  channel text not null,
  name text not null,
  sealed_address bytea not null,
  least_severity text not null,
  status text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  report_language text,
  constraint notification_target_pkey PRIMARY KEY (tenant_id, target_id),
  constraint notification_target_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'webhook'::text, 'slack'::text]))),
  constraint notification_target_least_severity_check CHECK ((least_severity = ANY (ARRAY['page'::text, 'ticket'::text]))),
  constraint notification_target_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint notification_target_report_language_check CHECK ((report_language = ANY (ARRAY['en'::text, 'es'::text]))),
  constraint notification_target_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text])))
);
alter table notification_target enable row level security;
alter table notification_target force row level security;
create policy gatehouse_rollup_reads on notification_target for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on notification_target for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on notification_target to gatehouse_app;
grant select on notification_target to gatehouse_backup;
grant select (tenant_id, target_id, channel, status, changed_at, report_language) on notification_target to gatehouse_rollup;

create table onboarding (
  tenant_id uuid not null,
  onboarding_id uuid not null,
  name text not null,
  partner text not null,
  kind text not null,
  connection_id uuid,
  stage text not null,
  waiting_on text not null,
  promised_on date,
  requested_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  version integer not null,
  in_stage_since timestamp with time zone,
  constraint onboarding_pkey PRIMARY KEY (tenant_id, onboarding_id),
  constraint onboarding_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint onboarding_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id),
  constraint onboarding_check CHECK (((stage = ANY (ARRAY['stable'::text, 'withdrawn'::text])) = (ended_at IS NOT NULL))),
  constraint onboarding_kind_check CHECK ((kind = ANY (ARRAY['lms'::text, 'identity'::text, 'roster'::text, 'grades'::text]))),
  constraint onboarding_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint onboarding_partner_check CHECK (((length(partner) >= 1) AND (length(partner) <= 100))),
  constraint onboarding_stage_check CHECK ((stage = ANY (ARRAY['requested'::text, 'agreement_signed'::text, 'credentials'::text, 'configured'::text, 'sandbox_tested'::text, 'partner_validated'::text, 'live'::text, 'stable'::text, 'withdrawn'::text]))),
  constraint onboarding_waiting_on_check CHECK ((waiting_on = ANY (ARRAY['us'::text, 'partner'::text, 'school'::text])))
);
CREATE UNIQUE INDEX onboarding_of_connection ON public.onboarding USING btree (tenant_id, connection_id) WHERE (connection_id IS NOT NULL);
alter table onboarding enable row level security;
alter table onboarding force row level security;
create policy gatehouse_rollup_reads on onboarding for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on onboarding for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on onboarding to gatehouse_app;
grant select on onboarding to gatehouse_backup;
grant select (tenant_id, onboarding_id, partner, kind, connection_id, stage, waiting_on, promised_on, requested_at, ended_at, in_stage_since) on onboarding to gatehouse_rollup;

create table onboarding_event (
  tenant_id uuid not null,
  onboarding_id uuid not null,
  event_no integer not null,
  stage text not null,
  waiting_on text not null,
  promised_on date,
  at timestamp with time zone not null,
  actor text not null,
  evidence text,
  constraint onboarding_event_pkey PRIMARY KEY (tenant_id, onboarding_id, event_no),
  constraint onboarding_event_tenant_id_onboarding_id_fkey FOREIGN KEY (tenant_id, onboarding_id) REFERENCES onboarding(tenant_id, onboarding_id),
  constraint onboarding_event_event_no_check CHECK ((event_no > 0)),
  constraint onboarding_event_evidence_check CHECK (((length(evidence) >= 1) AND (length(evidence) <= 50))),
  constraint onboarding_event_waiting_on_check CHECK ((waiting_on = ANY (ARRAY['us'::text, 'partner'::text, 'school'::text])))
);
alter table onboarding_event enable row level security;
alter table onboarding_event force row level security;
create policy gatehouse_rollup_reads on onboarding_event for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on onboarding_event for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on onboarding_event to gatehouse_app;
grant select on onboarding_event to gatehouse_backup;
grant select (tenant_id, onboarding_id, event_no, stage, waiting_on, at) on onboarding_event to gatehouse_rollup;

create table operator (
  tenant_id uuid not null,
  operator_id uuid not null,
  name text not null,
  email text not null,
  roles text[] not null,
  status text not null,
  password_hash text,
  company_subject text,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  last_sign_in_at timestamp with time zone,
  handed_by text[] not null default '{}'::text[],
  handed_at timestamp with time zone,
  disowned_at timestamp with time zone,
  constraint operator_pkey PRIMARY KEY (tenant_id, operator_id),
  constraint operator_tenant_id_company_subject_key UNIQUE (tenant_id, company_subject),
  constraint operator_tenant_id_email_key UNIQUE (tenant_id, email),
  constraint operator_company_subject_check CHECK (((length(company_subject) >= 1) AND (length(company_subject) <= 500))),
  constraint operator_email_check CHECK ((((length(email) >= 3) AND (length(email) <= 254)) AND (email = lower(email)))),
  constraint operator_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint operator_password_hash_check CHECK (((length(password_hash) >= 20) AND (length(password_hash) <= 500))),
  constraint operator_roles_check CHECK ((cardinality(roles) > 0)),
  constraint operator_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
alter table operator enable row level security;
alter table operator force row level security;
create policy tenant_isolation on operator for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on operator to gatehouse_app;
grant select on operator to gatehouse_backup;

create table operator_attempt (
  tenant_id uuid not null,
  key text not null,
  failures integer not null,
  blocked_until timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint operator_attempt_pkey PRIMARY KEY (tenant_id, key),
  constraint operator_attempt_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100)))
);
CREATE INDEX operator_attempt_over ON public.operator_attempt USING btree (expires_at);
alter table operator_attempt enable row level security;
alter table operator_attempt force row level security;
create policy tenant_isolation on operator_attempt for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on operator_attempt to gatehouse_app;
grant select on operator_attempt to gatehouse_backup;

create table operator_identity (
  tenant_id uuid not null,
  connection_id uuid not null,
  key_hash bytea not null,
  operator_id uuid not null,
  linked_at timestamp with time zone not null,
  constraint operator_identity_pkey PRIMARY KEY (tenant_id, connection_id, key_hash),
  constraint operator_identity_tenant_id_connection_id_operator_id_key UNIQUE (tenant_id, connection_id, operator_id),
  constraint operator_identity_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES operator_way(tenant_id, connection_id) ON DELETE CASCADE,
  constraint operator_identity_tenant_id_operator_id_fkey FOREIGN KEY (tenant_id, operator_id) REFERENCES operator(tenant_id, operator_id)
);
alter table operator_identity enable row level security;
alter table operator_identity force row level security;
create policy tenant_isolation on operator_identity for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on operator_identity to gatehouse_app;
grant select on operator_identity to gatehouse_backup;

create table operator_link (
  tenant_id uuid not null,
  link_id uuid not null,
  token_hash bytea not null,
  kind text not null,
  name text not null,
  email text,
  roles text[] not null default '{}'::text[],
  steps text[] not null default '{}'::text[],
  operator_id uuid,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  made_by text,
  behind text[] not null default '{}'::text[],
  constraint operator_link_pkey PRIMARY KEY (tenant_id, link_id),
  constraint operator_link_tenant_id_token_hash_key UNIQUE (tenant_id, token_hash),
  constraint operator_link_tenant_id_operator_id_fkey FOREIGN KEY (tenant_id, operator_id) REFERENCES operator(tenant_id, operator_id),
  constraint operator_link_check CHECK (((kind = 'set_up'::text) = (cardinality(steps) > 0))),
  constraint operator_link_email_check CHECK ((((length(email) >= 3) AND (length(email) <= 254)) AND (email = lower(email)))),
  constraint operator_link_kind_check CHECK ((kind = ANY (ARRAY['first_run'::text, 'invitation'::text, 'password'::text, 'set_up'::text, 'sign_in'::text]))),
  constraint operator_link_made_by_check CHECK (((length(made_by) >= 1) AND (length(made_by) <= 200))),
  constraint operator_link_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
CREATE INDEX operator_link_over ON public.operator_link USING btree (expires_at);
alter table operator_link enable row level security;
alter table operator_link force row level security;
create policy tenant_isolation on operator_link for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on operator_link to gatehouse_app;
grant select on operator_link to gatehouse_backup;
grant update (operator_id, used_at, revoked_at) on operator_link to gatehouse_app;

create table operator_oidc_request (
  tenant_id uuid not null,
  handle_hash bytea not null,
  browser_hash bytea not null,
  expectations jsonb not null,
  return_to text not null,
  expires_at timestamp with time zone not null,
  constraint operator_oidc_request_pkey PRIMARY KEY (tenant_id, handle_hash)
);
CREATE INDEX operator_oidc_request_over ON public.operator_oidc_request USING btree (expires_at);
alter table operator_oidc_request enable row level security;
alter table operator_oidc_request force row level security;
create policy tenant_isolation on operator_oidc_request for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on operator_oidc_request to gatehouse_app;
grant select on operator_oidc_request to gatehouse_backup;

create table operator_second_factor (
  tenant_id uuid not null,
  operator_id uuid not null,
  sealed_secret bytea not null,
  confirmed_at timestamp with time zone,
  last_step bigint not null default 0,
  recovery_hashes bytea[] not null default '{}'::bytea[],
  created_at timestamp with time zone not null,
  constraint operator_second_factor_pkey PRIMARY KEY (tenant_id, operator_id),
  constraint operator_second_factor_tenant_id_operator_id_fkey FOREIGN KEY (tenant_id, operator_id) REFERENCES operator(tenant_id, operator_id)
);
alter table operator_second_factor enable row level security;
alter table operator_second_factor force row level security;
create policy tenant_isolation on operator_second_factor for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on operator_second_factor to gatehouse_app;
grant select on operator_second_factor to gatehouse_backup;

create table operator_session (
  tenant_id uuid not null,
  session_id uuid not null,
  secret_hash bytea not null,
  operator_id uuid not null,
  stage text not null,
  began_by text not null,
  link_id uuid,
  steps text[],
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  idle_until timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text,
  connection_id uuid,
  partner_ends_at timestamp with time zone,
  proved_at timestamp with time zone,
  partner_name_hash bytea,
  partner_index_hash bytea,
  constraint operator_session_pkey PRIMARY KEY (tenant_id, session_id),
  constraint operator_session_tenant_id_secret_hash_key UNIQUE (tenant_id, secret_hash),
  constraint operator_session_tenant_id_link_id_fkey FOREIGN KEY (tenant_id, link_id) REFERENCES operator_link(tenant_id, link_id),
  constraint operator_session_tenant_id_operator_id_fkey FOREIGN KEY (tenant_id, operator_id) REFERENCES operator(tenant_id, operator_id),
  constraint operator_session_began_by_check CHECK ((began_by = ANY (ARRAY['password'::text, 'link'::text, 'company'::text, 'school'::text]))),
  constraint operator_session_check CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint operator_session_check1 CHECK (((link_id IS NULL) = (steps IS NULL))),
  constraint operator_session_ended_by_check CHECK ((ended_by = ANY (ARRAY['operator'::text, 'revoked'::text, 'rotated'::text, 'change'::text, 'partner'::text]))),
  constraint operator_session_partner_index_hash_check CHECK ((octet_length(partner_index_hash) = 32)),
  constraint operator_session_partner_name_hash_check CHECK ((octet_length(partner_name_hash) = 32)),
  constraint operator_session_stage_check CHECK ((stage = ANY (ARRAY['second_factor'::text, 'full'::text]))),
  constraint operator_session_way_check CHECK (((began_by = 'school'::text) = (connection_id IS NOT NULL)))
);
CREATE INDEX operator_session_of ON public.operator_session USING btree (tenant_id, operator_id) WHERE (ended_at IS NULL);
CREATE INDEX operator_session_over ON public.operator_session USING btree (ends_at);
alter table operator_session enable row level security;
alter table operator_session force row level security;
create policy tenant_isolation on operator_session for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on operator_session to gatehouse_app;
grant select on operator_session to gatehouse_backup;

create table operator_way (
  tenant_id uuid not null,
  connection_id uuid not null,
  actor text not null,
  opened_at timestamp with time zone not null,
  constraint operator_way_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint operator_way_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES identity_source(tenant_id, connection_id),
  constraint operator_way_actor_check CHECK (((length(actor) >= 1) AND (length(actor) <= 200)))
);
alter table operator_way enable row level security;
alter table operator_way force row level security;
create policy tenant_isolation on operator_way for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on operator_way to gatehouse_app;
grant select on operator_way to gatehouse_backup;

create table partitioned_table (
  name text not null,
  bound_by name not null,
  bound text not null,
  keep_days integer not null,
  constraint partitioned_table_pkey PRIMARY KEY (name),
  constraint partitioned_table_bound_check CHECK ((bound = ANY (ARRAY['time'::text, 'uuid'::text]))),
  constraint partitioned_table_keep_days_check CHECK ((keep_days > 0))
);
grant select on partitioned_table to gatehouse_backup;
grant select on partitioned_table to gatehouse_rollup;

create table partner_host (
  host text not null,
  state text not null,
  failures integer not null,
  reason text not null,
  opened_at timestamp with time zone not null,
  until timestamp with time zone not null,
  constraint partner_host_pkey PRIMARY KEY (host),
  constraint partner_host_failures_check CHECK ((failures > 0)),
  constraint partner_host_host_check CHECK (((length(host) >= 1) AND (length(host) <= 300))),
  constraint partner_host_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 100))),
  constraint partner_host_state_check CHECK ((state = ANY (ARRAY['open'::text, 'half_open'::text])))
);
grant select, insert, update, delete on partner_host to gatehouse_app;
grant select on partner_host to gatehouse_backup;
grant select on partner_host to gatehouse_rollup;

create table person (
  tenant_id uuid not null,
  person_id uuid not null,
  name text,
  given_name text,
  family_name text,
  email text,
  locale text,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  merged_into uuid,
  email_key text default NULLIF(lower(btrim(email)), ''::text),
  constraint person_pkey PRIMARY KEY (tenant_id, person_id)
);
CREATE INDEX person_email ON public.person USING btree (tenant_id, email_key) WHERE (email_key IS NOT NULL);
CREATE INDEX person_merged_into ON public.person USING btree (tenant_id, merged_into) WHERE (merged_into IS NOT NULL);
alter table person enable row level security;
alter table person force row level security;
create policy tenant_isolation on person for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on person to gatehouse_app;
grant select on person to gatehouse_backup;

create table person_link (
  tenant_id uuid not null,
  connection_id uuid not null,
  subject text not null,
  person_id uuid not null,
  created_at timestamp with time zone not null,
  claimed_id text,
  issuer text,
  issued_subject text,
  match_value text,
  is_unsettled boolean not null default false,
  constraint person_link_pkey PRIMARY KEY (tenant_id, connection_id, subject),
  constraint person_link_check CHECK (((issuer IS NULL) = (issued_subject IS NULL))),
  constraint person_link_claimed_id_check CHECK (((length(claimed_id) >= 1) AND (length(claimed_id) <= 255))),
  constraint person_link_issued_subject_check CHECK (((length(issued_subject) >= 1) AND (length(issued_subject) <= 2000))),
  constraint person_link_issuer_check CHECK (((length(issuer) >= 1) AND (length(issuer) <= 2000))),
  constraint person_link_match_value_check CHECK (((length(match_value) >= 1) AND (length(match_value) <= 255))),
  constraint person_link_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 255)))
);
CREATE INDEX person_link_match ON public.person_link USING btree (tenant_id, match_value) WHERE (match_value IS NOT NULL);
CREATE INDEX person_link_of_person ON public.person_link USING btree (tenant_id, person_id);
CREATE INDEX person_link_unsettled ON public.person_link USING btree (tenant_id) WHERE is_unsettled;
alter table person_link enable row level security;
alter table person_link force row level security;
create policy tenant_isolation on person_link for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on person_link to gatehouse_app;
grant select on person_link to gatehouse_backup;

create table person_linked_roster (
  tenant_id uuid not null,
  connection_id uuid not null,
  linked_run integer not null,
  wanted_run integer not null,
  constraint person_linked_roster_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint person_linked_roster_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id)
);
alter table person_linked_roster enable row level security;
alter table person_linked_roster force row level security;
create policy gatehouse_rollup_reads on person_linked_roster for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on person_linked_roster for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on person_linked_roster to gatehouse_app;
grant select on person_linked_roster to gatehouse_backup;
grant select (tenant_id, linked_run, wanted_run) on person_linked_roster to gatehouse_rollup;

create table person_linking (
  tenant_id uuid not null,
  "position" jsonb not null,
  moved_at timestamp with time zone not null default now(),
  constraint person_linking_pkey PRIMARY KEY (tenant_id),
  constraint person_linking_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id)
);
alter table person_linking enable row level security;
alter table person_linking force row level security;
create policy gatehouse_rollup_reads on person_linking for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on person_linking for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on person_linking to gatehouse_app;
grant select on person_linking to gatehouse_backup;
grant select (tenant_id, moved_at) on person_linking to gatehouse_rollup;

create table person_match_rule (
  tenant_id uuid not null,
  roster_column text not null,
  link_field text not null,
  changed_at timestamp with time zone not null,
  constraint person_match_rule_pkey PRIMARY KEY (tenant_id),
  constraint person_match_rule_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id),
  constraint person_match_rule_link_field_check CHECK ((link_field = ANY (ARRAY['lisPersonSourcedId'::text, 'subject'::text]))),
  constraint person_match_rule_roster_column_check CHECK (((length(roster_column) >= 1) AND (length(roster_column) <= 100)))
);
alter table person_match_rule enable row level security;
alter table person_match_rule force row level security;
create policy tenant_isolation on person_match_rule for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on person_match_rule to gatehouse_app;
grant select on person_match_rule to gatehouse_backup;

create table person_merge (
  tenant_id uuid not null,
  merge_id uuid not null,
  kept_id uuid not null,
  absorbed_id uuid not null,
  moved jsonb not null,
  merged_by text not null,
  merged_at timestamp with time zone not null,
  undone_by text,
  undone_at timestamp with time zone,
  constraint person_merge_pkey PRIMARY KEY (tenant_id, merge_id),
  constraint person_merge_check CHECK (((undone_by IS NULL) = (undone_at IS NULL)))
);
CREATE UNIQUE INDEX person_merge_absorbed ON public.person_merge USING btree (tenant_id, absorbed_id) WHERE (undone_at IS NULL);
CREATE INDEX person_merge_kept ON public.person_merge USING btree (tenant_id, kept_id);
CREATE INDEX person_merge_pair ON public.person_merge USING btree (tenant_id, absorbed_id, kept_id);
alter table person_merge enable row level security;
alter table person_merge force row level security;
create policy tenant_isolation on person_merge for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on person_merge to gatehouse_app;
grant select on person_merge to gatehouse_backup;

create table person_newcomer (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  person_id uuid not null,
  match_value text,
  constraint person_newcomer_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX person_newcomer_match ON public.person_newcomer USING btree (tenant_id, match_value) WHERE (match_value IS NOT NULL);
alter table person_newcomer enable row level security;
alter table person_newcomer force row level security;
create policy tenant_isolation on person_newcomer for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on person_newcomer to gatehouse_app;
grant select on person_newcomer to gatehouse_backup;

create table person_review (
  tenant_id uuid not null,
  review_id uuid not null,
  reason text not null,
  state text not null,
  connection_id uuid not null,
  subject text not null,
  person_id uuid not null,
  other_id uuid not null,
  agree text[] not null,
  differ text[] not null,
  found_at timestamp with time zone not null,
  merge_id uuid,
  decided_by text,
  decided_at timestamp with time zone,
  constraint person_review_pkey PRIMARY KEY (tenant_id, review_id),
  constraint person_review_check CHECK (((state = 'open'::text) = (decided_at IS NULL))),
  constraint person_review_reason_check CHECK ((reason = ANY (ARRAY['email_only'::text, 'several_hits'::text, 'same_connection'::text, 'student_and_adult'::text, 'recycled_identifier'::text, 'recycled_sourced_id'::text, 'both_known'::text]))),
  constraint person_review_state_check CHECK ((state = ANY (ARRAY['open'::text, 'joined'::text, 'kept_apart'::text, 'dismissed'::text])))
);
CREATE INDEX person_review_one ON public.person_review USING btree (tenant_id, person_id);
CREATE INDEX person_review_open ON public.person_review USING btree (tenant_id, review_id) WHERE (state = 'open'::text);
CREATE INDEX person_review_other ON public.person_review USING btree (tenant_id, other_id);
CREATE UNIQUE INDEX person_review_pair ON public.person_review USING btree (tenant_id, LEAST(person_id, other_id), GREATEST(person_id, other_id), reason) WHERE (state <> 'joined'::text);
alter table person_review enable row level security;
alter table person_review force row level security;
create policy tenant_isolation on person_review for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on person_review to gatehouse_app;
grant select on person_review to gatehouse_backup;

create table person_tombstone (
  tenant_id uuid not null,
  connection_id uuid not null,
  key_hash bytea not null,
  erased_at timestamp with time zone not null,
  constraint person_tombstone_pkey PRIMARY KEY (tenant_id, connection_id, key_hash),
  constraint person_tombstone_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id)
);
alter table person_tombstone enable row level security;
alter table person_tombstone force row level security;
create policy tenant_isolation on person_tombstone for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on person_tombstone to gatehouse_app;
grant select on person_tombstone to gatehouse_backup;
grant select on person_tombstone to gatehouse_staging;

create table probe_run (
  tenant_id uuid not null,
  probe_id uuid not null,
  connection_id uuid not null,
  kind text not null,
  outcome outcome not null,
  reason text,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  constraint probe_run_pkey PRIMARY KEY (tenant_id, probe_id),
  constraint probe_run_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint probe_run_kind_check CHECK ((kind = ANY (ARRAY['launch'::text, 'login'::text, 'read'::text])))
);
CREATE INDEX probe_run_ended ON public.probe_run USING brin (ended_at);
CREATE INDEX probe_run_of_connection ON public.probe_run USING btree (tenant_id, connection_id, ended_at DESC);
alter table probe_run enable row level security;
alter table probe_run force row level security;
create policy gatehouse_rollup_reads on probe_run for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on probe_run for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on probe_run to gatehouse_app;
grant select on probe_run to gatehouse_backup;
grant select on probe_run to gatehouse_rollup;

create table probe_switch (
  tenant_id uuid not null,
  connection_id uuid not null,
  changed_at timestamp with time zone not null,
  constraint probe_switch_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint probe_switch_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id)
);
alter table probe_switch enable row level security;
alter table probe_switch force row level security;
create policy gatehouse_rollup_reads on probe_switch for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on probe_switch for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on probe_switch to gatehouse_app;
grant select on probe_switch to gatehouse_backup;
grant select (tenant_id, connection_id) on probe_switch to gatehouse_rollup;

create table pseudonym (
  tenant_id uuid not null,
  tool_id uuid not null,
  person_id uuid not null,
  sub text not null,
  created_at timestamp with time zone not null,
  alias_of uuid,
  constraint pseudonym_pkey PRIMARY KEY (tenant_id, tool_id, person_id),
  constraint pseudonym_tenant_id_tool_id_sub_key UNIQUE (tenant_id, tool_id, sub),
  constraint pseudonym_tenant_id_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES person(tenant_id, person_id)
);
CREATE INDEX pseudonym_of_person ON public.pseudonym USING btree (tenant_id, person_id);
alter table pseudonym enable row level security;
alter table pseudonym force row level security;
create policy tenant_isolation on pseudonym for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on pseudonym to gatehouse_app;
grant select on pseudonym to gatehouse_backup;

create table raised_rights (
  tenant_id uuid not null,
  raise_id uuid not null,
  operator_id uuid not null,
  scopes text[] not null,
  reason text not null,
  started_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint raised_rights_pkey PRIMARY KEY (tenant_id, raise_id),
  constraint raised_rights_check CHECK ((ends_at <= (started_at + '04:00:00'::interval))),
  constraint raised_rights_reason_check CHECK (((length(reason) >= 10) AND (length(reason) <= 1000))),
  constraint raised_rights_scopes_check CHECK ((cardinality(scopes) > 0))
);
CREATE INDEX raised_rights_of ON public.raised_rights USING btree (tenant_id, operator_id, ends_at);
alter table raised_rights enable row level security;
alter table raised_rights force row level security;
create policy tenant_isolation on raised_rights for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on raised_rights to gatehouse_app;
grant select on raised_rights to gatehouse_backup;
grant update (ended_at) on raised_rights to gatehouse_app;

create table readiness_evidence (
  tenant_id uuid not null,
  connection_id uuid not null,
  subject text not null,
  amount bigint,
  noted_at timestamp with time zone not null,
  noted_by text not null,
  constraint readiness_evidence_pkey PRIMARY KEY (tenant_id, connection_id, subject),
  constraint readiness_evidence_amount_check CHECK ((amount > 0)),
  constraint readiness_evidence_noted_by_check CHECK (((length(noted_by) >= 1) AND (length(noted_by) <= 200))),
  constraint readiness_evidence_subject_check CHECK ((subject = ANY (ARRAY['contacts'::text, 'grade_return'::text, 'load_test'::text])))
);
alter table readiness_evidence enable row level security;
alter table readiness_evidence force row level security;
create policy tenant_isolation on readiness_evidence for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on readiness_evidence to gatehouse_app;
grant select on readiness_evidence to gatehouse_backup;

create table release_policy (
  tenant_id uuid not null,
  tool_id uuid not null,
  version integer not null,
  rules jsonb not null,
  created_at timestamp with time zone not null,
  constraint release_policy_pkey PRIMARY KEY (tenant_id, tool_id, version),
  constraint release_policy_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id),
  constraint release_policy_tool_id_fkey FOREIGN KEY (tool_id) REFERENCES tool(tool_id),
  constraint release_policy_version_check CHECK ((version > 0))
);
alter table release_policy enable row level security;
alter table release_policy force row level security;
create policy tenant_isolation on release_policy for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on release_policy to gatehouse_app;
grant select on release_policy to gatehouse_backup;

create table report_mail (
  tenant_id uuid not null,
  target_id uuid not null,
  month date not null,
  state text not null,
  tries integer not null default 0,
  next_try_at timestamp with time zone not null,
  failure text,
  ended_at timestamp with time zone,
  constraint report_mail_pkey PRIMARY KEY (tenant_id, target_id, month),
  constraint report_mail_tenant_id_target_id_fkey FOREIGN KEY (tenant_id, target_id) REFERENCES notification_target(tenant_id, target_id) ON DELETE CASCADE,
  constraint report_mail_check CHECK (((state = 'waiting'::text) = (ended_at IS NULL))),
  constraint report_mail_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'dead'::text]))),
  constraint report_mail_tries_check CHECK ((tries >= 0))
);
CREATE INDEX report_mail_due ON public.report_mail USING btree (next_try_at) WHERE (state = 'waiting'::text);
alter table report_mail enable row level security;
alter table report_mail force row level security;
create policy gatehouse_rollup_reads on report_mail for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on report_mail for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on report_mail to gatehouse_app;
grant select on report_mail to gatehouse_backup;
grant update (state, tries, next_try_at, failure, ended_at) on report_mail to gatehouse_app;
grant select (tenant_id, target_id, month, state, next_try_at) on report_mail to gatehouse_rollup;

create table roster_category (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  title text,
  weight numeric,
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_category_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_category_removed ON public.roster_category USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_category enable row level security;
alter table roster_category force row level security;
create policy tenant_isolation on roster_category for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_category to gatehouse_app;
grant select on roster_category to gatehouse_backup;
grant select, insert, update on roster_category to gatehouse_staging;

create table roster_change (
  tenant_id uuid not null,
  connection_id uuid not null,
  run_no integer not null,
  entity text not null,
  sourced_id text not null,
  action text not null,
  before jsonb,
  constraint roster_change_pkey PRIMARY KEY (tenant_id, connection_id, run_no, entity, sourced_id)
);
alter table roster_change enable row level security;
alter table roster_change force row level security;
create policy tenant_isolation on roster_change for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on roster_change to gatehouse_app;
grant select on roster_change to gatehouse_backup;
grant select, insert, delete on roster_change to gatehouse_staging;

create table roster_class (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  title text,
  grades text[],
  course_sourced_id text,
  class_code text,
  class_type text,
  location text,
  school_sourced_id text,
  term_sourced_ids text[],
  subjects text[],
  subject_codes text[],
  periods text[],
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_class_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_class_of_school ON public.roster_class USING btree (connection_id, school_sourced_id);
CREATE INDEX roster_class_removed ON public.roster_class USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_class enable row level security;
alter table roster_class force row level security;
create policy tenant_isolation on roster_class for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_class to gatehouse_app;
grant select on roster_class to gatehouse_backup;
grant select, insert, update on roster_class to gatehouse_staging;

create table roster_course (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  school_year_sourced_id text,
  title text,
  course_code text,
  grades text[],
  org_sourced_id text,
  subjects text[],
  subject_codes text[],
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_course_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_course_removed ON public.roster_course USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_course enable row level security;
alter table roster_course force row level security;
create policy tenant_isolation on roster_course for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_course to gatehouse_app;
grant select on roster_course to gatehouse_backup;
grant select, insert, update on roster_course to gatehouse_staging;

create table roster_demographics (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  birth_date date,
  sex text,
  american_indian_or_alaska_native boolean,
  asian boolean,
  black_or_african_american boolean,
  native_hawaiian_or_other_pacific_islander boolean,
  white boolean,
  demographic_race_two_or_more_races boolean,
  hispanic_or_latino_ethnicity boolean,
  country_of_birth_code text,
  state_of_birth_abbreviation text,
  city_of_birth text,
  public_school_residence_status text,
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_demographics_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_demographics_removed ON public.roster_demographics USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_demographics enable row level security;
alter table roster_demographics force row level security;
create policy tenant_isolation on roster_demographics for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_demographics to gatehouse_app;
grant select on roster_demographics to gatehouse_backup;
grant select, insert, update on roster_demographics to gatehouse_staging;

create table roster_enrollment (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  class_sourced_id text,
  school_sourced_id text,
  user_sourced_id text,
  role text,
  "primary" boolean,
  begin_date date,
  end_date date,
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_enrollment_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_enrollment_of_class ON public.roster_enrollment USING btree (connection_id, class_sourced_id);
CREATE INDEX roster_enrollment_of_user ON public.roster_enrollment USING btree (connection_id, user_sourced_id);
CREATE INDEX roster_enrollment_removed ON public.roster_enrollment USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_enrollment enable row level security;
alter table roster_enrollment force row level security;
create policy tenant_isolation on roster_enrollment for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_enrollment to gatehouse_app;
grant select on roster_enrollment to gatehouse_backup;
grant select, insert, update on roster_enrollment to gatehouse_staging;

create table roster_line_item (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  title text,
  description text,
  assign_date date,
  due_date date,
  class_sourced_id text,
  category_sourced_id text,
  academic_session_sourced_id text,
  result_value_min numeric,
  result_value_max numeric,
  school_sourced_id text,
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_line_item_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_line_item_removed ON public.roster_line_item USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_line_item enable row level security;
alter table roster_line_item force row level security;
create policy tenant_isolation on roster_line_item for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_line_item to gatehouse_app;
grant select on roster_line_item to gatehouse_backup;
grant select, insert, update on roster_line_item to gatehouse_staging;

create table roster_org (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  name text,
  type text,
  identifier text,
  parent_sourced_id text,
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_org_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_org_removed ON public.roster_org USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_org enable row level security;
alter table roster_org force row level security;
create policy tenant_isolation on roster_org for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_org to gatehouse_app;
grant select on roster_org to gatehouse_backup;
grant select, insert, update on roster_org to gatehouse_staging;

create table roster_override (
  tenant_id uuid not null,
  connection_id uuid not null,
  entity text not null,
  sourced_id text not null,
  column_name text not null,
  value text,
  set_by text not null,
  set_at timestamp with time zone not null,
  constraint roster_override_pkey PRIMARY KEY (tenant_id, connection_id, entity, sourced_id, column_name),
  constraint roster_override_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES roster_source(tenant_id, connection_id)
);
alter table roster_override enable row level security;
alter table roster_override force row level security;
create policy tenant_isolation on roster_override for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_override to gatehouse_app;
grant select on roster_override to gatehouse_backup;
grant select on roster_override to gatehouse_staging;

create table roster_result (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  line_item_sourced_id text,
  student_sourced_id text,
  score_status text,
  score numeric,
  score_date date,
  comment text,
  text_score text,
  class_sourced_id text,
  in_progress boolean,
  incomplete boolean,
  late boolean,
  missing boolean,
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_result_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_result_of_line_item ON public.roster_result USING btree (connection_id, line_item_sourced_id);
CREATE INDEX roster_result_removed ON public.roster_result USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_result enable row level security;
alter table roster_result force row level security;
create policy tenant_isolation on roster_result for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_result to gatehouse_app;
grant select on roster_result to gatehouse_backup;
grant select, insert, update on roster_result to gatehouse_staging;

create table roster_role (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  user_sourced_id text,
  role_type text,
  role text,
  begin_date date,
  end_date date,
  org_sourced_id text,
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_role_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_role_of_user ON public.roster_role USING btree (connection_id, user_sourced_id);
CREATE INDEX roster_role_removed ON public.roster_role USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_role enable row level security;
alter table roster_role force row level security;
create policy tenant_isolation on roster_role for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_role to gatehouse_app;
grant select on roster_role to gatehouse_backup;
grant select, insert, update on roster_role to gatehouse_staging;

create table roster_session (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  title text,
  type text,
  start_date date,
  end_date date,
  parent_sourced_id text,
  school_year text,
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_session_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_session_removed ON public.roster_session USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_session enable row level security;
alter table roster_session force row level security;
create policy tenant_isolation on roster_session for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_session to gatehouse_app;
grant select on roster_session to gatehouse_backup;
grant select, insert, update on roster_session to gatehouse_staging;

create table roster_source (
  tenant_id uuid not null,
  connection_id uuid not null,
  connector text not null,
  vendor text,
  settings jsonb not null,
  secret_names text[] not null default '{}'::text[],
  sealed_secrets bytea,
  profile text not null default 'tolerant'::text,
  demographics boolean not null default false,
  schools text[],
  schedule jsonb,
  rollovers jsonb not null default '[]'::jsonb,
  thresholds jsonb not null default '{}'::jsonb,
  holds_removals_only boolean not null default false,
  grace_days integer not null default 30,
  plan_days integer not null default 7,
  status text not null,
  last_run_no integer not null default 0,
  base integer not null default 0,
  next_run_at timestamp with time zone,
  version integer not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint roster_source_pkey PRIMARY KEY (tenant_id, connection_id),
  constraint roster_source_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint roster_source_grace_days_check CHECK (((grace_days >= 0) AND (grace_days <= 3650))),
  constraint roster_source_plan_days_check CHECK (((plan_days >= 1) AND (plan_days <= 90))),
  constraint roster_source_profile_check CHECK ((profile = ANY (ARRAY['tolerant'::text, 'strict'::text]))),
  constraint roster_source_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'disabled'::text])))
);
CREATE INDEX roster_source_next ON public.roster_source USING btree (next_run_at) WHERE ((status = 'active'::text) AND (next_run_at IS NOT NULL));
alter table roster_source enable row level security;
alter table roster_source force row level security;
create policy gatehouse_rollup_reads on roster_source for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on roster_source for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on roster_source to gatehouse_app;
grant select on roster_source to gatehouse_backup;
grant select (tenant_id, connection_id, connector, status, next_run_at) on roster_source to gatehouse_rollup;

create table roster_source_state (
  tenant_id uuid not null,
  connection_id uuid not null,
  entity text not null,
  state text not null,
  changed_at timestamp with time zone not null,
  constraint roster_source_state_pkey PRIMARY KEY (tenant_id, connection_id, entity),
  constraint roster_source_state_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES roster_source(tenant_id, connection_id)
);
alter table roster_source_state enable row level security;
alter table roster_source_state force row level security;
create policy tenant_isolation on roster_source_state for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_source_state to gatehouse_app;
grant select on roster_source_state to gatehouse_backup;

create table roster_upload (
  tenant_id uuid not null,
  upload_id uuid not null,
  connection_id uuid not null,
  name text not null,
  bytes bigint not null,
  created_at timestamp with time zone not null,
  constraint roster_upload_pkey PRIMARY KEY (tenant_id, upload_id),
  constraint roster_upload_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES roster_source(tenant_id, connection_id),
  constraint roster_upload_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255)))
);
alter table roster_upload enable row level security;
alter table roster_upload force row level security;
create policy tenant_isolation on roster_upload for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_upload to gatehouse_app;
grant select on roster_upload to gatehouse_backup;

create table roster_upload_piece (
  tenant_id uuid not null,
  upload_id uuid not null,
  piece integer not null,
  bytes bytea not null,
  constraint roster_upload_piece_pkey PRIMARY KEY (tenant_id, upload_id, piece),
  constraint roster_upload_piece_tenant_id_upload_id_fkey FOREIGN KEY (tenant_id, upload_id) REFERENCES roster_upload(tenant_id, upload_id) ON DELETE CASCADE
);
alter table roster_upload_piece enable row level security;
alter table roster_upload_piece force row level security;
create policy tenant_isolation on roster_upload_piece for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on roster_upload_piece to gatehouse_app;
grant select on roster_upload_piece to gatehouse_backup;

create table roster_user (
  tenant_id uuid not null,
  connection_id uuid not null,
  sourced_id text not null,
  enabled_user boolean,
  username text,
  user_ids text[],
  given_name text,
  family_name text,
  middle_name text,
  identifier text,
  email text,
  sms text,
  phone text,
  agent_sourced_ids text[],
  grades text[],
  user_master_identifier text,
  preferred_given_name text,
  preferred_middle_name text,
  preferred_family_name text,
  primary_org_sourced_id text,
  pronouns text,
  metadata jsonb,
  content_hash bigint not null,
  created_run integer not null,
  changed_run integer not null,
  part integer not null,
  line integer not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint roster_user_pkey PRIMARY KEY (tenant_id, connection_id, sourced_id)
);
CREATE INDEX roster_user_changed ON public.roster_user USING btree (tenant_id, connection_id, changed_run, sourced_id) WHERE (changed_run > 0);
CREATE INDEX roster_user_removed ON public.roster_user USING btree (tenant_id, connection_id, removed_at) WHERE (removed_at IS NOT NULL);
alter table roster_user enable row level security;
alter table roster_user force row level security;
create policy tenant_isolation on roster_user for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on roster_user to gatehouse_app;
grant select on roster_user to gatehouse_backup;
grant select, insert, update on roster_user to gatehouse_staging;

create table schema_migration (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (name)
);
grant select on schema_migration to gatehouse_app;
grant select on schema_migration to gatehouse_backup;
grant select on schema_migration to gatehouse_migrator;

create table school_calendar (
  tenant_id uuid not null,
  zone text not null,
  changed_at timestamp with time zone not null,
  constraint school_calendar_pkey PRIMARY KEY (tenant_id),
  constraint school_calendar_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id),
  constraint school_calendar_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 100)))
);
alter table school_calendar enable row level security;
alter table school_calendar force row level security;
create policy gatehouse_rollup_reads on school_calendar for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on school_calendar for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on school_calendar to gatehouse_app;
grant select on school_calendar to gatehouse_backup;
grant select on school_calendar to gatehouse_rollup;

create table secret_term (
  tenant_id uuid not null,
  connection_id uuid not null,
  name text not null,
  not_after timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint secret_term_pkey PRIMARY KEY (tenant_id, connection_id, name),
  constraint secret_term_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES connection(tenant_id, connection_id),
  constraint secret_term_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);
alter table secret_term enable row level security;
alter table secret_term force row level security;
create policy gatehouse_rollup_reads on secret_term for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on secret_term for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on secret_term to gatehouse_app;
grant select on secret_term to gatehouse_backup;
grant select on secret_term to gatehouse_rollup;

create table service_level (
  tenant_id uuid not null,
  kind text not null,
  tier text not null,
  target double precision not null,
  exam_target double precision not null,
  changed_at timestamp with time zone not null,
  constraint service_level_pkey PRIMARY KEY (tenant_id, kind, tier),
  constraint service_level_exam_target_check CHECK (((exam_target > (0)::double precision) AND (exam_target <= (1)::double precision))),
  constraint service_level_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 50))),
  constraint service_level_target_check CHECK (((target > (0)::double precision) AND (target <= (1)::double precision))),
  constraint service_level_tier_check CHECK (((length(tier) >= 1) AND (length(tier) <= 50)))
);
alter table service_level enable row level security;
alter table service_level force row level security;
create policy gatehouse_rollup_reads on service_level for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on service_level for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on service_level to gatehouse_app;
grant select on service_level to gatehouse_backup;
grant select on service_level to gatehouse_rollup;

create table session (
  tenant_id uuid not null,
  session_id uuid not null,
  secret_hash bytea not null,
  person_id uuid not null,
  connection_id uuid not null,
  subject text not null,
  role text,
  partner_name_hash bytea,
  partner_index_hash bytea,
  sealed_partner bytea,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  idle_until timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text,
  checked_at timestamp with time zone,
  constraint session_pkey PRIMARY KEY (tenant_id, session_id),
  constraint session_tenant_id_secret_hash_key UNIQUE (tenant_id, secret_hash),
  constraint session_tenant_id_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES person(tenant_id, person_id),
  constraint session_check CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint session_ended_by_check CHECK ((ended_by = ANY (ARRAY['person'::text, 'partner'::text, 'operator'::text, 'directory'::text, 'idle'::text, 'expired'::text, 'replaced'::text])))
);
CREATE INDEX session_idle ON public.session USING btree (idle_until) WHERE (ended_at IS NULL);
CREATE INDEX session_of_partner ON public.session USING btree (tenant_id, connection_id, partner_name_hash) WHERE (ended_at IS NULL);
CREATE INDEX session_of_person ON public.session USING btree (tenant_id, person_id) WHERE (ended_at IS NULL);
CREATE INDEX session_over ON public.session USING btree (ends_at);
alter table session enable row level security;
alter table session force row level security;
create policy tenant_isolation on session for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on session to gatehouse_app;
grant select on session to gatehouse_backup;

create table setup_agreement (
  tenant_id uuid not null,
  agreement_id uuid not null,
  actor text not null,
  tools jsonb not null,
  agreed_at timestamp with time zone not null,
  by_link_of text,
  behind text[] not null default '{}'::text[],
  counts_from timestamp with time zone,
  constraint setup_agreement_pkey PRIMARY KEY (tenant_id, agreement_id),
  constraint setup_agreement_actor_check CHECK (((length(actor) >= 1) AND (length(actor) <= 200))),
  constraint setup_agreement_by_link_of_check CHECK (((length(by_link_of) >= 1) AND (length(by_link_of) <= 200))),
  constraint setup_agreement_counts_from_check CHECK ((counts_from IS NOT NULL)) NOT VALID
);
alter table setup_agreement enable row level security;
alter table setup_agreement force row level security;
create policy tenant_isolation on setup_agreement for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on setup_agreement to gatehouse_app;
grant select on setup_agreement to gatehouse_backup;

create table setup_confirmation (
  tenant_id uuid not null,
  agreement_id uuid not null,
  actor text not null,
  confirmed_at timestamp with time zone not null,
  constraint setup_confirmation_pkey PRIMARY KEY (tenant_id, agreement_id),
  constraint setup_confirmation_tenant_id_agreement_id_fkey FOREIGN KEY (tenant_id, agreement_id) REFERENCES setup_agreement(tenant_id, agreement_id),
  constraint setup_confirmation_actor_check CHECK (((length(actor) >= 1) AND (length(actor) <= 200)))
);
alter table setup_confirmation enable row level security;
alter table setup_confirmation force row level security;
create policy tenant_isolation on setup_confirmation for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on setup_confirmation to gatehouse_app;
grant select on setup_confirmation to gatehouse_backup;

create table sign_in (
  tenant_id uuid not null,
  sign_in_id uuid not null,
  reference text not null,
  connection_id uuid not null,
  protocol text not null,
  outcome outcome not null,
  reason text,
  person_id uuid,
  how text,
  is_test boolean not null,
  trace jsonb not null,
  at timestamp with time zone not null,
  copied boolean not null default false,
  constraint sign_in_pkey PRIMARY KEY (tenant_id, sign_in_id)
);
CREATE INDEX sign_in_good ON public.sign_in USING btree (tenant_id, connection_id, sign_in_id) WHERE (((outcome)::text = 'success'::text) OR (is_test AND (reason IS NULL)));
CREATE INDEX sign_in_reference ON public.sign_in USING btree (tenant_id, reference);
CREATE INDEX sign_in_to_copy ON public.sign_in USING btree (tenant_id, sign_in_id) WHERE (NOT copied);
alter table sign_in enable row level security;
alter table sign_in force row level security;
create policy gatehouse_rollup_reads on sign_in for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on sign_in for update to gatehouse_rollup
  using (true)
  with check (true);
create policy tenant_isolation on sign_in for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on sign_in to gatehouse_app;
grant select on sign_in to gatehouse_backup;
grant update (person_id) on sign_in to gatehouse_app;
grant select (tenant_id, sign_in_id, connection_id, outcome, reason, is_test, at, copied) on sign_in to gatehouse_rollup;
grant update (copied) on sign_in to gatehouse_rollup;

create table sign_in_attempt (
  tenant_id uuid not null,
  key text not null,
  attempts integer not null,
  window_ends_at timestamp with time zone not null,
  constraint sign_in_attempt_pkey PRIMARY KEY (tenant_id, key),
  constraint sign_in_attempt_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100)))
);
CREATE INDEX sign_in_attempt_over ON public.sign_in_attempt USING btree (window_ends_at);
alter table sign_in_attempt enable row level security;
alter table sign_in_attempt force row level security;
create policy tenant_isolation on sign_in_attempt for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on sign_in_attempt to gatehouse_app;
grant select on sign_in_attempt to gatehouse_backup;

create unlogged table sign_in_request (
  tenant_id uuid not null,
  handle_hash bytea not null,
  connection_id uuid not null,
  connection_version integer not null,
  browser_hash bytea not null,
  expectations jsonb not null,
  return_to text not null,
  is_test boolean not null default false,
  expires_at timestamp with time zone not null,
  console jsonb,
  constraint sign_in_request_pkey PRIMARY KEY (tenant_id, handle_hash)
);
CREATE INDEX sign_in_request_expiry ON public.sign_in_request USING btree (expires_at);
alter table sign_in_request enable row level security;
alter table sign_in_request force row level security;
create policy tenant_isolation on sign_in_request for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on sign_in_request to gatehouse_app;
grant select on sign_in_request to gatehouse_backup;

create table signing_key (
  tenant_id uuid not null,
  kid text not null,
  state text not null,
  public_jwk jsonb not null,
  sealed_private_key bytea not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint signing_key_pkey PRIMARY KEY (tenant_id, kid),
  constraint signing_key_state_check CHECK ((state = ANY (ARRAY['published'::text, 'signing'::text, 'retired'::text, 'revoked'::text])))
);
CREATE UNIQUE INDEX signing_key_one_signs ON public.signing_key USING btree (tenant_id) WHERE (state = 'signing'::text);
alter table signing_key enable row level security;
alter table signing_key force row level security;
create policy gatehouse_rollup_reads on signing_key for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on signing_key for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert on signing_key to gatehouse_app;
grant select on signing_key to gatehouse_backup;
grant update (state, sealed_private_key, changed_at) on signing_key to gatehouse_app;
grant select (tenant_id, kid, state, changed_at) on signing_key to gatehouse_rollup;

create table sink_cursor (
  sink text not null,
  sent bigint not null,
  planned bigint,
  rows_sent bigint not null default 0,
  last_sent_at timestamp with time zone,
  failure text,
  changed_at timestamp with time zone not null,
  constraint sink_cursor_pkey PRIMARY KEY (sink),
  constraint sink_cursor_check CHECK ((planned > sent)),
  constraint sink_cursor_sink_check CHECK (((length(sink) >= 1) AND (length(sink) <= 100)))
);
grant select on sink_cursor to gatehouse_backup;
grant select, insert, update on sink_cursor to gatehouse_rollup;

create table status_link (
  tenant_id uuid not null,
  link_id uuid not null,
  partner text,
  secret_hash bytea not null,
  created_at timestamp with time zone not null,
  constraint status_link_pkey PRIMARY KEY (tenant_id, link_id),
  constraint status_link_tenant_id_secret_hash_key UNIQUE (tenant_id, secret_hash),
  constraint status_link_partner_check CHECK (((length(partner) >= 1) AND (length(partner) <= 100)))
);
alter table status_link enable row level security;
alter table status_link force row level security;
create policy tenant_isolation on status_link for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on status_link to gatehouse_app;
grant select on status_link to gatehouse_backup;

create table stored_secret (
  tenant_id uuid not null,
  name text not null,
  sealed bytea not null,
  created_at timestamp with time zone not null,
  constraint stored_secret_pkey PRIMARY KEY (tenant_id, name),
  constraint stored_secret_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);
alter table stored_secret enable row level security;
alter table stored_secret force row level security;
create policy tenant_isolation on stored_secret for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on stored_secret to gatehouse_app;
grant select on stored_secret to gatehouse_backup;
grant update (sealed) on stored_secret to gatehouse_app;

create table sync_finding (
  tenant_id uuid not null,
  run_id uuid not null,
  finding_no integer not null,
  code text not null,
  severity text not null,
  entity text,
  part integer,
  line integer,
  column_name text,
  sourced_id text,
  count bigint not null default 1,
  constraint sync_finding_pkey PRIMARY KEY (tenant_id, run_id, finding_no),
  constraint sync_finding_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES sync_run(tenant_id, run_id),
  constraint sync_finding_severity_check CHECK ((severity = ANY (ARRAY['error'::text, 'warning'::text, 'repaired'::text])))
);
alter table sync_finding enable row level security;
alter table sync_finding force row level security;
create policy tenant_isolation on sync_finding for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on sync_finding to gatehouse_app;
grant select on sync_finding to gatehouse_backup;
grant select, insert, delete on sync_finding to gatehouse_staging;

create table sync_hold (
  tenant_id uuid not null,
  run_id uuid not null,
  hold_no integer not null,
  code text not null,
  entity text,
  school text,
  count bigint not null,
  total bigint not null,
  allowed bigint not null,
  constraint sync_hold_pkey PRIMARY KEY (tenant_id, run_id, hold_no),
  constraint sync_hold_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES sync_run(tenant_id, run_id)
);
alter table sync_hold enable row level security;
alter table sync_hold force row level security;
create policy tenant_isolation on sync_hold for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on sync_hold to gatehouse_app;
grant select on sync_hold to gatehouse_backup;

create table sync_run (
  tenant_id uuid not null,
  run_id uuid not null,
  connection_id uuid not null,
  run_no integer not null,
  mode text not null,
  is_dry boolean not null default false,
  state sync_run_state not null,
  reason text,
  advice text,
  connector text not null,
  connector_version text not null,
  upload_id uuid,
  requested_by text not null,
  progress jsonb not null default '{}'::jsonb,
  plan jsonb,
  base integer,
  terms jsonb,
  in_part boolean not null default false,
  removals boolean not null default true,
  applied jsonb,
  wants_cancel boolean not null default false,
  tries integer not null default 0,
  failures integer not null default 0,
  setbacks integer not null default 0,
  undo_by text,
  not_before timestamp with time zone,
  lease_token uuid,
  lease_until timestamp with time zone,
  outcome outcome,
  requested_at timestamp with time zone not null,
  started_at timestamp with time zone,
  planned_at timestamp with time zone,
  expires_at timestamp with time zone,
  decided_at timestamp with time zone,
  applied_at timestamp with time zone,
  ended_at timestamp with time zone,
  copied boolean not null default false,
  cleared boolean not null default false,
  failed_tries integer not null default 0,
  offered bigint default COALESCE(((plan ->> 'offered'::text))::bigint, (0)::bigint),
  rejected bigint default COALESCE(((plan ->> 'rejected'::text))::bigint, (0)::bigint),
  constraint sync_run_pkey PRIMARY KEY (tenant_id, run_id),
  constraint sync_run_tenant_id_connection_id_run_no_key UNIQUE (tenant_id, connection_id, run_no),
  constraint sync_run_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES roster_source(tenant_id, connection_id),
  constraint sync_run_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
  constraint sync_run_mode_check CHECK ((mode = ANY (ARRAY['full'::text, 'delta'::text])))
);
CREATE INDEX sync_run_open ON public.sync_run USING btree (tenant_id, connection_id) WHERE (ended_at IS NULL);
CREATE INDEX sync_run_to_clear ON public.sync_run USING btree (tenant_id, run_id) WHERE ((ended_at IS NOT NULL) AND (NOT cleared));
CREATE INDEX sync_run_to_copy ON public.sync_run USING btree (tenant_id, run_id) WHERE ((ended_at IS NOT NULL) AND (NOT copied));
CREATE INDEX sync_run_to_undo ON public.sync_run USING btree (tenant_id, run_id) WHERE (undo_by IS NOT NULL);
alter table sync_run enable row level security;
alter table sync_run force row level security;
create policy gatehouse_rollup_reads on sync_run for select to gatehouse_rollup
  using (true);
create policy gatehouse_rollup_writes on sync_run for update to gatehouse_rollup
  using (true)
  with check (true);
create policy gatehouse_staging_reads on sync_run for select to gatehouse_staging
  using (true);
create policy tenant_isolation on sync_run for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on sync_run to gatehouse_app;
grant select on sync_run to gatehouse_backup;
grant select (tenant_id, run_id, connection_id, run_no, state, reason, connector_version, tries, undo_by, not_before, lease_until, outcome, requested_at, started_at, expires_at, ended_at, copied, cleared, failed_tries, offered, rejected) on sync_run to gatehouse_rollup;
grant update (copied) on sync_run to gatehouse_rollup;
grant select (tenant_id, run_id, ended_at) on sync_run to gatehouse_staging;

create table sync_run_entity (
  tenant_id uuid not null,
  run_id uuid not null,
  entity text not null,
  checkpoint text,
  rows bigint not null default 0,
  expected bigint,
  sealed boolean not null default false,
  state text,
  constraint sync_run_entity_pkey PRIMARY KEY (tenant_id, run_id, entity),
  constraint sync_run_entity_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES sync_run(tenant_id, run_id)
);
alter table sync_run_entity enable row level security;
alter table sync_run_entity force row level security;
create policy tenant_isolation on sync_run_entity for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on sync_run_entity to gatehouse_app;
grant select on sync_run_entity to gatehouse_backup;

create table sync_run_part (
  tenant_id uuid not null,
  run_id uuid not null,
  part integer not null,
  entity text not null,
  name text not null,
  constraint sync_run_part_pkey PRIMARY KEY (tenant_id, run_id, part),
  constraint sync_run_part_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES sync_run(tenant_id, run_id),
  constraint sync_run_part_name_check CHECK (((length(name) >= 1) AND (length(name) <= 2000)))
);
alter table sync_run_part enable row level security;
alter table sync_run_part force row level security;
create policy tenant_isolation on sync_run_part for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on sync_run_part to gatehouse_app;
grant select on sync_run_part to gatehouse_backup;
grant select, insert on sync_run_part to gatehouse_staging;

create table tenant (
  tenant_id uuid not null,
  slug text not null,
  name text not null,
  locale text not null default 'en'::text,
  status text not null default 'active'::text,
  created_at timestamp with time zone not null,
  constraint tenant_pkey PRIMARY KEY (tenant_id),
  constraint tenant_slug_key UNIQUE (slug),
  constraint tenant_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint tenant_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text)),
  constraint tenant_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text])))
);
alter table tenant enable row level security;
alter table tenant force row level security;
create policy gatehouse_directory_reads on tenant for select to gatehouse_directory
  using (true);
create policy gatehouse_rollup_reads on tenant for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on tenant for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on tenant to gatehouse_app;
grant select on tenant to gatehouse_backup;
grant select (tenant_id, slug, name, locale, status) on tenant to gatehouse_directory;
grant select (tenant_id, slug, name, status, created_at) on tenant to gatehouse_rollup;

create table tenant_domain (
  tenant_id uuid not null,
  domain text not null,
  challenge text not null,
  verified text,
  verified_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint tenant_domain_pkey PRIMARY KEY (tenant_id, domain),
  constraint tenant_domain_check CHECK (((verified_at IS NULL) = (verified IS NULL))),
  constraint tenant_domain_domain_check CHECK (((domain = lower(domain)) AND ((length(domain) >= 1) AND (length(domain) <= 253)))),
  constraint tenant_domain_verified_check CHECK ((verified = ANY (ARRAY['reached'::text, 'vouched'::text])))
);
CREATE UNIQUE INDEX tenant_domain_name ON public.tenant_domain USING btree (domain);
alter table tenant_domain enable row level security;
alter table tenant_domain force row level security;
create policy gatehouse_directory_reads on tenant_domain for select to gatehouse_directory
  using (true);
create policy tenant_isolation on tenant_domain for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on tenant_domain to gatehouse_app;
grant select on tenant_domain to gatehouse_backup;
grant update (verified, verified_at) on tenant_domain to gatehouse_app;
grant select (tenant_id, domain, challenge, verified) on tenant_domain to gatehouse_directory;

create table token_grant (
  exchange_id uuid not null,
  tool_id uuid not null,
  granted_at timestamp with time zone not null,
  constraint token_grant_pkey PRIMARY KEY (exchange_id)
);
grant insert on token_grant to gatehouse_app;
grant select on token_grant to gatehouse_backup;
grant select, delete on token_grant to gatehouse_rollup;

create table tool (
  tool_id uuid not null,
  slug text not null,
  name text not null,
  client_id text not null,
  login_initiation_url text not null,
  target_link_uri text not null,
  redirect_uris text[] not null,
  jwks_url text,
  jwks jsonb,
  presentation text not null,
  supports_storage boolean not null,
  status text not null,
  version integer not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  scopes text[] not null default ARRAY['https://purl.imsglobal.org/spec/lti-ags/scope/lineitem'::text, 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly'::text, 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly'::text, 'https://purl.imsglobal.org/spec/lti-ags/scope/score'::text],
  constraint tool_pkey PRIMARY KEY (tool_id),
  constraint tool_client_id_key UNIQUE (client_id),
  constraint tool_slug_key UNIQUE (slug),
  constraint tool_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint tool_presentation_check CHECK ((presentation = ANY (ARRAY['redirect'::text, 'framed'::text, 'new_window'::text]))),
  constraint tool_redirect_uris_check CHECK (((cardinality(redirect_uris) >= 1) AND (cardinality(redirect_uris) <= 20))),
  constraint tool_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text)),
  constraint tool_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
grant select, insert, update on tool to gatehouse_app;
grant select on tool to gatehouse_backup;

create table tool_assertion (
  tool_id uuid not null,
  jti_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint tool_assertion_pkey PRIMARY KEY (tool_id, jti_hash),
  constraint tool_assertion_tool_id_fkey FOREIGN KEY (tool_id) REFERENCES tool(tool_id)
);
CREATE INDEX tool_assertion_expiry ON public.tool_assertion USING btree (expires_at);
grant select, insert on tool_assertion to gatehouse_app;
grant select on tool_assertion to gatehouse_backup;

create table tool_enablement (
  tenant_id uuid not null,
  enablement_id uuid not null,
  tool_id uuid not null,
  deployment_id text not null,
  custom jsonb not null default '{}'::jsonb,
  status text not null,
  policy_version integer not null,
  version integer not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint tool_enablement_pkey PRIMARY KEY (tenant_id, enablement_id),
  constraint tool_enablement_tenant_id_deployment_id_key UNIQUE (tenant_id, deployment_id),
  constraint tool_enablement_tenant_id_tool_id_key UNIQUE (tenant_id, tool_id),
  constraint tool_enablement_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(tenant_id),
  constraint tool_enablement_tool_id_fkey FOREIGN KEY (tool_id) REFERENCES tool(tool_id),
  constraint tool_enablement_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
CREATE INDEX tool_enablement_of_tool ON public.tool_enablement USING btree (tool_id, tenant_id);
alter table tool_enablement enable row level security;
alter table tool_enablement force row level security;
create policy gatehouse_rollup_reads on tool_enablement for select to gatehouse_rollup
  using (true);
create policy tenant_isolation on tool_enablement for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update on tool_enablement to gatehouse_app;
grant select on tool_enablement to gatehouse_backup;
grant select (tenant_id, tool_id, status) on tool_enablement to gatehouse_rollup;

create table used_once (
  tenant_id uuid not null,
  connection_id uuid not null,
  kind text not null,
  id_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint used_once_pkey PRIMARY KEY (tenant_id, connection_id, kind, id_hash),
  constraint used_once_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 50)))
);
CREATE INDEX used_once_expiry ON public.used_once USING btree (expires_at);
alter table used_once enable row level security;
alter table used_once force row level security;
create policy tenant_isolation on used_once for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on used_once to gatehouse_app;
grant select on used_once to gatehouse_backup;

create table work_item (
  tenant_id uuid not null,
  source text not null,
  external_id text not null,
  integration text not null,
  partner text,
  minutes integer not null,
  done_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint work_item_pkey PRIMARY KEY (tenant_id, source, external_id),
  constraint work_item_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200))),
  constraint work_item_integration_check CHECK ((integration = ANY (ARRAY['existing'::text, 'new'::text]))),
  constraint work_item_minutes_check CHECK (((minutes >= 0) AND (minutes <= 1000000))),
  constraint work_item_partner_check CHECK (((length(partner) >= 1) AND (length(partner) <= 100))),
  constraint work_item_source_check CHECK (((length(source) >= 1) AND (length(source) <= 100)))
);
CREATE INDEX work_item_done ON public.work_item USING btree (tenant_id, done_at);
alter table work_item enable row level security;
alter table work_item force row level security;
create policy tenant_isolation on work_item for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, update, delete on work_item to gatehouse_app;
grant select on work_item to gatehouse_backup;

create table work_source (
  tenant_id uuid not null,
  source_id uuid not null,
  shape text not null,
  name text not null,
  sealed_secret bytea not null,
  created_at timestamp with time zone not null,
  constraint work_source_pkey PRIMARY KEY (tenant_id, source_id),
  constraint work_source_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint work_source_shape_check CHECK ((shape = ANY (ARRAY['github'::text, 'gitlab'::text, 'jira'::text])))
);
alter table work_source enable row level security;
alter table work_source force row level security;
create policy tenant_isolation on work_source for all to public
  using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))
  with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select, insert, delete on work_source to gatehouse_app;
grant select on work_source to gatehouse_backup;
