-- People who work at the hub's console. Staff of the hub stand under the nil tenant; an institution's admins under their
-- tenant, which is all that they reach.
create table operator (
  tenant_id uuid not null,
  operator_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  -- In the one spelling it is compared in.
  email text not null check (length(email) between 3 and 254 and email = lower(email)),
  roles text[] not null check (cardinality(roles) > 0),
  status text not null check (status in ('active', 'disabled')),
  -- Argon2id in the PHC string format; null: no password was set yet, or the company's sign-in is used.
  password_hash text check (length(password_hash) between 20 and 500),
  -- Whom the company's provider knows it as, from the first sign-in there on.
  company_subject text check (length(company_subject) between 1 and 500),
  created_at timestamptz not null,
  changed_at timestamptz not null,
  last_sign_in_at timestamptz,
  primary key (tenant_id, operator_id),
  unique (tenant_id, email),
  unique (tenant_id, company_subject)
);
call protect_tenant_table('operator');
grant select, insert, update on operator to gatehouse_app;

-- An authenticator (RFC 6238). It is asked for once it was confirmed.
create table operator_second_factor (
  tenant_id uuid not null,
  operator_id uuid not null,
  sealed_secret bytea not null,
  confirmed_at timestamptz,
  -- The last step whose code was taken: none counts twice (RFC 6238 §5.2).
  last_step bigint not null default 0,
  -- SHA-256 of each recovery code left; the codes are random.
  recovery_hashes bytea[] not null default '{}',
  created_at timestamptz not null,
  primary key (tenant_id, operator_id),
  foreign key (tenant_id, operator_id) references operator
);
call protect_tenant_table('operator_second_factor');
grant select, insert, update, delete on operator_second_factor to gatehouse_app;

-- One-time links: to the first account, into the staff, to a new password, into a set-up, or for signing in once.
create table operator_link (
  tenant_id uuid not null,
  link_id uuid not null,
  -- SHA-256 of the link's token, of which 24 bytes are random.
  token_hash bytea not null,
  kind text not null check (kind in ('first_run', 'invitation', 'password', 'set_up', 'sign_in')),
  name text not null check (length(name) between 1 and 200),
  -- Of whom it makes an operator; null for the first run.
  email text check (length(email) between 3 and 254 and email = lower(email)),
  roles text[] not null default '{}',
  -- What a set-up link is bound to.
  steps text[] not null default '{}',
  -- Whose link it is, where there is an account already, or whose account came of it.
  operator_id uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, link_id),
  unique (tenant_id, token_hash),
  foreign key (tenant_id, operator_id) references operator,
  check ((kind = 'set_up') = (cardinality(steps) > 0))
);
create index operator_link_over on operator_link (expires_at);
call protect_tenant_table('operator_link');
grant select, insert, update (operator_id, used_at, revoked_at), delete on operator_link to gatehouse_app;

-- Somebody signed in at the console, or half-way there.
create table operator_session (
  tenant_id uuid not null,
  session_id uuid not null,
  -- SHA-256 of the cookie, of which 24 bytes are random.
  secret_hash bytea not null,
  operator_id uuid not null,
  stage text not null check (stage in ('second_factor', 'full')),
  began_by text not null check (began_by in ('password', 'link', 'company')),
  -- A session of a set-up link may do what its steps need, and nothing else.
  link_id uuid,
  steps text[],
  started_at timestamptz not null,
  -- To the minute.
  seen_at timestamptz not null,
  idle_until timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_by text check (ended_by in ('operator', 'revoked', 'rotated', 'change')),
  primary key (tenant_id, session_id),
  unique (tenant_id, secret_hash),
  foreign key (tenant_id, operator_id) references operator,
  foreign key (tenant_id, link_id) references operator_link,
  check ((ended_at is null) = (ended_by is null)),
  check ((link_id is null) = (steps is null))
);
create index operator_session_of on operator_session (tenant_id, operator_id) where ended_at is null;
create index operator_session_over on operator_session (ends_at);
call protect_tenant_table('operator_session');
grant select, insert, update, delete on operator_session to gatehouse_app;

-- Tries that have failed, of an account, of an address: each more makes the next wait longer.
create table operator_attempt (
  tenant_id uuid not null,
  -- Opaque: a hash.
  key text not null check (length(key) between 1 and 100),
  failures integer not null,
  blocked_until timestamptz not null,
  -- Forgotten then.
  expires_at timestamptz not null,
  primary key (tenant_id, key)
);
create index operator_attempt_over on operator_attempt (expires_at);
call protect_tenant_table('operator_attempt');
grant select, insert, update, delete on operator_attempt to gatehouse_app;

-- A sign-in at the company's provider, under way.
create table operator_oidc_request (
  tenant_id uuid not null,
  -- SHA-256 of the state.
  handle_hash bytea not null,
  -- SHA-256 of the secret in the browser's cookie.
  browser_hash bytea not null,
  expectations jsonb not null,
  -- A path of the console.
  return_to text not null,
  expires_at timestamptz not null,
  primary key (tenant_id, handle_hash)
);
create index operator_oidc_request_over on operator_oidc_request (expires_at);
call protect_tenant_table('operator_oidc_request');
grant select, insert, delete on operator_oidc_request to gatehouse_app;

-- Somebody of the hub's staff allowed more at one institution, for a while and with a reason. It is the institution's own
-- record: its admins read it.
create table raised_rights (
  tenant_id uuid not null,
  raise_id uuid not null,
  operator_id uuid not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  reason text not null check (length(reason) between 10 and 1000),
  started_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, raise_id),
  check (ends_at <= started_at + interval '4 hours')
);
create index raised_rights_of on raised_rights (tenant_id, operator_id, ends_at);
call protect_tenant_table('raised_rights');
grant select, insert, update (ended_at) on raised_rights to gatehouse_app;
