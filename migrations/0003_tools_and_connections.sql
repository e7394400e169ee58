-- A tool is registered once with the hub; it belongs to no tenant (a reference table).
create table tool (
  tool_id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 200),
  client_id text not null unique,
  login_initiation_url text not null,
  target_link_uri text not null,
  redirect_uris text[] not null check (cardinality(redirect_uris) between 1 and 20),
  jwks_url text,
  jwks jsonb,
  presentation text not null check (presentation in ('redirect', 'framed', 'new_window')),
  supports_storage boolean not null,
  status text not null check (status in ('active', 'disabled')),
  version integer not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
grant select, insert, update on tool to gatehouse_app;

create table tool_enablement (
  tenant_id uuid not null references tenant,
  enablement_id uuid not null,
  tool_id uuid not null references tool,
  -- What the tool knows as deployment_id (LTI Core §3.1.3).
  deployment_id text not null,
  custom jsonb not null default '{}',
  status text not null check (status in ('active', 'disabled')),
  policy_version integer not null,
  version integer not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, enablement_id),
  unique (tenant_id, tool_id),
  unique (tenant_id, deployment_id)
);
call protect_tenant_table('tool_enablement');
grant select, insert, update on tool_enablement to gatehouse_app;

-- Every version of what a tool may see of a tenant's people; an exchange names the one in force.
create table release_policy (
  tenant_id uuid not null references tenant,
  tool_id uuid not null references tool,
  version integer not null check (version > 0),
  rules jsonb not null,
  created_at timestamptz not null,
  primary key (tenant_id, tool_id, version)
);
call protect_tenant_table('release_policy');
grant select, insert on release_policy to gatehouse_app;

create table connection (
  tenant_id uuid not null references tenant,
  connection_id uuid not null,
  kind text not null check (kind in ('lms', 'identity', 'roster', 'grades')),
  partner text not null check (length(partner) between 1 and 100),
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null,
  primary key (tenant_id, connection_id)
);
call protect_tenant_table('connection');
grant select, insert, update on connection to gatehouse_app;
-- An exchange names its partner, so that reports need no look across tenants.
call let_role_read_all('connection', 'gatehouse_rollup');
grant select (tenant_id, connection_id, partner) on connection to gatehouse_rollup;

create table lti_registration (
  tenant_id uuid not null,
  connection_id uuid not null,
  issuer text not null,
  client_id text not null,
  authorize_url text not null,
  authorize_method text not null check (authorize_method in ('GET', 'POST')),
  token_url text,
  token_audience text,
  jwks_url text,
  jwks jsonb,
  family text not null,
  settings jsonb not null,
  status text not null check (status in ('active', 'disabled')),
  version integer not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, connection_id),
  unique (tenant_id, issuer, client_id),
  foreign key (tenant_id, connection_id) references connection
);
call protect_tenant_table('lti_registration');
grant select, insert, update on lti_registration to gatehouse_app;

-- One client_id and one login URL for all schools (Blackboard, Schoology, inherited Canvas keys).
-- It holds the partner's public facts and belongs to no tenant.
create table hub_registration (
  registration_id uuid primary key,
  issuer text not null,
  client_id text not null,
  authorize_url text not null,
  authorize_method text not null check (authorize_method in ('GET', 'POST')),
  token_url text,
  token_audience text,
  jwks_url text,
  jwks jsonb,
  family text not null,
  settings jsonb not null,
  status text not null check (status in ('active', 'disabled')),
  version integer not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  unique (issuer, client_id)
);
grant select, insert, update on hub_registration to gatehouse_app;

create table lti_deployment (
  tenant_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null check (length(deployment_id) between 1 and 255),
  -- Set where the school is reached through a hub-wide registration.
  hub_registration_id uuid references hub_registration,
  status text not null check (status in ('active', 'disabled')),
  created_at timestamptz not null,
  primary key (tenant_id, connection_id, deployment_id),
  foreign key (tenant_id, connection_id) references connection
);
-- A hub-wide deployment is one school: the verified (registration, deployment) decides the tenant.
create unique index lti_deployment_hub_wide on lti_deployment (hub_registration_id, deployment_id)
  where hub_registration_id is not null;
call protect_tenant_table('lti_deployment');
call let_role_read_all('lti_deployment', 'gatehouse_directory');
grant select, insert, update, delete on lti_deployment to gatehouse_app;
grant select (tenant_id, connection_id, deployment_id, hub_registration_id, status) on lti_deployment
  to gatehouse_directory;
