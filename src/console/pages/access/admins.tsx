import { Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession, useWho } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { defined } from '../../parts/fields.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { OnceNote } from '../../parts/once-note.tsx';
import { Section } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Tag } from '../../parts/tag.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { Days } from '../tools/tool-invitations.tsx';

type Admin = Reply<'listAdmins'>['operators'][number];
type Invitation = Reply<'listAdmins'>['invitations'][number];

/** People of the institution with accounts of their own, and who is invited. */
export function Admins({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const [link, setLink] = useState<string>();
  const [url, change] = useUrlState();
  const query = { limit: 50, ...(url.after ? { after: url.after } : {}) };
  const admins = useRead('listAdmins', { params: { slug }, query }, { keep: true });
  return (
    <Section
      title={text('admins.title')}
      actions={can('admins:write') && <InviteAdmin slug={slug} onLink={setLink} />}
    >
      <Stack gap="sm">
        <OnceNote title={text('operators.link')} value={link} />
        <Loaded of={admins}>
          {({ operators, invitations, next }) => (
            <>
              <AdminTable slug={slug} admins={operators} onLink={setLink} />
              <Pager now={url.after} next={next} turn={(after) => change({ after })} />
              {invitations.length > 0 && <InvitationTable slug={slug} invitations={invitations} />}
            </>
          )}
        </Loaded>
      </Stack>
    </Section>
  );
}

interface RowProps {
  slug: string;
  /** Shows a link that was made, this once. */
  onLink: (link: string) => void;
}

function AdminTable({ admins, ...row }: RowProps & { admins: readonly Admin[] }) {
  const { text } = useLanguage();
  return (
    <DataTable
      plain
      name="admins"
      label={text('admins.title')}
      rows={admins}
      rowKey={({ operatorId }) => operatorId}
      empty={text('admins.empty')}
      columns={[
        { key: 'name', header: text('account.name'), cell: ({ name }) => name },
        { key: 'email', header: text('signIn.email'), cell: ({ email }) => email },
        {
          key: 'status',
          header: text('overview.state'),
          cell: ({ status }) => (
            <Tag tone={status === 'active' ? 'good' : 'calm'}>{text(`connectionState.${status}`)}</Tag>
          ),
        },
        {
          key: 'secondFactor',
          header: text('operators.factor'),
          cell: ({ secondFactor }) => text(secondFactor ? 'word.yes' : 'word.no'),
        },
        {
          key: 'lastSignInAt',
          header: text('operators.lastSignIn'),
          cell: ({ lastSignInAt }) => <When at={lastSignInAt} relative />,
        },
        {
          key: 'act',
          header: text('table.actions'),
          cell: (admin) => <AdminActs {...row} admin={admin} />,
        },
      ]}
    />
  );
}

function AdminActs({ slug, admin, onLink }: RowProps & { admin: Admin }) {
  const { text } = useLanguage();
  const { can, mayCall } = useSession();
  const { operatorId } = useWho();
  if (!can('admins:write') || admin.operatorId === operatorId) return null;
  const input = (reason: string | undefined) => ({
    params: { slug, operatorId: admin.operatorId },
    body: withReason(reason),
  });
  return (
    <Group gap="xs" wrap="nowrap">
      {admin.status === 'active' ? (
        <Act
          name="disableAdmin"
          label={text('operators.disable')}
          input={input}
          danger
          typeName={admin.email}
        >
          {text('operators.disable.about')}
        </Act>
      ) : (
        <Act name="enableAdmin" label={text('operators.enable')} input={input}>
          {text('operators.enable.about')}
        </Act>
      )}
      {admin.secondFactor && (
        <Act name="resetAdminSecondFactor" label={text('admins.resetFactor')} input={input} danger>
          {text('admins.resetFactor.about')}
        </Act>
      )}
      {admin.status === 'active' && mayCall('makeAdminPasswordLink') && (
        <Act
          name="makeAdminPasswordLink"
          label={text('admins.passwordLink')}
          input={input}
          onDone={({ link }) => onLink(link)}
        >
          {text('admins.passwordLink.about')}
        </Act>
      )}
      {admin.isLinked && mayCall('unlinkAdmin') && (
        <Act name="unlinkAdmin" label={text('admins.unlink')} input={input} danger>
          {text('admins.unlink.about')}
        </Act>
      )}
    </Group>
  );
}

function InvitationTable({ slug, invitations }: { slug: string; invitations: readonly Invitation[] }) {
  const { text, word } = useLanguage();
  const { can } = useSession();
  return (
    <DataTable
      plain
      name="admin-invitations"
      label={text('admins.invited')}
      rows={invitations}
      rowKey={({ linkId }) => linkId}
      empty={text('word.none')}
      columns={[
        { key: 'name', header: text('admins.invited'), cell: ({ name }) => name },
        { key: 'email', header: text('signIn.email'), cell: ({ email }) => email },
        { key: 'state', header: text('overview.state'), cell: ({ state }) => word('invitationState', state) },
        {
          key: 'expiresAt',
          header: text('invitations.expiresAt'),
          cell: ({ expiresAt }) => <When at={expiresAt} />,
        },
        {
          key: 'act',
          header: text('table.actions'),
          cell: ({ linkId, state }) =>
            can('admins:write') &&
            state === 'open' && (
              <Act
                name="revokeAdminInvitation"
                label={text('invitations.revoke')}
                input={(reason) => ({ params: { slug, linkId }, query: withReason(reason) })}
                danger
              >
                {text('invitations.revoke.about')}
              </Act>
            ),
        },
      ]}
    />
  );
}

function InviteAdmin({ slug, onLink }: { slug: string; onLink: (link: string) => void }) {
  const { text } = useLanguage();
  return (
    <Ask
      name="inviteAdmin"
      label={text('admins.invite')}
      reason="asked"
      input={(entered) => ({
        params: { slug },
        body: {
          name: entered.text('name'),
          email: entered.text('email'),
          days: Number(entered.text('days')),
          ...defined({ reason: entered.given('reason') }),
        },
      })}
      onDone={({ link }) => onLink(link)}
    >
      <TextInput name="name" label={text('account.name')} maxLength={200} required />
      <TextInput name="email" type="email" label={text('signIn.email')} maxLength={254} required />
      <Days />
    </Ask>
  );
}
