-- Services tools call at the hub, and scores on their way from a tool to the LMS.

-- What a tool may ask access tokens for (RFC 6749 §3.3).
alter table tool add column scopes text[] not null default array[
  'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  'https://purl.imsglobal.org/spec/lti-ags/scope/score'];

-- Assertions that tools have used: each counts once, whichever copy it comes to (RFC 7523 §3). Logged, since they are
-- good for up to an hour and a crash must not make them good again.
create table tool_assertion (
  tool_id uuid not null references tool,
  jti_hash bytea not null,
  expires_at timestamptz not null,
  primary key (tool_id, jti_hash)
);
create index tool_assertion_expiry on tool_assertion (expires_at);
grant select, insert on tool_assertion to gatehouse_app;

-- Where the LMS keeps the grades of a course and of a link, and what it lets the hub do there (AGS 2.0 §3.1).
alter table lti_context add column line_items_url text, add column ags_scopes text[] not null default '{}';
-- The course a link stands in: a tool reaches the gradebooks of courses where it has a link, and no others.
alter table lti_resource_link add column line_item_id uuid, add column context_id uuid;
create index lti_resource_link_of_context on lti_resource_link (tenant_id, context_id, tool_id);
alter table lti_hint add column line_item_id uuid;

-- A column of the LMS's gradebook as one tool knows it: its id is the hub's, its address the LMS's.
create table line_item (
  tenant_id uuid not null,
  line_item_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  context_id uuid not null,
  tool_id uuid not null,
  resource_link_id uuid,
  lms_url text not null check (length(lms_url) between 1 and 2000),
  status text not null check (status in ('active', 'deleted')),
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, line_item_id),
  unique (tenant_id, connection_id, tool_id, lms_url),
  foreign key (tenant_id, connection_id) references connection,
  foreign key (tenant_id, context_id) references lti_context
);
create index line_item_of_context on line_item (tenant_id, context_id, tool_id);
call protect_tenant_table('line_item');
grant select, insert, update on line_item to gatehouse_app;

create domain grade_delivery_state as text
  check (value in ('pending', 'delivered', 'superseded', 'refused', 'expired', 'discarded'));

-- A score as a tool has sent it, from its acceptance to its end: the record of what was promised.
create table grade_delivery (
  tenant_id uuid not null,
  delivery_id uuid not null,
  connection_id uuid not null,
  tool_id uuid not null,
  line_item_id uuid not null,
  person_id uuid not null,
  score_timestamp timestamptz not null,
  -- What the tool sent; taken out some time after the end, since comments are personal data.
  score json,
  state grade_delivery_state not null,
  outcome outcome,
  -- Stable code of why it ended so, or of the last try.
  reason text,
  attempts integer not null default 0,
  accepted_at timestamptz not null,
  ended_at timestamptz,
  copied boolean not null default false,
  primary key (tenant_id, delivery_id),
  check (num_nulls(ended_at, outcome) = case state when 'pending' then 2 else 0 end)
) partition by range (delivery_id);
create index grade_delivery_pending on grade_delivery (tenant_id, line_item_id, person_id) where ended_at is null;
create index grade_delivery_to_copy on grade_delivery (tenant_id, delivery_id) where ended_at is not null and not copied;
create table grade_delivery_default partition of grade_delivery default;
call protect_tenant_table('grade_delivery');
call let_role_read_all('grade_delivery', 'gatehouse_rollup');
create policy gatehouse_rollup_writes on grade_delivery for update to gatehouse_rollup using (true) with check (true);
grant select, insert, update on grade_delivery to gatehouse_app;
grant select (tenant_id, delivery_id, connection_id, tool_id, state, outcome, reason, attempts, accepted_at, ended_at,
  copied), update (copied) on grade_delivery to gatehouse_rollup;

-- One wire try of a delivery.
create table grade_attempt (
  tenant_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  outcome outcome not null,
  reason text,
  http_status smallint,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  primary key (tenant_id, delivery_id, attempt)
) partition by range (delivery_id);
create table grade_attempt_default partition of grade_attempt default;
call protect_tenant_table('grade_attempt');
call let_role_read_all('grade_attempt', 'gatehouse_rollup');
grant select, insert on grade_attempt to gatehouse_app;
grant select on grade_attempt to gatehouse_rollup;

create domain grade_drift as text check (value in ('none', 'differs', 'missing'));

-- The scores of one person on one line item, in order: this row is the queue. Whoever holds its lease sends.
create table grade_line (
  tenant_id uuid not null,
  line_item_id uuid not null,
  person_id uuid not null,
  connection_id uuid not null,
  -- The newest score accepted: an older one is stale, the same one again is the same success.
  newest_at timestamptz not null,
  newest_hash bytea not null,
  -- Deliveries that have not ended.
  pending integer not null default 0,
  -- When to look at it again; null when nothing waits.
  due_at timestamptz,
  -- Who sends now, and how long nobody else may: by the clock of the database, which is one for all copies. Taking a
  -- line changes no column of an index.
  lease_token uuid,
  lease_until timestamptz,
  -- A score may have reached the LMS without our hearing of it.
  maybe_sent boolean not null default false,
  -- Failed tries since the last success, and since when.
  tries integer not null default 0,
  failing_since timestamptz,
  -- The delivery that the LMS has last taken, and the timestamp it went with.
  delivered_id uuid,
  sent_at timestamptz,
  -- How the LMS's own result was, when last compared.
  drift grade_drift,
  compared_at timestamptz,
  primary key (tenant_id, line_item_id, person_id),
  check (case when due_at is null then pending = 0 else pending > 0 end)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create index grade_line_due on grade_line (tenant_id, connection_id, due_at) where due_at is not null;
call protect_tenant_table('grade_line');
call let_role_read_all('grade_line', 'gatehouse_rollup');
grant select, insert, update on grade_line to gatehouse_app;
grant select (tenant_id, connection_id, due_at, lease_until) on grade_line to gatehouse_rollup;

-- How deliveries over one connection go.
create table grade_route (
  tenant_id uuid not null,
  connection_id uuid not null,
  state text not null check (state in ('running', 'paused', 'stopped')),
  -- Why it is paused or stopped.
  reason text,
  -- The registration as it was when a fault of configuration stopped it: another one may have mended it.
  stopped_version integer,
  -- Token bucket: how many scores may be sent, and when that was so.
  tokens double precision not null,
  filled_at timestamptz not null,
  -- Nothing is sent before; then one score tries whether the LMS is back.
  blocked_until timestamptz,
  -- Failures of the host in a row.
  failures integer not null default 0,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('grade_route');
call let_role_read_all('grade_route', 'gatehouse_rollup');
grant select, insert, update on grade_route to gatehouse_app;
grant select (tenant_id, connection_id, state, blocked_until) on grade_route to gatehouse_rollup;

-- Access tokens of LMSs, sealed, so that copies share them.
create table lms_access_token (
  tenant_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  scopes text not null,
  sealed_token bytea not null,
  expires_at timestamptz not null,
  primary key (tenant_id, connection_id, deployment_id, scopes),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('lms_access_token');
grant select, insert, update, delete on lms_access_token to gatehouse_app;

insert into partitioned_table values
  ('grade_delivery', 'delivery_id', 'uuid', 400),
  ('grade_attempt', 'delivery_id', 'uuid', 400);

-- As before, with what has come since: used assertions and tokens of LMSs.
create or replace function purge_expired(most integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  target text;
  purged integer;
  total integer := 0;
begin
  foreach target in array array['lti_login', 'hub_login', 'lti_hint', 'lti_waiting_launch', 'tool_assertion',
    'lms_access_token'] loop
    execute format(
      'delete from %1$I where ctid = any (array(
         select ctid from %1$I where expires_at < now() limit $1 for update skip locked))', target) using most;
    get diagnostics purged = row_count;
    total := total + purged;
  end loop;
  return total;
end $$;

-- As before, but where a score still waits its month stays, however old: nothing accepted is lost.
create or replace function drop_expired_partitions() returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
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
end $$;
