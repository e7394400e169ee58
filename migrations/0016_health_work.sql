-- What people and jobs know about integrations besides their exchanges: calendars, life cycles, changes, targets, incidents.
-- Rows of the hub itself stand under the nil tenant.

-- By which clocks a school lives; its calendar begins with that.
create table school_calendar (
  tenant_id uuid primary key references tenant,
  zone text not null check (length(zone) between 1 and 100),
  changed_at timestamptz not null
);
call protect_tenant_table('school_calendar');
grant select, insert, update on school_calendar to gatehouse_app;
-- Budgets and expectations of all schools are weighed in one pass.
call let_role_read_all('school_calendar', 'gatehouse_rollup');
grant select on school_calendar to gatehouse_rollup;

create table calendar_span (
  tenant_id uuid not null references school_calendar,
  span_id uuid not null,
  kind text not null check (kind in ('term', 'exams', 'break')),
  name text not null check (length(name) between 1 and 200),
  first_day date not null,
  last_day date not null,
  -- An import replaces the spans of the one before.
  source text not null check (source in ('manual', 'import')),
  created_at timestamptz not null,
  primary key (tenant_id, span_id),
  check (first_day <= last_day)
);
call protect_tenant_table('calendar_span');
grant select, insert, delete on calendar_span to gatehouse_app;
call let_role_read_all('calendar_span', 'gatehouse_rollup');
grant select on calendar_span to gatehouse_rollup;

-- A new integration on its way from the request to seven good days.
create table onboarding (
  tenant_id uuid not null references tenant,
  onboarding_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  partner text not null check (length(partner) between 1 and 100),
  -- What kind of connection it becomes; which one it is, is known once it is configured.
  kind text not null check (kind in ('lms', 'identity', 'roster', 'grades')),
  connection_id uuid,
  stage text not null check (stage in ('requested', 'agreement_signed', 'credentials', 'configured', 'sandbox_tested',
    'partner_validated', 'live', 'stable', 'withdrawn')),
  waiting_on text not null check (waiting_on in ('us', 'partner', 'school')),
  promised_on date,
  requested_at timestamptz not null,
  -- When it became stable or was withdrawn.
  ended_at timestamptz,
  version integer not null,
  primary key (tenant_id, onboarding_id),
  foreign key (tenant_id, connection_id) references connection,
  check ((stage in ('stable', 'withdrawn')) = (ended_at is not null))
);
create unique index onboarding_of_connection on onboarding (tenant_id, connection_id) where connection_id is not null;
call protect_tenant_table('onboarding');
grant select, insert, update on onboarding to gatehouse_app;
-- Forecasts are made from the history of like partners, at whichever school.
call let_role_read_all('onboarding', 'gatehouse_rollup');
grant select (tenant_id, onboarding_id, partner, kind, connection_id, stage, waiting_on, promised_on, requested_at, ended_at)
  on onboarding to gatehouse_rollup;

create table onboarding_event (
  tenant_id uuid not null,
  onboarding_id uuid not null,
  event_no integer not null check (event_no > 0),
  -- The stage and the side that are waited on from here.
  stage text not null,
  waiting_on text not null check (waiting_on in ('us', 'partner', 'school')),
  promised_on date,
  at timestamptz not null,
  actor text not null,
  primary key (tenant_id, onboarding_id, event_no),
  foreign key (tenant_id, onboarding_id) references onboarding
);
call protect_tenant_table('onboarding_event');
grant select, insert on onboarding_event to gatehouse_app;
call let_role_read_all('onboarding_event', 'gatehouse_rollup');
grant select (tenant_id, onboarding_id, event_no, stage, waiting_on, at) on onboarding_event to gatehouse_rollup;

-- A change that could break an integration, derived from what is recorded of it elsewhere.
create table integration_change (
  tenant_id uuid not null,
  change_id uuid not null,
  type text not null check (type in ('settings', 'credentials', 'mapping', 'connector_version', 'hub_release')),
  -- Null: every connection of the tenant; of the hub's own changes: every tenant.
  connection_id uuid,
  tool_id uuid,
  origin text not null check (origin in ('audit', 'run')),
  -- The audit event's sequence, or the run.
  origin_ref text not null,
  action text not null,
  actor text not null,
  at timestamptz not null,
  -- The change that it takes back.
  reverts uuid,
  primary key (tenant_id, change_id),
  unique (tenant_id, origin, origin_ref)
);
create index integration_change_at on integration_change (tenant_id, at);
call protect_tenant_table('integration_change');
grant select, insert, update (reverts) on integration_change to gatehouse_app;
call let_role_read_all('integration_change', 'gatehouse_rollup');
grant select on integration_change to gatehouse_rollup;

-- How far the audit chain was read for changes.
create table change_cursor (
  tenant_id uuid primary key,
  audit_sequence bigint not null check (audit_sequence >= 0)
);
call protect_tenant_table('change_cursor');
grant select, insert, update on change_cursor to gatehouse_app;
-- Finds whose chain has grown, and nothing of what is in it.
call let_role_read_all('change_cursor', 'gatehouse_rollup');
grant select on change_cursor to gatehouse_rollup;
call let_role_read_all('audit_event', 'gatehouse_rollup');
grant select (tenant_id, sequence) on audit_event to gatehouse_rollup;

-- Targets that differ from the built-in ones, for all schools under the nil tenant.
create table service_level (
  tenant_id uuid not null,
  kind text not null check (length(kind) between 1 and 50),
  tier text not null check (length(tier) between 1 and 50),
  target double precision not null check (target > 0 and target <= 1),
  exam_target double precision not null check (exam_target > 0 and exam_target <= 1),
  changed_at timestamptz not null,
  primary key (tenant_id, kind, tier)
);
call protect_tenant_table('service_level');
grant select, insert, update, delete on service_level to gatehouse_app;
call let_role_read_all('service_level', 'gatehouse_rollup');
grant select on service_level to gatehouse_rollup;

-- Something that is wrong, with every alert that has the same suspected cause. One of several schools is the hub's own.
create table incident (
  tenant_id uuid not null,
  incident_id uuid not null,
  state text not null check (state in ('open', 'acknowledged', 'resolved')),
  severity text not null check (severity in ('page', 'ticket')),
  cause text not null check (cause in ('partner', 'certificate', 'our_change', 'hub', 'connection')),
  -- What is suspected: at most one incident of it is open.
  cause_key text not null check (length(cause_key) between 1 and 300),
  partner text,
  connection_id uuid,
  change_id uuid,
  first_failed_at timestamptz not null,
  opened_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  -- Since when it is back in target, while it is; the incident ends once that has lasted.
  recovered_at timestamptz,
  resolved_at timestamptz,
  primary key (tenant_id, incident_id),
  check ((state = 'resolved') = (resolved_at is not null))
);
create unique index incident_open_once on incident (tenant_id, cause_key) where state <> 'resolved';
create index incident_opened on incident (tenant_id, opened_at);
call protect_tenant_table('incident');
grant select, insert, update on incident to gatehouse_app;
call let_role_read_all('incident', 'gatehouse_rollup');
grant select on incident to gatehouse_rollup;

create table incident_alert (
  tenant_id uuid not null,
  incident_id uuid not null,
  alert_key text not null check (length(alert_key) between 1 and 300),
  rule text not null,
  severity text not null check (severity in ('page', 'ticket')),
  -- The school it is about; null: pooled over several.
  subject_tenant_id uuid,
  connection_id uuid,
  kind text,
  -- The counts that made it fire.
  facts jsonb not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (tenant_id, incident_id, alert_key),
  foreign key (tenant_id, incident_id) references incident
);
call protect_tenant_table('incident_alert');
grant select, insert, update (facts, last_at, severity) on incident_alert to gatehouse_app;
call let_role_read_all('incident_alert', 'gatehouse_rollup');
grant select on incident_alert to gatehouse_rollup;

-- Where people are told of incidents. Addresses are sealed: one may name a person, and one of a chat is a secret.
create table notification_target (
  tenant_id uuid not null,
  target_id uuid not null,
  channel text not null check (channel in ('email', 'webhook', 'slack')),
  name text not null check (length(name) between 1 and 200),
  sealed_address bytea not null,
  least_severity text not null check (least_severity in ('page', 'ticket')),
  status text not null check (status in ('active', 'paused')),
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, target_id)
);
call protect_tenant_table('notification_target');
grant select, insert, update, delete on notification_target to gatehouse_app;

-- One piece of news on its way to one target; the row is the job.
create table notification (
  tenant_id uuid not null,
  notification_id uuid not null,
  target_id uuid not null,
  -- Whose incident it is about: the hub is told of those of every school.
  incident_tenant_id uuid not null,
  incident_id uuid not null,
  event text not null check (event in ('opened', 'acknowledged', 'resolved')),
  state text not null check (state in ('waiting', 'sent', 'dead')),
  tries integer not null default 0 check (tries >= 0),
  next_try_at timestamptz not null,
  -- Code of the last failure.
  failure text,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, notification_id),
  unique (tenant_id, target_id, incident_id, event),
  foreign key (tenant_id, target_id) references notification_target on delete cascade,
  check ((state = 'waiting') = (ended_at is null))
);
create index notification_due on notification (next_try_at) where state = 'waiting';
call protect_tenant_table('notification');
grant select, insert, update (state, tries, next_try_at, failure, ended_at) on notification to gatehouse_app;
-- A sweep finds whose news is due.
call let_role_read_all('notification', 'gatehouse_rollup');
grant select (tenant_id, notification_id, state, next_try_at) on notification to gatehouse_rollup;
