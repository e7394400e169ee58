import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { When } from '../../parts/when.tsx';

type Host = Reply<'listDownHosts'>['hosts'][number];

/** Hosts of partners that are down, and left alone until they answer again. */
export function HostsPage() {
  const { text, count } = useLanguage();
  const { can } = useSession();
  const hosts = useRead('listDownHosts', {}, { every: 15_000 });
  const columns: Column<Host>[] = [
    {
      key: 'host',
      header: text('hosts.host'),
      cell: ({ host }) => <span className="code">{host}</span>,
      value: ({ host }) => host,
    },
    {
      key: 'state',
      header: text('overview.state'),
      cell: ({ state }) => <Tag tone={state === 'open' ? 'bad' : 'warn'}>{text(`host.${state}`)}</Tag>,
      value: ({ state }) => state,
    },
    {
      key: 'reason',
      header: text('exchanges.reason'),
      cell: ({ reason }) => <span className="code">{reason}</span>,
      value: ({ reason }) => reason,
    },
    {
      key: 'failures',
      header: text('hosts.failures'),
      end: true,
      cell: ({ failures }) => count(failures),
      value: ({ failures }) => failures,
    },
    {
      key: 'openedAt',
      header: text('hosts.openedAt'),
      cell: ({ openedAt }) => <When at={openedAt} />,
      value: ({ openedAt }) => openedAt,
    },
    {
      key: 'until',
      header: text('hosts.until'),
      cell: ({ until }) => <When at={until} />,
      value: ({ until }) => until,
    },
  ];
  const act: Column<Host> = {
    key: 'act',
    header: text('table.actions'),
    cell: ({ host }) => (
      <Act
        name="resetHost"
        label={text('hosts.reset')}
        input={(reason) => ({ body: { host, ...withReason(reason) } })}
      >
        {text('hosts.reset.about', { host })}
      </Act>
    ),
  };
  return (
    <Page title={text('nav.hosts')} about={text('hosts.about')}>
      <Loaded of={hosts}>
        {(data) => (
          <DataTable
            name="hosts"
            label={text('nav.hosts')}
            rows={data.hosts}
            rowKey={({ host }) => host}
            columns={can('health:write') ? [...columns, act] : columns}
            empty={text('hosts.empty')}
          />
        )}
      </Loaded>
    </Page>
  );
}
