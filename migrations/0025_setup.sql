-- What an institution has agreed to share: its tools, and of each the version of the release policy that was shown.
create table setup_agreement (
  tenant_id uuid not null,
  agreement_id uuid not null,
  -- Who has agreed, as in the audit trail: an id, never a name.
  actor text not null check (length(actor) between 1 and 200),
  -- [{ "toolId", "policyVersion" }]: the tools that were on.
  tools jsonb not null,
  agreed_at timestamptz not null,
  primary key (tenant_id, agreement_id)
);
call protect_tenant_table('setup_agreement');
grant select, insert on setup_agreement to gatehouse_app;

-- Whether people have ever signed in by a connection. A test is suppressed in the numbers; it went well where it has no reason to be refused.
create index sign_in_good on sign_in (tenant_id, connection_id, sign_in_id)
  where outcome = 'success' or (is_test and reason is null);
