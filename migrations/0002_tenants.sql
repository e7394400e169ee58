-- A backup holds every table, also those that later migrations, the job library and the months to come will make.
alter default privileges grant select on tables to gatehouse_backup;
alter default privileges grant select on sequences to gatehouse_backup;

-- The one policy form (measured: the sub-select is evaluated once a statement, not once a row; after a
-- COMMIT the setting is '' and not NULL, hence nullif).
create procedure protect_tenant_table(target regclass) language plpgsql as $$
declare
  rule constant text := 'tenant_id = (select nullif(current_setting(''app.tenant'', true), '''')::uuid)';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant_isolation on %s using (%s) with check (%s)', target, rule, rule);
end $$;

-- Reads across tenants are granted to narrow roles, table by table.
create procedure let_role_read_all(target regclass, reader regrole) language plpgsql as $$
begin
  execute format('create policy %I on %s for select to %s using (true)', reader || '_reads', target, reader);
end $$;

-- The smallest UUIDv7 of an instant (RFC 9562 §5.7): bounds of the monthly partitions.
create function uuid_floor(at timestamptz) returns uuid language sql immutable strict parallel safe as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

create table tenant (
  tenant_id uuid primary key,
  -- Public in every URL, so its uniqueness tells nothing new.
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 200),
  locale text not null default 'en',
  status text not null default 'active' check (status in ('active', 'paused')),
  created_at timestamptz not null
);
call protect_tenant_table('tenant');
call let_role_read_all('tenant', 'gatehouse_directory');
grant select, insert, update on tenant to gatehouse_app;
grant select (tenant_id, slug, name, locale, status) on tenant to gatehouse_directory;

create table data_key (
  tenant_id uuid not null,
  version integer not null check (version > 0),
  -- AES-256 key of the tenant, wrapped by the key-encryption key named beside it.
  wrapped bytea not null,
  wrapping_key text not null,
  created_at timestamptz not null,
  primary key (tenant_id, version)
);
call protect_tenant_table('data_key');
call let_role_read_all('data_key', 'gatehouse_directory');
grant select, insert, update (wrapped, wrapping_key) on data_key to gatehouse_app;
-- Re-wrapping after a change of the key-encryption key visits every tenant.
grant select (tenant_id, version, wrapping_key) on data_key to gatehouse_directory;

-- The hub's own signing keys belong to the nil tenant: one set for every tenant and tool.
create table signing_key (
  tenant_id uuid not null,
  kid text not null,
  state text not null check (state in ('published', 'signing', 'retired', 'revoked')),
  public_jwk jsonb not null,
  sealed_private_key bytea not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, kid)
);
create unique index signing_key_one_signs on signing_key (tenant_id) where state = 'signing';
call protect_tenant_table('signing_key');
grant select, insert, update (state, changed_at, sealed_private_key) on signing_key to gatehouse_app;

-- Small secrets of a tenant or of the hub itself, sealed under the owner's data key.
create table stored_secret (
  tenant_id uuid not null,
  name text not null check (length(name) between 1 and 100),
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (tenant_id, name)
);
call protect_tenant_table('stored_secret');
grant select, insert, update (sealed), delete on stored_secret to gatehouse_app;
