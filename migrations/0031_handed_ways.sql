-- Who else could have come in: whoever hands out a way in can open it, in a private window at that, and nothing tells them from
-- the one it is for. So what is agreed to in an institution's name is held against everybody who had a hand in it.

-- Who made an API token, as in the audit trail, and who had handed them their own way in. Empty: nobody knows any more.
alter table api_token add column made_by text[] not null default '{}';
update api_token t set made_by = array[e.actor] from audit_event e
where e.tenant_id = t.tenant_id and e.action = 'api_token.created' and e.subject = 'api-token:' || t.token_id;

-- Beside made_by: who had handed the maker their own way in.
alter table operator_link add column behind text[] not null default '{}';
update operator_link l set behind = coalesce(
  (select nullif(t.made_by, '{}') from api_token t where 'api-token:' || t.token_id = l.made_by), '{unknown}')
where l.made_by like 'api-token:%';

-- Who has handed out the way in, and when it was taken. Null: nobody, or it was before this was kept.
alter table operator add column handed_by text[] not null default '{}';
alter table operator add column handed_at timestamptz;
-- When it was last switched off, or its way in handed out anew: what was agreed to under its name before was not its owner's then.
alter table operator add column disowned_at timestamptz;

-- The same of an institution's own sign-in: whoever says whom it trusts could come in as any admin who comes by it. It is kept
-- whether or not admins come by it now, and stays where they do no more: it may be opened for them tomorrow.
alter table identity_source add column handed_by text[] not null default '{}';
alter table identity_source add column handed_at timestamptz;

-- When somebody last showed who they are. It stays where a session goes on under another cookie. Null: before this was kept.
alter table operator_session add column proved_at timestamptz;

-- Beside by_link_of, which from now on is whoever of outside the institution handed the way in out.
alter table setup_agreement add column behind text[] not null default '{}';
-- When it counts though nobody has confirmed it. Null: of before; then at once without by_link_of, and otherwise never.
alter table setup_agreement add column counts_from timestamptz;
update setup_agreement a set behind = coalesce(
  (select nullif(t.made_by, '{}') from api_token t where 'api-token:' || t.token_id = a.by_link_of), '{unknown}')
where a.by_link_of like 'api-token:%';
-- A copy of the version before knows nothing of all this: what it would take in is refused, as it would count at once.
alter table setup_agreement add constraint setup_agreement_counts_from_check check (counts_from is not null) not valid;
