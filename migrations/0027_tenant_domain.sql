-- Host names of a school's own, under which its LMS knows the hub: Brightspace takes each tool's domain once only.
create table tenant_domain (
  tenant_id uuid not null,
  domain text not null check (domain = lower(domain) and length(domain) between 1 and 253),
  -- What the hub answers there, to show that the name leads to it. No secret.
  challenge text not null,
  -- How it is known that the name is the school's; null: not yet, and it leads nowhere.
  verified text check (verified in ('reached', 'vouched')),
  verified_at timestamptz check ((verified_at is null) = (verified is null)),
  created_at timestamptz not null,
  primary key (tenant_id, domain)
);
-- Verified it is one school's. Unverified any may have it, so that nobody keeps another from its own name.
create unique index tenant_domain_verified on tenant_domain (domain) where verified is not null;
call protect_tenant_table('tenant_domain');
call let_role_read_all('tenant_domain', 'gatehouse_directory');
grant select, insert, update (verified, verified_at), delete on tenant_domain to gatehouse_app;
grant select (tenant_id, domain, challenge, verified) on tenant_domain to gatehouse_directory;
