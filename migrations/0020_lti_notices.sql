-- The rest of LTI Advantage: groups of a course, keys of LTI 1.1, and notices of an LMS on their way to tools.

-- Where the LMS lists the groups of a course (LTI Course Groups Service 1.0 §3.1), as its launches last said.
alter table lti_context add column groups_url text;
alter table lti_context add column group_sets_url text;

-- A key of LTI 1.1: what an LMS signs its migration claim with, or what a tool knew the school by.
create table lti_legacy_key (
  tenant_id uuid not null references tenant,
  -- A connection or a tool.
  holder_id uuid not null,
  holder text not null check (holder in ('connection', 'tool')),
  consumer_key text not null check (length(consumer_key) between 1 and 255),
  sealed_secret bytea not null,
  changed_at timestamptz not null,
  primary key (tenant_id, holder_id)
);
call protect_tenant_table('lti_legacy_key');
grant select, insert, update, delete on lti_legacy_key to gatehouse_app;

-- Where an LMS takes the hub's address for notices (Platform Notification Service 1.0 §3), and how far that has come.
create table lti_notice_source (
  tenant_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null check (length(deployment_id) between 1 and 255),
  service_url text not null check (length(service_url) between 1 and 2000),
  -- What is wanted of the types the LMS knows.
  notice_types text[] not null,
  state text not null check (state in ('waiting', 'registered', 'dead')),
  tries integer not null default 0,
  -- When to try next; null where nothing is left to do.
  due_at timestamptz,
  failure text,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id, deployment_id),
  foreign key (tenant_id, connection_id) references connection
);
create index lti_notice_source_due on lti_notice_source (due_at) where due_at is not null;
call protect_tenant_table('lti_notice_source');
grant select, insert, update on lti_notice_source to gatehouse_app;
call let_role_read_all('lti_notice_source', 'gatehouse_rollup');
grant select (tenant_id, connection_id, deployment_id, due_at) on lti_notice_source to gatehouse_rollup;

-- Where a tool wants the notices of a school.
create table lti_notice_handler (
  tenant_id uuid not null references tenant,
  tool_id uuid not null references tool,
  notice_type text not null,
  handler_url text not null check (length(handler_url) between 1 and 2000),
  changed_at timestamptz not null,
  primary key (tenant_id, tool_id, notice_type)
);
call protect_tenant_table('lti_notice_handler');
grant select, insert, update, delete on lti_notice_handler to gatehouse_app;

-- A notice for one tool. The row is the job: it is delivered, tried again or dead, and never only in memory.
create table lti_notice (
  tenant_id uuid not null,
  notice_id uuid not null,
  tool_id uuid not null references tool,
  -- Null where the hub itself has something to tell.
  connection_id uuid,
  deployment_id text,
  -- The LMS's own id of it, hashed: it is relayed to a tool once.
  source_hash bytea not null,
  notice_type text not null,
  -- What the tool is told: ids of the hub's own, no personal data.
  content jsonb not null,
  occurred_at timestamptz not null,
  state text not null check (state in ('delivered', 'dead', 'waiting')),
  tries integer not null default 0,
  due_at timestamptz,
  failure text,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, notice_id),
  unique (tenant_id, tool_id, source_hash),
  check ((state = 'waiting') = (due_at is not null))
);
create index lti_notice_due on lti_notice (due_at) where due_at is not null;
call protect_tenant_table('lti_notice');
grant select, insert, update, delete on lti_notice to gatehouse_app;
call let_role_read_all('lti_notice', 'gatehouse_rollup');
grant select (tenant_id, notice_id, due_at) on lti_notice to gatehouse_rollup;
