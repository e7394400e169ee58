import { Stack } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { HealthTabs } from '../health/health-tabs.tsx';
import { toneOfOutcome } from '../health/tones.ts';
import { ConnectionLink } from '../readiness/connection-link.tsx';

type Probe = Reply<'listProbes'>['probes'][number];
type Connection = Reply<'summarizeTenant'>['connections'][number];

/** What asking a school's connections without people has told. */
export function OwnProbes() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const every = 30_000;
  const probes = useRead('listProbes', { params: { slug }, query: { limit: 200 } }, { every });
  const summary = useRead('summarizeTenant', { params: { slug } }, { every });
  return (
    <Page title={text('nav.probes')} about={text('probes.about')} above={<HealthTabs slug={slug} />}>
      <Loaded of={summary} lines={6}>
        {({ connections }) => (
          <Loaded of={probes} lines={6}>
            {(data) => (
              <Stack gap="lg">
                <Section title={text('probes.connections')}>
                  <Asked slug={slug} connections={connections} reply={data} />
                </Section>
                <Section title={text('probes.latest')}>
                  <Latest connections={connections} probes={data.probes} />
                </Section>
              </Stack>
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function Asked({
  slug,
  connections,
  reply: { probes, off },
}: {
  slug: string;
  connections: readonly Connection[];
  reply: Reply<'listProbes'>;
}) {
  const { text } = useLanguage();
  const { can } = useSession();
  // Scores are sent by people alone: there is nothing to ask.
  const rows = connections.filter(({ kind }) => kind !== 'grades');
  const isOff = ({ connectionId }: Connection) => off.includes(connectionId);
  const last = ({ connectionId }: Connection) => probes.find((each) => each.connectionId === connectionId);
  const columns: Column<Connection>[] = [
    {
      key: 'name',
      header: text('overview.name'),
      cell: ({ kind, connectionId, name }) => (
        <ConnectionLink slug={slug} kind={kind} connectionId={connectionId}>
          {name}
        </ConnectionLink>
      ),
    },
    { key: 'kind', header: text('health.kind'), cell: ({ kind }) => text(`connection.${kind}`) },
    {
      key: 'asked',
      header: text('overview.state'),
      cell: (row) =>
        isOff(row) ? (
          <Tag tone="calm">{text('probes.notAsked')}</Tag>
        ) : (
          <Tag tone="good">{text('probes.asked')}</Tag>
        ),
    },
    {
      key: 'outcome',
      header: text('exchanges.outcome'),
      cell: (row) => {
        const probe = last(row);
        return probe === undefined ? '–' : <Outcome of={probe} />;
      },
    },
    {
      key: 'last',
      header: text('probes.last'),
      cell: (row) => <When at={last(row)?.endedAt} relative />,
    },
  ];
  const act: Column<Connection> = {
    key: 'act',
    header: text('table.actions'),
    cell: (row) => {
      const isOn = isOff(row);
      return (
        <Act
          // What was asked for is over once it is the other way round.
          key={String(isOn)}
          name="setProbing"
          label={text(isOn ? 'probes.start' : 'probes.stop')}
          input={(reason) => ({
            params: { slug, connectionId: row.connectionId },
            body: { isOn, ...withReason(reason) },
          })}
        >
          {text(isOn ? 'probes.start.about' : 'probes.stop.about')}
        </Act>
      );
    },
  };
  return (
    <DataTable
      plain
      name="probed"
      label={text('probes.connections')}
      rows={rows}
      rowKey={({ connectionId }) => connectionId}
      columns={can('health:write') ? [...columns, act] : columns}
      empty={text('probes.noConnections')}
    />
  );
}

function Latest({ connections, probes }: { connections: readonly Connection[]; probes: readonly Probe[] }) {
  const { text, duration } = useLanguage();
  const names = new Map(connections.map(({ connectionId, name }) => [connectionId, name]));
  return (
    <DataTable
      name="probes"
      label={text('probes.latest')}
      rows={probes}
      rowKey={({ probeId }) => probeId}
      empty={text('probes.empty')}
      columns={[
        {
          key: 'endedAt',
          header: text('exchanges.endedAt'),
          cell: ({ endedAt }) => <When at={endedAt} />,
          value: ({ endedAt }) => endedAt,
        },
        {
          key: 'connection',
          header: text('overview.name'),
          cell: ({ connectionId }) => names.get(connectionId) ?? '–',
          value: ({ connectionId }) => names.get(connectionId) ?? connectionId,
        },
        {
          key: 'kind',
          header: text('health.kind'),
          cell: ({ kind }) => text(`probe.${kind}`),
          value: ({ kind }) => kind,
        },
        {
          key: 'outcome',
          header: text('exchanges.outcome'),
          cell: (probe) => <Outcome of={probe} />,
          value: ({ outcome }) => outcome,
        },
        {
          key: 'reason',
          header: text('exchanges.reason'),
          cell: ({ reason }) => (reason === null ? '–' : <span className="code">{reason}</span>),
          value: ({ reason }) => reason,
        },
        {
          key: 'took',
          header: text('exchanges.took'),
          end: true,
          cell: ({ startedAt, endedAt }) => duration(Date.parse(endedAt) - Date.parse(startedAt)),
          value: ({ startedAt, endedAt }) => Date.parse(endedAt) - Date.parse(startedAt),
        },
      ]}
    />
  );
}

function Outcome({ of: { outcome } }: { of: Probe }) {
  const { text } = useLanguage();
  return <Tag tone={toneOfOutcome(outcome)}>{text(`outcome.${outcome}`)}</Tag>;
}
