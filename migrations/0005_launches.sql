-- Short-lived secrets of launches under way. Unlogged: their commit waits for no disk, and a crash empties
-- them, so that no consumed state can come back.
create unlogged table lti_login (
  tenant_id uuid not null,
  state_hash bytea not null,
  connection_id uuid not null,
  nonce_hash bytea not null,
  browser_hash bytea not null,
  storage_target text,
  target_link_uri text not null,
  -- The login request itself, so that a new window can start it again.
  request jsonb not null,
  expires_at timestamptz not null,
  primary key (tenant_id, state_hash)
);
create index lti_login_expiry on lti_login (expires_at);
call protect_tenant_table('lti_login');
grant select, insert, delete on lti_login to gatehouse_app;

-- The same for hub-wide registrations: the school is not known before the token is verified.
create unlogged table hub_login (
  state_hash bytea primary key,
  connection_id uuid not null,
  nonce_hash bytea not null,
  browser_hash bytea not null,
  storage_target text,
  target_link_uri text not null,
  request jsonb not null,
  expires_at timestamptz not null
);
create index hub_login_expiry on hub_login (expires_at);
grant select, insert, delete on hub_login to gatehouse_app;

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
  -- What the LMS said, before the release policy; gone with the hint.
  snapshot json not null,
  expires_at timestamptz not null,
  primary key (tenant_id, launch_id)
);
create index lti_hint_expiry on lti_hint (expires_at);
call protect_tenant_table('lti_hint');
grant select, insert, update, delete on lti_hint to gatehouse_app;
-- A launch counts as abandoned only when nothing can continue it any more.
call let_role_read_all('lti_hint', 'gatehouse_rollup');
grant select (tenant_id, launch_id, expires_at) on lti_hint to gatehouse_rollup;

-- Each row of these lives for seconds: vacuumed by count, before dead rows outnumber the living by far.
alter table lti_login set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table hub_login set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table lti_hint set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- What a column may say stands in a domain where many rows are written: the session keeps it, while the checks of a table
-- are read anew by every statement.
create domain outcome as text check (value in
  ('success', 'failed_partner', 'failed_hub', 'failed_config', 'user_error', 'suppressed', 'expired_unknown'));
create domain launch_state as text check (value in ('waiting', 'started', 'opened', 'refused', 'abandoned'));

-- One person opening one tool. Holds ids only. Its terminal row is what health counts.
create table launch (
  tenant_id uuid not null,
  launch_id uuid not null,
  -- The reference people read out to a help desk.
  reference text not null,
  state launch_state not null,
  -- As in exchange, which takes a copy of it.
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
  started_at timestamptz not null,
  ended_at timestamptz,
  copied boolean not null default false,
  primary key (tenant_id, launch_id),
  check ((ended_at is null) = (outcome is null))
) partition by range (launch_id);
create index launch_reference on launch (tenant_id, reference);
create index launch_to_copy on launch (tenant_id, launch_id) where ended_at is not null and not copied;
create index launch_open on launch (tenant_id, launch_id) where ended_at is null;
create table launch_default partition of launch default;
call protect_tenant_table('launch');
call let_role_read_all('launch', 'gatehouse_rollup');
create policy gatehouse_rollup_writes on launch for update to gatehouse_rollup using (true) with check (true);
grant select, insert, update on launch to gatehouse_app;
grant select, update (copied, state, outcome, reason, ended_at) on launch to gatehouse_rollup;

-- A deployment the hub does not know yet, waiting for somebody of the school to claim it.
create table lti_deployment_claim (
  tenant_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  status text not null check (status in ('waiting', 'claimed', 'refused')),
  launches integer not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (tenant_id, connection_id, deployment_id),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('lti_deployment_claim');
grant select, insert, update on lti_deployment_claim to gatehouse_app;

create table hub_deployment_claim (
  registration_id uuid not null references hub_registration,
  deployment_id text not null,
  status text not null check (status in ('waiting', 'claimed', 'refused')),
  launches integer not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (registration_id, deployment_id)
);
grant select, insert, update on hub_deployment_claim to gatehouse_app;

-- A verified launch of an unclaimed deployment, kept sealed until the claim. The nil tenant owns those whose
-- school is not known yet.
create table lti_waiting_launch (
  tenant_id uuid not null,
  launch_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  resume_hash bytea not null,
  sealed_snapshot bytea not null,
  expires_at timestamptz not null,
  primary key (tenant_id, launch_id)
);
create index lti_waiting_launch_expiry on lti_waiting_launch (expires_at);
call protect_tenant_table('lti_waiting_launch');
grant select, insert, delete on lti_waiting_launch to gatehouse_app;
call let_role_read_all('lti_waiting_launch', 'gatehouse_rollup');
grant select (tenant_id, launch_id, expires_at) on lti_waiting_launch to gatehouse_rollup;
