import { Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { defined } from '../../parts/fields.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { OnceNote } from '../../parts/once-note.tsx';
import { Section } from '../../parts/page.tsx';
import { When } from '../../parts/when.tsx';
import { Days } from '../tools/tool-invitations.tsx';
import { FamilySelect, readFamily } from './family-select.tsx';

/** Links by which an LMS connects itself (LTI Dynamic Registration), with what came of each try. */
export function LmsInvitations({ slug }: { slug: string }) {
  const { text, word } = useLanguage();
  const { can } = useSession();
  const [link, setLink] = useState<string>();
  const invitations = useRead('listLmsInvitations', { params: { slug } });
  return (
    <Section
      title={text('invitations.lms')}
      actions={can('lms:write') && <InviteLms slug={slug} onLink={setLink} />}
    >
      <Stack gap="sm">
        <OnceNote title={text('invitations.lms.once')} value={link} />
        <Loaded of={invitations}>
          {(data) => (
            <DataTable
              plain
              name="lms-invitations"
              label={text('invitations.lms')}
              rows={data.invitations}
              rowKey={({ invitationId }) => invitationId}
              empty={text('invitations.empty')}
              columns={[
                { key: 'family', header: text('lms.family'), cell: ({ family }) => text(`family.${family}`) },
                {
                  key: 'state',
                  header: text('overview.state'),
                  cell: ({ state }) => word('invitationState', state),
                },
                {
                  key: 'tries',
                  header: text('invitations.tries'),
                  cell: ({ tries }) =>
                    tries
                      .map(({ host, reason }) => [host, reason].filter((part) => part !== null).join(': '))
                      .join(', ') || '–',
                },
                {
                  key: 'expiresAt',
                  header: text('invitations.expiresAt'),
                  cell: ({ expiresAt }) => <When at={expiresAt} />,
                },
                {
                  key: 'act',
                  header: text('table.actions'),
                  cell: ({ invitationId, state }) =>
                    can('lms:write') &&
                    state === 'open' && (
                      <Act
                        name="revokeLmsInvitation"
                        label={text('invitations.revoke')}
                        input={(reason) => ({ params: { slug, invitationId }, body: withReason(reason) })}
                        danger
                      >
                        {text('invitations.revoke.about')}
                      </Act>
                    ),
                },
              ]}
            />
          )}
        </Loaded>
      </Stack>
    </Section>
  );
}

function InviteLms({ slug, onLink }: { slug: string; onLink: (link: string) => void }) {
  const { text } = useLanguage();
  return (
    <Ask
      name="inviteLms"
      label={text('invitations.lms.make')}
      reason="asked"
      input={(entered) => ({
        params: { slug },
        body: {
          family: readFamily(entered),
          hosts: entered.lines('hosts'),
          days: Number(entered.text('days')),
          ...defined({ name: entered.given('name'), reason: entered.given('reason') }),
        },
      })}
      onDone={({ link }) => onLink(link)}
    >
      <FamilySelect />
      <TextInput
        name="name"
        label={text('overview.name')}
        description={text('lms.name.about')}
        maxLength={200}
      />
      <Textarea
        name="hosts"
        label={text('invitations.hosts')}
        description={text('invitations.hosts.about')}
        autosize
        minRows={1}
      />
      <Days />
    </Ask>
  );
}
