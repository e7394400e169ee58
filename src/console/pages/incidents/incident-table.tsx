import { incidentStates } from '../../../../contracts/incidents.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Choice } from '../../parts/choice.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { When } from '../../parts/when.tsx';
import { Figure } from '../health/figures.tsx';
import { useIncidents } from './use-incidents.ts';

type Incident = Reply<'listHubIncidents'>['incidents'][number];
export const incidentTones: Readonly<Record<Incident['state'], Tone>> = {
  open: 'bad',
  acknowledged: 'warn',
  resolved: 'calm',
};

/** Incidents with how long it took to recover from them. */
export function IncidentTable({ slug }: { slug?: string }) {
  const { text, duration, count } = useLanguage();
  const [url, change] = useUrlState();
  const state = oneOf(incidentStates, url.state);
  const incidents = useIncidents(slug, state === undefined ? {} : { state });
  const columns: Column<Incident>[] = [
    {
      key: 'openedAt',
      header: text('incidents.openedAt'),
      cell: ({ incidentId, openedAt }) =>
        slug === undefined ? (
          <TextLink to="/incidents/$incidentId" params={{ incidentId }}>
            <When at={openedAt} />
          </TextLink>
        ) : (
          <TextLink to="/institutions/$slug/incidents/$incidentId" params={{ slug, incidentId }}>
            <When at={openedAt} />
          </TextLink>
        ),
      value: ({ openedAt }) => openedAt,
    },
    {
      key: 'state',
      header: text('overview.state'),
      cell: (row) => <Tag tone={incidentTones[row.state]}>{text(`incident.${row.state}`)}</Tag>,
      value: (row) => row.state,
    },
    {
      key: 'severity',
      header: text('incidents.severity'),
      cell: ({ severity }) => text(`urgency.${severity}`),
      value: ({ severity }) => severity,
    },
    {
      key: 'cause',
      header: text('incidents.cause'),
      cell: ({ cause }) => text(`cause.${cause}`),
      value: ({ cause }) => cause,
    },
    {
      key: 'partner',
      header: text('health.partner'),
      cell: ({ partner }) => partner ?? '–',
      value: ({ partner }) => partner,
    },
    {
      key: 'recover',
      header: text('incidents.recover'),
      end: true,
      cell: ({ parts }) => (parts.recover === null ? '–' : duration(parts.recover)),
      value: ({ parts }) => parts.recover,
    },
  ];
  return (
    <Loaded of={incidents}>
      {({ incidents: rows, recovery }) => (
        <>
          <div className="figures">
            <Figure name={text('incidents.resolved')} value={count(recovery.resolved)} />
            <Figure
              name={text('incidents.median')}
              value={recovery.median === null ? '–' : duration(recovery.median)}
            />
            <Figure
              name={text('incidents.p90')}
              value={recovery.p90 === null ? '–' : duration(recovery.p90)}
            />
          </div>
          <DataTable
            name="incidents"
            label={text('nav.incidents')}
            rows={rows}
            rowKey={({ incidentId }) => incidentId}
            columns={columns}
            empty={text('incidents.empty')}
            filters={
              <Choice
                label={text('overview.state')}
                value={state}
                options={incidentStates.map((value) => ({ value, label: text(`incident.${value}`) }))}
                onChange={(value) => change({ state: value })}
              />
            }
          />
        </>
      )}
    </Loaded>
  );
}
