-- Of two schools that had entered the same name, each could show that it leads to this hub: that is known of the name, and not of
-- whose it is. So a name is one school's from when it is entered.
do $$
declare gone record;
begin
  for gone in
    delete from tenant_domain d using tenant_domain other
    where other.domain = d.domain and other.tenant_id <> d.tenant_id and d.verified is null
      and (other.verified is not null or (other.created_at, other.tenant_id) < (d.created_at, d.tenant_id))
    returning d.tenant_id, d.domain, other.tenant_id as owner
  loop
    raise notice 'Name % of tenant % was never shown to lead here and is taken out: it is that of tenant %.',
      gone.domain, gone.tenant_id, gone.owner;
  end loop;
end $$;
create unique index tenant_domain_name on tenant_domain (domain);
drop index tenant_domain_verified;
