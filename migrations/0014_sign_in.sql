-- How people sign in without an LMS: an institution's identity connections, one-time use, and sessions.

-- An identity connection's settings. What is secret of them is sealed.
create table identity_source (
  tenant_id uuid not null,
  connection_id uuid not null,
  protocol text not null check (protocol in ('saml', 'oidc', 'ldap')),
  -- Which product it is: names the attributes and what is known to differ.
  preset text not null check (length(preset) between 1 and 100),
  settings jsonb not null,
  secret_names text[] not null default '{}',
  sealed_secrets bytea,
  -- Somebody of whom the roster knows nothing is given a person without a role.
  allows_new boolean not null default false,
  -- Which attribute names the same person as the tenant's match rule; null: none, and only known links sign in.
  match_attribute text check (length(match_attribute) between 1 and 255),
  -- From groups of the other side to roles, the first that fits counting.
  role_rules jsonb not null default '[]',
  -- Domains of e-mail addresses by which people are led to this way of signing in.
  domains text[] not null default '{}',
  -- Of one account at once; the oldest gives way. A class may share one.
  sessions_per_person integer not null default 40 check (sessions_per_person between 1 and 500),
  status text not null check (status in ('active', 'paused', 'disabled')),
  version integer not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('identity_source');
grant select, insert, update on identity_source to gatehouse_app;
-- Jobs that refresh metadata and look at expiry visit all tenants.
call let_role_read_all('identity_source', 'gatehouse_rollup');
grant select (tenant_id, connection_id, protocol, status) on identity_source to gatehouse_rollup;

-- Certificates by which an identity provider's signatures are known. A retired one counts no more, and is kept so that a
-- signature by it is told apart.
create table identity_certificate (
  tenant_id uuid not null,
  connection_id uuid not null,
  -- SHA-256 of the certificate.
  fingerprint bytea not null,
  state text not null check (state in ('next', 'active', 'retired')),
  certificate bytea not null,
  not_before timestamptz not null,
  not_after timestamptz not null,
  added_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id, fingerprint),
  foreign key (tenant_id, connection_id) references identity_source
);
call protect_tenant_table('identity_certificate');
grant select, insert, update, delete on identity_certificate to gatehouse_app;
call let_role_read_all('identity_certificate', 'gatehouse_rollup');
grant select (tenant_id, connection_id, fingerprint, state, not_after) on identity_certificate to gatehouse_rollup;

-- The hub's own keys towards an identity provider, with the certificates its metadata shows.
create table identity_key (
  tenant_id uuid not null,
  connection_id uuid not null,
  fingerprint bytea not null,
  state text not null check (state in ('next', 'active', 'retired')),
  certificate bytea not null,
  sealed_private_key bytea not null,
  not_after timestamptz not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id, fingerprint),
  foreign key (tenant_id, connection_id) references identity_source
);
create unique index identity_key_one_signs on identity_key (tenant_id, connection_id) where state = 'active';
call protect_tenant_table('identity_key');
grant select, insert, update (state, changed_at), delete on identity_key to gatehouse_app;

-- The last good metadata of an identity provider, and what a newer one would change: staged until somebody agrees, or
-- until it is sure.
create table identity_metadata (
  tenant_id uuid not null,
  connection_id uuid not null,
  -- What was read out of it, and not the document.
  current jsonb not null,
  staged jsonb,
  fetched_at timestamptz not null,
  valid_until timestamptz,
  -- The last try, where it failed: a stable code.
  failure text,
  -- Null: nobody asks for it by itself.
  refresh_at timestamptz,
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references identity_source
);
call protect_tenant_table('identity_metadata');
grant select, insert, update, delete on identity_metadata to gatehouse_app;
call let_role_read_all('identity_metadata', 'gatehouse_rollup');
grant select (tenant_id, connection_id, refresh_at) on identity_metadata to gatehouse_rollup;

-- A sign-in under way. Unlogged: its commit waits for no disk, and a crash empties it.
create unlogged table sign_in_request (
  tenant_id uuid not null,
  -- SHA-256 of the handle that goes out as RelayState or state.
  handle_hash bytea not null,
  connection_id uuid not null,
  connection_version integer not null,
  -- SHA-256 of the secret in the browser's cookie.
  browser_hash bytea not null,
  -- What the protocol needs to check the answer; sealed where it is secret.
  expectations jsonb not null,
  -- A path of this tenant's pages.
  return_to text not null,
  -- Shows an admin what would happen, and signs nobody in.
  is_test boolean not null default false,
  expires_at timestamptz not null,
  primary key (tenant_id, handle_hash)
);
create index sign_in_request_expiry on sign_in_request (expires_at);
alter table sign_in_request set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
call protect_tenant_table('sign_in_request');
grant select, insert, delete on sign_in_request to gatehouse_app;

-- What may be used one time only, such as an assertion. Logged: it holds over a restart.
create table used_once (
  tenant_id uuid not null,
  connection_id uuid not null,
  kind text not null check (length(kind) between 1 and 50),
  -- SHA-256 of the id: ids are as long as the other side likes.
  id_hash bytea not null,
  expires_at timestamptz not null,
  primary key (tenant_id, connection_id, kind, id_hash)
);
create index used_once_expiry on used_once (expires_at);
call protect_tenant_table('used_once');
grant select, insert, delete on used_once to gatehouse_app;

-- Somebody signed in at the portal.
create table session (
  tenant_id uuid not null,
  session_id uuid not null,
  -- SHA-256 of the cookie, which is 32 random bytes.
  secret_hash bytea not null,
  person_id uuid not null,
  connection_id uuid not null,
  -- The link that was signed in by.
  subject text not null,
  role text,
  -- SHA-256 of what the other side calls its session, for signing out both: name and index.
  partner_name_hash bytea,
  partner_index_hash bytea,
  -- What the other side needs to be told to sign out, sealed.
  sealed_partner bytea,
  started_at timestamptz not null,
  -- To the minute.
  seen_at timestamptz not null,
  idle_until timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_by text check (ended_by in ('person', 'partner', 'operator', 'directory', 'idle', 'expired', 'replaced')),
  -- When the directory was asked last whether the account is still good.
  checked_at timestamptz,
  primary key (tenant_id, session_id),
  unique (tenant_id, secret_hash),
  foreign key (tenant_id, person_id) references person,
  check ((ended_at is null) = (ended_by is null))
);
create index session_of_person on session (tenant_id, person_id) where ended_at is null;
create index session_of_partner on session (tenant_id, connection_id, partner_name_hash) where ended_at is null;
create index session_over on session (ends_at);
create index session_idle on session (idle_until) where ended_at is null;
call protect_tenant_table('session');
grant select, insert, update, delete on session to gatehouse_app;

-- A try to sign in, how it ended, and what an engineer reads of it. Its terminal row is what health counts.
create table sign_in (
  tenant_id uuid not null,
  sign_in_id uuid not null,
  -- What people read out to a help desk.
  reference text not null,
  connection_id uuid not null,
  protocol text not null,
  outcome outcome not null,
  reason text,
  person_id uuid,
  how text,
  is_test boolean not null,
  -- Rules, passed or not, without what was found.
  trace jsonb not null,
  at timestamptz not null,
  copied boolean not null default false,
  primary key (tenant_id, sign_in_id)
);
create index sign_in_reference on sign_in (tenant_id, reference);
create index sign_in_to_copy on sign_in (tenant_id, sign_in_id) where not copied;
call protect_tenant_table('sign_in');
call let_role_read_all('sign_in', 'gatehouse_rollup');
create policy gatehouse_rollup_writes on sign_in for update to gatehouse_rollup using (true) with check (true);
grant select, insert, update (person_id), delete on sign_in to gatehouse_app;
grant select (tenant_id, sign_in_id, connection_id, outcome, reason, is_test, at, copied), update (copied) on sign_in
  to gatehouse_rollup;

-- Tries to sign in with a password, so that guessing ends before the directory locks the account.
create table sign_in_attempt (
  tenant_id uuid not null,
  -- Opaque: a hash of a name that was typed, of whom it led to, or of an address.
  key text not null check (length(key) between 1 and 100),
  attempts integer not null,
  window_ends_at timestamptz not null,
  primary key (tenant_id, key)
);
create index sign_in_attempt_over on sign_in_attempt (window_ends_at);
call protect_tenant_table('sign_in_attempt');
grant select, insert, update, delete on sign_in_attempt to gatehouse_app;

-- Deletes what has run out, so many rows of each kind at a time: now also what signing in leaves behind. Sessions whose time
-- is over end; ended ones are shown for a month, tries to sign in for thirteen.
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
