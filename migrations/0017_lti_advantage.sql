-- Deep linking and class lists: what a teacher has chosen in a tool, and whom a tool was shown of a course.

-- Where the LMS lists the members of a course (NRPS 2.0 §3.6.1.1), as its launches last said.
alter table lti_context add column memberships_url text;

-- A tool that was asked for content and has not answered yet. A teacher may look around in it for hours, so that it is
-- logged, unlike a launch under way.
create table lti_deep_link (
  tenant_id uuid not null,
  -- The launch that the tool was asked with.
  launch_id uuid not null,
  -- What the tool sends back as `data`, and the browser that has to bring it.
  data_hash bytea not null,
  browser_hash bytea not null,
  tool_id uuid not null,
  connection_id uuid not null,
  -- The LMS's.
  deployment_id text not null,
  context_id uuid,
  -- What the LMS asked for, where it wants the answer, and its own `data`.
  settings jsonb not null,
  expires_at timestamptz not null,
  primary key (tenant_id, launch_id),
  foreign key (tenant_id, connection_id) references connection
);
create index lti_deep_link_expiry on lti_deep_link (expires_at);
call protect_tenant_table('lti_deep_link');
grant select, insert, delete on lti_deep_link to gatehouse_app;

-- Where in a tool a link leads that came by deep linking. Never changed: an LMS keeps the link for years.
create table lti_content_item (
  tenant_id uuid not null,
  item_id uuid not null,
  tool_id uuid not null,
  connection_id uuid not null,
  url text not null check (length(url) between 1 and 8000),
  -- Custom parameters that the tool itself has set and no LMS fills in.
  custom jsonb not null,
  created_at timestamptz not null,
  primary key (tenant_id, item_id),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('lti_content_item');
grant select, insert on lti_content_item to gatehouse_app;

-- Whom a tool was shown of a course, and in what state, so that it can be told what has changed since. Holds no names: of
-- what was shown there is a keyed digest.
create table lti_shown_member (
  tenant_id uuid not null,
  tool_id uuid not null,
  context_id uuid not null,
  -- The link whose members were asked for; the nil UUID: the course's.
  resource_link_id uuid not null,
  -- The LMS's name of the person.
  subject text not null check (length(subject) between 1 and 255),
  digest bytea not null,
  is_gone boolean not null,
  -- Begin of the reading that found it so, and of the last one that met the person.
  changed_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (tenant_id, tool_id, context_id, resource_link_id, subject),
  foreign key (tenant_id, context_id) references lti_context
) with (fillfactor = 80);
call protect_tenant_table('lti_shown_member');
grant select, insert, update, delete on lti_shown_member to gatehouse_app;

-- As before, with what has come since: tools that were asked for content and never answered.
create or replace function purge_expired(most integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
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
    ('lti_deep_link', 'expires_at < now()'),
    ('session', 'ends_at < now() - interval ''30 days'''),
    ('sign_in', 'sign_in_id < uuid_floor(now() - interval ''13 months'') and copied')
  loop
    execute format(
      'delete from %1$I where ctid = any (array(
         select ctid from %1$I where %2$s limit $1 for update skip locked))', target, condition) using most;
    get diagnostics purged = row_count;
    total := total + purged;
  end loop;
  return total;
end $$;
