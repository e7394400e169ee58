import { Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { languages } from '../../i18n/translate.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { OnceNote } from '../../parts/once-note.tsx';
import { Page } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { HealthTabs } from '../health/health-tabs.tsx';
import { AddTarget } from './add-target.tsx';
import { RemoveTarget, SetReport, type Target } from './target-acts.tsx';
import { useTargets } from './use-targets.ts';

/** Who of the hub is told of every institution's incidents. */
export function HubTargets() {
  return <TargetsPage slug={undefined} />;
}

/** Who is told of one institution's incidents. */
export function OwnTargets() {
  return <TargetsPage slug={usePathValue('slug')} />;
}

function TargetsPage({ slug }: { slug: string | undefined }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const [secret, setSecret] = useState<string>();
  const targets = useTargets(slug);
  return (
    <Page
      title={text('nav.targets')}
      about={text(slug === undefined ? 'targets.hub.about' : 'targets.about')}
      above={slug !== undefined && <HealthTabs slug={slug} />}
      actions={can('health:write') && <AddTarget slug={slug} onDone={setSecret} />}
    >
      <Stack gap="md">
        <OnceNote title={text('targets.secret')} value={secret} />
        <Loaded of={targets}>{(data) => <TargetTable slug={slug} targets={data.targets} />}</Loaded>
      </Stack>
    </Page>
  );
}

function TargetTable({ slug, targets }: { slug: string | undefined; targets: readonly Target[] }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const report = ({ channel, reportLanguage }: Target) => {
    if (channel !== 'email') return '–';
    return reportLanguage === null ? text('targets.report.none') : languages[reportLanguage];
  };
  const columns: Column<Target>[] = [
    {
      key: 'name',
      header: text('overview.name'),
      cell: ({ name }) => name,
      value: ({ name }) => name,
    },
    {
      key: 'channel',
      header: text('targets.channel'),
      cell: ({ channel }) => text(`channel.${channel}`),
      value: ({ channel }) => channel,
    },
    {
      key: 'leastSeverity',
      header: text('incidents.severity'),
      cell: ({ leastSeverity }) => text(`urgency.${leastSeverity}`),
      value: ({ leastSeverity }) => leastSeverity,
    },
    {
      key: 'status',
      header: text('overview.state'),
      cell: ({ status }) => (
        <Tag tone={status === 'active' ? 'good' : 'warn'}>{text(`target.${status}`)}</Tag>
      ),
      value: ({ status }) => status,
    },
    { key: 'report', header: text('targets.report'), cell: report, value: report },
  ];
  const act: Column<Target> = {
    key: 'act',
    header: text('table.actions'),
    cell: (target) => (
      <Group gap="xs" wrap="nowrap">
        {target.channel === 'email' && <SetReport slug={slug} target={target} />}
        <RemoveTarget slug={slug} target={target} />
      </Group>
    ),
  };
  return (
    <DataTable
      name="targets"
      label={text('nav.targets')}
      rows={targets}
      rowKey={({ targetId }) => targetId}
      columns={can('health:write') ? [...columns, act] : columns}
      empty={text('targets.empty')}
    />
  );
}
