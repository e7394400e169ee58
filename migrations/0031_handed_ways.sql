-- Who else could have come in: whoever hands out a way in can open it, in a private window at that, and nothing tells them from
-- the one it is for. So what is agreed to in an institution's name is held against everybody who had a hand in it.

-- Who made an API token, as in the audit trail, and who had handed them their own way in. Empty: nobody knows any more.
alter table api_token add column made_by text[] not null default '{}';

-- Beside made_by: who had handed the maker their own way in.
alter table operator_link add column behind text[] not null default '{}';

-- Who has handed out the way in, and when it was taken. Null: nobody, or it was before this was kept.
alter table operator add column handed_by text[] not null default '{}';
alter table operator add column handed_at timestamptz;

-- The same of an institution's own sign-in: whoever says whom it trusts could come in as any admin who comes by it.
alter table operator_way add column handed_by text[] not null default '{}';
alter table operator_way add column handed_at timestamptz;
grant update (handed_by, handed_at) on operator_way to gatehouse_app;

-- When somebody last showed who they are. It stays where a session goes on under another cookie. Null: before this was kept.
alter table operator_session add column proved_at timestamptz;

-- Beside by_link_of, which from now on is whoever of outside the institution handed the way in out.
alter table setup_agreement add column behind text[] not null default '{}';
-- When it counts though nobody has confirmed it. Null: of before; then at once without by_link_of, and otherwise never.
alter table setup_agreement add column counts_from timestamptz;
