-- Identity connections by which an institution's admins may come to the console. Opened by somebody who may do all that such
-- an admin may; from then on, whom the connection trusts is changed by the like of them alone.
create table operator_way (
  tenant_id uuid not null,
  connection_id uuid not null,
  -- Who has opened it, as in the audit trail.
  actor text not null check (length(actor) between 1 and 200),
  opened_at timestamptz not null,
  primary key (tenant_id, connection_id),
  foreign key (tenant_id, connection_id) references identity_source
);
call protect_tenant_table('operator_way');
grant select, insert, delete on operator_way to gatehouse_app;

-- Whom such a connection knows an admin as.
create table operator_identity (
  tenant_id uuid not null,
  connection_id uuid not null,
  -- SHA-256 of issuer and subject: what never changes and is never given to somebody else. No e-mail address.
  key_hash bytea not null,
  operator_id uuid not null,
  linked_at timestamptz not null,
  primary key (tenant_id, connection_id, key_hash),
  unique (tenant_id, connection_id, operator_id),
  foreign key (tenant_id, connection_id) references operator_way on delete cascade,
  foreign key (tenant_id, operator_id) references operator
);
call protect_tenant_table('operator_identity');
grant select, insert, delete on operator_identity to gatehouse_app;

-- What the console wants to know again when the answer comes; null: somebody signs in at the portal.
alter table sign_in_request add column console jsonb;

alter table operator_session drop constraint operator_session_began_by_check;
alter table operator_session add constraint operator_session_began_by_check
  check (began_by in ('password', 'link', 'company', 'school'));
-- The institution's connection it began by, with which it ends.
alter table operator_session add column connection_id uuid;
-- When the other side wants it over.
alter table operator_session add column partner_ends_at timestamptz;
alter table operator_session add constraint operator_session_way_check
  check ((began_by = 'school') = (connection_id is not null));

-- Who has made a link, as in the audit trail: what is agreed to by it is for another to confirm. Null: nobody knows any more.
alter table operator_link add column made_by text check (length(made_by) between 1 and 200);

-- Of whoever came by a set-up link and has no account: who had made that link. Null: it was agreed by an account of their own.
alter table setup_agreement add column by_link_of text check (length(by_link_of) between 1 and 200);

-- That somebody else than the maker of the link knows of an agreement.
create table setup_confirmation (
  tenant_id uuid not null,
  agreement_id uuid not null,
  actor text not null check (length(actor) between 1 and 200),
  confirmed_at timestamptz not null,
  primary key (tenant_id, agreement_id),
  foreign key (tenant_id, agreement_id) references setup_agreement
);
call protect_tenant_table('setup_confirmation');
grant select, insert on setup_confirmation to gatehouse_app;

-- From where somebody did something: the network, never the whole address. It stands with the values, which can be erased.
alter table audit_value add column origin text check (length(origin) between 1 and 100);
