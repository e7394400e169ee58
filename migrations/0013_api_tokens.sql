-- Tokens by which operators' programs call the HTTP API. They are the hub's own records and stand under the nil tenant,
-- also where one is for a single tenant.
create table api_token (
  tenant_id uuid not null,
  token_id uuid not null,
  -- SHA-256 of the token, which is 32 random bytes: nothing to guess, and nobody can send the hash.
  token_hash bytea not null,
  name text not null check (length(name) between 1 and 200),
  scopes text[] not null,
  -- The one tenant it reaches; null: every tenant.
  only_tenant_id uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- To the minute.
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, token_id),
  unique (tenant_id, token_hash)
);
call protect_tenant_table('api_token');
grant select, insert, update (last_used_at, revoked_at) on api_token to gatehouse_app;
