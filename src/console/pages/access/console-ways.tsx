import { Code, Text } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { When } from '../../parts/when.tsx';

type Way = Reply<'listAdminWays'>['ways'][number];

/** By which of its own sign-ins an institution's admins come to the console. */
export function ConsoleWays({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const found = useRead('listAdminWays', { params: { slug } });
  return (
    <Section title={text('ways.title')}>
      <Text size="sm" c="dimmed" maw={720} mb="sm">
        {text('ways.about')}
      </Text>
      <Loaded of={found}>
        {({ ways }) => (
          <DataTable
            plain
            name="console-ways"
            label={text('ways.title')}
            rows={ways}
            rowKey={({ connectionId }) => connectionId}
            empty={text('ways.empty')}
            columns={[
              { key: 'name', header: text('account.name'), cell: ({ name }) => name },
              {
                key: 'state',
                header: text('overview.state'),
                cell: ({ openedAt, status }) =>
                  openedAt === null ? (
                    <Tag tone="calm">{text('ways.closed')}</Tag>
                  ) : status === 'active' ? (
                    <Tag tone="good">{text('ways.open')}</Tag>
                  ) : (
                    <Tag tone="warn">{text(`connectionState.${status}`)}</Tag>
                  ),
              },
              {
                key: 'openedAt',
                header: text('ways.openedAt'),
                cell: ({ openedAt }) => <When at={openedAt} />,
              },
              { key: 'admins', header: text('ways.admins'), cell: ({ admins }) => admins },
              {
                key: 'act',
                header: text('table.actions'),
                cell: (way) => <WayAct slug={slug} way={way} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function WayAct({ slug, way }: { slug: string; way: Way }) {
  const { connectionId, openedAt, name, certificates, keysFrom, signer, subjectFrom } = way;
  const { text } = useLanguage();
  const { mayCall } = useSession();
  const input = (reason: string | undefined) => ({
    params: { slug, connectionId },
    body: withReason(reason),
  });
  if (openedAt !== null)
    return mayCall('closeAdminWay') ? (
      <Act name="closeAdminWay" label={text('ways.close')} input={input} danger typeName={name}>
        {text('ways.close.about')}
      </Act>
    ) : null;
  return mayCall('openAdminWay') ? (
    <Act
      name="openAdminWay"
      label={text('ways.open.do')}
      input={(reason) => ({
        ...input(reason),
        body: { ...withReason(reason), certificates, keysFrom, signer, subjectFrom },
      })}
    >
      {text('ways.open.about')}
      <Text size="sm" mt="sm">
        {text(keysFrom === null ? 'ways.open.keysGiven' : 'ways.open.keysFrom')}
      </Text>
      {keysFrom !== null && <Value>{keysFrom}</Value>}
      {signer !== null && (
        <>
          <Text size="sm" mt="sm">
            {text('ways.open.signer')}
          </Text>
          <Value>{signer}</Value>
        </>
      )}
      <Text size="sm" mt="sm">
        {text('ways.open.subjectFrom')}
      </Text>
      <Value>{subjectFrom}</Value>
      {certificates.length > 0 && (
        <>
          <Text size="sm" mt="sm">
            {text('ways.open.trusts')}
          </Text>
          {certificates.map((each) => (
            <Value key={each}>{each}</Value>
          ))}
        </>
      )}
    </Act>
  ) : null;
}

function Value({ children }: { children: string }) {
  return (
    <Code block mt={4} style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
      {children}
    </Code>
  );
}
