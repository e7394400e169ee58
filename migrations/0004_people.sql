create table person (
  tenant_id uuid not null,
  person_id uuid not null,
  name text,
  given_name text,
  family_name text,
  email text,
  locale text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, person_id)
);
call protect_tenant_table('person');
grant select, insert, update, delete on person to gatehouse_app;

-- An identity of a person at a connection: an LTI subject now, SSO subjects and roster users alike.
create table person_link (
  tenant_id uuid not null,
  connection_id uuid not null,
  subject text not null check (length(subject) between 1 and 255),
  person_id uuid not null,
  created_at timestamptz not null,
  primary key (tenant_id, connection_id, subject),
  foreign key (tenant_id, person_id) references person
);
create index person_link_of_person on person_link (tenant_id, person_id);
call protect_tenant_table('person_link');
grant select, insert, update, delete on person_link to gatehouse_app;

-- The random name a tool knows a person by.
create table pseudonym (
  tenant_id uuid not null,
  tool_id uuid not null,
  person_id uuid not null,
  sub text not null,
  created_at timestamptz not null,
  primary key (tenant_id, tool_id, person_id),
  unique (tenant_id, tool_id, sub),
  foreign key (tenant_id, person_id) references person
);
call protect_tenant_table('pseudonym');
grant select, insert, update, delete on pseudonym to gatehouse_app;

create table lti_context (
  tenant_id uuid not null,
  context_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  lms_context_id text not null check (length(lms_context_id) between 1 and 255),
  label text,
  title text,
  type text[] not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, context_id),
  unique (tenant_id, connection_id, deployment_id, lms_context_id)
);
call protect_tenant_table('lti_context');
grant select, insert, update, delete on lti_context to gatehouse_app;

create table lti_resource_link (
  tenant_id uuid not null,
  resource_link_id uuid not null,
  connection_id uuid not null,
  deployment_id text not null,
  tool_id uuid not null,
  lms_resource_link_id text not null check (length(lms_resource_link_id) between 1 and 255),
  title text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, resource_link_id),
  unique (tenant_id, connection_id, deployment_id, tool_id, lms_resource_link_id)
);
call protect_tenant_table('lti_resource_link');
grant select, insert, update, delete on lti_resource_link to gatehouse_app;
