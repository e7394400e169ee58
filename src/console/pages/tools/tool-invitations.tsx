import { NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { serviceScopes } from '../../../../contracts/scopes.ts';
import { presentations } from '../../../../contracts/tools.ts';
import type { Reply } from '../../api/contracts.ts';
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
import { ScopeBoxes } from './tool-fields.tsx';

type Made = Reply<'inviteTool'>;

/** Tokens by which tools register themselves (LTI Dynamic Registration), with what came of each. */
export function ToolInvitations() {
  const { text, word } = useLanguage();
  const { can } = useSession();
  const [made, setMade] = useState<Made>();
  const invitations = useRead('listToolInvitations', {});
  return (
    <Section
      title={text('invitations.tools')}
      actions={can('tools:write') && <InviteTool onDone={setMade} />}
    >
      <Stack gap="sm">
        <OnceNote
          title={text('invitations.tools.once')}
          value={made && `${made.openidConfiguration}\n${made.registrationToken}`}
        />
        <Loaded of={invitations}>
          {(data) => (
            <DataTable
              plain
              name="tool-invitations"
              label={text('invitations.tools')}
              rows={data.invitations}
              rowKey={({ invitationId }) => invitationId}
              empty={text('invitations.empty')}
              columns={[
                {
                  key: 'tool',
                  header: text('nav.tool'),
                  cell: ({ tool }) => <span className="code">{tool}</span>,
                },
                {
                  key: 'state',
                  header: text('overview.state'),
                  cell: ({ state }) => word('invitationState', state),
                },
                {
                  key: 'tries',
                  header: text('invitations.tries'),
                  cell: ({ tries }) =>
                    tries.map(({ reason }) => reason ?? text('word.yes')).join(', ') || '–',
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
                    can('tools:write') &&
                    state === 'open' && (
                      <Act
                        name="revokeToolInvitation"
                        label={text('invitations.revoke')}
                        input={(reason) => ({ params: { invitationId }, body: withReason(reason) })}
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

function InviteTool({ onDone }: { onDone: (made: Made) => void }) {
  const { text } = useLanguage();
  return (
    <Ask
      name="inviteTool"
      label={text('invitations.tools.make')}
      reason="asked"
      input={(entered) => ({
        body: {
          tool: entered.text('tool'),
          scopes: entered.all('scopes'),
          ...defined({
            presentation: presentations.find((each) => each === entered.text('presentation')),
            reason: entered.given('reason'),
          }),
          days: Number(entered.text('days')),
        },
      })}
      onDone={onDone}
    >
      <TextInput
        name="tool"
        label={text('institutions.slug')}
        description={text('institutions.slug.about')}
        maxLength={63}
        required
      />
      <NativeSelect
        name="presentation"
        label={text('tools.presentation')}
        defaultValue="framed"
        data={presentations.map((value) => ({ value, label: text(`presentation.${value}`) }))}
      />
      <ScopeBoxes chosen={serviceScopes} />
      <Days />
    </Ask>
  );
}

/** How many days something that is made here lives. */
export function Days({ most = 30, value = 7 }: { most?: number; value?: number }) {
  const { text } = useLanguage();
  return (
    <NumberInput name="days" label={text('form.days')} defaultValue={value} min={1} max={most} required />
  );
}
