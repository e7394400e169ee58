import { Anchor, Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type SetupStep, setupSteps } from '../../../../contracts/http/roles.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { When } from '../../parts/when.tsx';
import { Once } from './copy.tsx';

const tones = { open: 'busy', used: 'good', expired: 'calm', revoked: 'calm' } as const satisfies Record<
  string,
  Tone
>;

interface Made {
  link: string;
  email: string;
}

/** Links by which the institution's admins set it up: who was sent one, and a new one, which is shown once. */
export function SetupLinks({ slug, name }: { slug: string; name: string }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const [made, setMade] = useState<Made>();
  const links = useRead('listSetupLinks', { params: { slug } }, { every: 10_000 });
  return (
    <Section
      title={text('setup.links')}
      actions={can('admins:write') && <NewLink slug={slug} onMade={setMade} />}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed" maw={720}>
          {text('setup.links.about')}
        </Text>
        {made && (
          <Note tone="good" role="status" title={text('setup.links.once')}>
            <Once name={text('setup.links')} value={made.link} />
            <Anchor
              size="sm"
              href={mailOf(made, text('setup.links.mail.subject', { name }), text('setup.links.mail.body'))}
            >
              {text('setup.links.mail')}
            </Anchor>
          </Note>
        )}
        <Loaded of={links}>
          {({ setupLinks }) => (
            <DataTable
              plain
              name="setup-links"
              label={text('setup.links')}
              rows={setupLinks}
              rowKey={({ linkId }) => linkId}
              empty={text('setup.links.empty')}
              columns={[
                { key: 'name', header: text('account.name'), cell: (link) => link.name },
                { key: 'email', header: text('signIn.email'), cell: ({ email }) => email },
                {
                  key: 'steps',
                  header: text('setup.links.steps'),
                  cell: ({ steps }) => steps.map((step) => text(`setup.step.${step}`)).join(', '),
                },
                {
                  key: 'state',
                  header: text('overview.state'),
                  cell: ({ state }) => <Tag tone={tones[state]}>{text(`setup.links.state.${state}`)}</Tag>,
                },
                {
                  key: 'expiresAt',
                  header: text('setup.links.expiresAt'),
                  cell: ({ expiresAt }) => <When at={expiresAt} />,
                },
                {
                  key: 'act',
                  header: text('table.actions'),
                  cell: ({ linkId, state }) =>
                    can('admins:write') && ['open', 'used'].includes(state) ? (
                      <Act
                        name="revokeSetupLink"
                        label={text('setup.links.revoke')}
                        input={(reason) => ({
                          params: { slug, linkId },
                          ...(reason === undefined ? {} : { query: { reason } }),
                        })}
                        danger
                      >
                        {text('setup.links.revoke.about')}
                      </Act>
                    ) : (
                      '–'
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

/** RFC 6068 §2: written by the operator's own mail program; the hub sends nothing. */
function mailOf({ link, email }: Made, subject: string, body: string): string {
  const [about, content] = [subject, `${body}\r\n\r\n${link}`].map(encodeURIComponent);
  return `mailto:${encodeURIComponent(email)}?subject=${about}&body=${content}`;
}

function NewLink({ slug, onMade }: { slug: string; onMade: (made: Made) => void }) {
  const { text } = useLanguage();
  const [steps, setSteps] = useState<string[]>([...setupSteps]);
  return (
    <Ask
      name="makeSetupLink"
      label={text('setup.links.make')}
      input={(entered) => ({
        params: { slug },
        body: { name: entered.text('name'), email: entered.text('email'), steps: steps as SetupStep[] },
      })}
      onDone={({ link, setupLink: { email } }) => onMade({ link, email })}
      isBlocked={steps.length === 0}
      primary
    >
      <TextInput name="name" label={text('setup.links.name')} maxLength={200} required data-autofocus />
      <TextInput name="email" type="email" label={text('signIn.email')} maxLength={254} required />
      <Checkbox.Group label={text('setup.links.steps')} value={steps} onChange={setSteps}>
        <Stack gap="xs" mt={4}>
          {setupSteps.map((step) => (
            <Checkbox key={step} value={step} label={text(`setup.step.${step}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
    </Ask>
  );
}
