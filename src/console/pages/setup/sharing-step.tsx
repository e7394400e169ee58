import { Button, Checkbox, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useRead, useWrite } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { When } from '../../parts/when.tsx';
import type { Setup, StepProps } from './setup.tsx';

/** What each tool would see of a made-up pupil; whoever may decide for the institution agrees to it. */
export function SharingStep({ slug, setup: { tools, agreedAt, unconfirmed } }: StepProps) {
  const { text } = useLanguage();
  const { can } = useSession();
  if (tools.length === 0) return <Text>{text('setup.sharing.none')}</Text>;
  const isAgreed = tools.every(({ agreed }) => agreed);
  return (
    <Stack gap="lg">
      <Text size="sm">{text('setup.sharing.about')}</Text>
      {can('tools:read') && tools.map((tool) => <Shared key={tool.slug} slug={slug} tool={tool} />)}
      {unconfirmed !== null ? (
        <Unconfirmed slug={slug} agreement={unconfirmed} />
      ) : isAgreed ? (
        <Agreed at={agreedAt} />
      ) : (
        <Agree slug={slug} tools={tools} hadAgreed={agreedAt !== null} />
      )}
    </Stack>
  );
}

function Agreed({ at }: { at: string | null }) {
  const { text, instant } = useLanguage();
  return (
    <Note
      tone="good"
      role="status"
      title={text('setup.sharing.agreed', { at: at === null ? '' : instant(at) })}
    />
  );
}

/** What somebody else could have agreed to waits for a second pair of eyes: of nobody who had a hand in it. */
function Unconfirmed({
  slug,
  agreement: { agreementId, mayConfirm, countsFrom },
}: {
  slug: string;
  agreement: NonNullable<Setup['unconfirmed']>;
}) {
  const { text } = useLanguage();
  return (
    <Note tone="warn" role="status" title={text('setup.sharing.unconfirmed')}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text('setup.sharing.unconfirmed.about')}</Text>
        {countsFrom !== null && (
          <Text size="sm">
            {text('handed.countsFrom')} <When at={countsFrom} />
          </Text>
        )}
        {mayConfirm && (
          <Act
            name="confirmSharing"
            label={text('setup.sharing.confirmIt')}
            input={(reason) => ({ params: { slug }, body: { agreementId, ...withReason(reason) } })}
            primary
          >
            {text('setup.sharing.confirmIt.about')}
          </Act>
        )}
      </Stack>
    </Note>
  );
}

function Agree({ slug, tools, hadAgreed }: { slug: string; tools: Setup['tools']; hadAgreed: boolean }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const agree = useWrite('agreeToSharing');
  const [isSure, setSure] = useState(false);
  const seen = tools.map((tool) => ({ slug: tool.slug, policyVersion: tool.policyVersion }));
  return (
    <Stack gap="sm">
      {hadAgreed && <Note tone="warn" title={text('setup.sharing.changed')} />}
      {!can('setup:write') ? (
        <Text>{text('setup.readOnly')}</Text>
      ) : (
        <>
          <Checkbox
            label={text('setup.sharing.confirm')}
            checked={isSure}
            onChange={(event) => setSure(event.currentTarget.checked)}
          />
          <div>
            <Button
              disabled={!isSure}
              loading={agree.isPending}
              onClick={() => agree.mutate({ params: { slug }, body: { tools: seen } })}
            >
              {text('setup.sharing.agree')}
            </Button>
          </div>
        </>
      )}
      {agree.isError && <FailureNote error={agree.error} />}
    </Stack>
  );
}

function Shared({ slug, tool }: { slug: string; tool: Setup['tools'][number] }) {
  const { text } = useLanguage();
  const preview = useRead('previewPolicy', { params: { slug, tool: tool.slug } });
  return (
    <section>
      <Title order={3}>{tool.name}</Title>
      <Loaded of={preview}>
        {({ purposes }) =>
          purposes.map(({ purpose, fields }) => {
            const label = text(`setup.purpose.${purpose}`);
            return (
              <section key={purpose}>
                <Title order={4} mt="sm" mb={4}>
                  {label}
                </Title>
                <DataTable
                  plain
                  name="shared"
                  label={`${tool.name}: ${label}`}
                  rows={fields.filter(({ released }) => released !== null)}
                  rowKey={({ field }) => field}
                  empty={text('setup.sharing.nothing')}
                  columns={[
                    { key: 'field', header: text('setup.sharing.field'), cell: ({ field }) => field },
                    {
                      key: 'action',
                      header: text('setup.sharing.action'),
                      cell: ({ action }) => text(`setup.action.${action}`),
                    },
                    {
                      key: 'released',
                      header: text('setup.sharing.example'),
                      cell: ({ released }) => (
                        <span className="code">
                          {Array.isArray(released) ? released.join(', ') : released}
                        </span>
                      ),
                    },
                  ]}
                />
              </section>
            );
          })
        }
      </Loaded>
    </section>
  );
}
