import type { ReactNode } from 'react';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { When } from '../../parts/when.tsx';
import { listMarks, type Mark } from './marks.ts';

/** Nobody's tenant: the hub itself. */
const hubTenant = '00000000-0000-0000-0000-000000000000';

/** Changes and incidents in a chart's time; an incident opens its page. */
export function MarkTable({ chart, slug }: { chart: Reply<'tenantHealthChart'>; slug: string | undefined }) {
  const { text } = useLanguage();
  const kind = (mark: Mark) => text(`chart.mark.${mark.kind}`);
  const what = (mark: Mark) =>
    mark.kind === 'change'
      ? `${text(`changeType.${mark.change.type}`)}: ${mark.change.action}`
      : [text(`cause.${mark.incident.cause}`), mark.incident.partner].filter(Boolean).join(': ');
  return (
    <DataTable
      name="marks"
      label={text('chart.marks.about')}
      rows={listMarks(chart)}
      rowKey={(mark) => (mark.kind === 'change' ? mark.change.changeId : mark.incident.incidentId)}
      empty={text('chart.marks.empty')}
      columns={[
        {
          key: 'at',
          header: text('health.from'),
          cell: ({ at }) => <When at={at} />,
          value: ({ at }) => at,
        },
        {
          key: 'until',
          header: text('chart.mark.until'),
          cell: (mark) => {
            if (mark.kind === 'change') return '–';
            const { to } = mark.incident;
            return to === null ? text('chart.mark.goesOn') : <When at={to} />;
          },
          value: (mark) => (mark.kind === 'incident' ? mark.incident.to : null),
        },
        { key: 'kind', header: text('chart.marks'), cell: kind, value: kind },
        {
          key: 'what',
          header: text('chart.mark.what'),
          cell: (mark) => (
            <MarkLink mark={mark} slug={slug}>
              {what(mark)}
            </MarkLink>
          ),
          value: what,
        },
      ]}
    />
  );
}

function MarkLink({ mark, slug, children }: { mark: Mark; slug: string | undefined; children: ReactNode }) {
  if (mark.kind === 'change') return children;
  const { incidentId, tenantId } = mark.incident;
  if (tenantId === hubTenant) {
    return (
      <TextLink to="/incidents/$incidentId" params={{ incidentId }}>
        {children}
      </TextLink>
    );
  }
  // Whose it is stands there by its id alone: only on its own pages there is an address for it.
  if (slug === undefined) return children;
  return (
    <TextLink to="/institutions/$slug/incidents/$incidentId" params={{ slug, incidentId }}>
      {children}
    </TextLink>
  );
}
