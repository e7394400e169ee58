import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { incidentTones } from './incident-table.tsx';
import { useIncident } from './use-incidents.ts';

export function HubIncident() {
  return <IncidentPage />;
}

export function OwnIncident() {
  return <IncidentPage slug={usePathValue('slug')} />;
}

/** One incident: since when, what is suspected, and the counts that made its alerts fire. */
function IncidentPage({ slug }: { slug?: string }) {
  const { text, duration } = useLanguage();
  const { can } = useSession();
  const incidentId = usePathValue('incidentId');
  const shown = useIncident(slug, incidentId);
  const incident = shown.data?.incident;
  const mayTake = incident?.state === 'open' && can('health:write');
  const part = (ms: number | null) => (ms === null ? '–' : duration(ms));
  return (
    <Page
      title={text('incidents.one')}
      actions={
        mayTake &&
        (slug === undefined ? (
          <Act
            name="acknowledgeHubIncident"
            label={text('incidents.take')}
            input={(reason) => ({ params: { incidentId }, body: withReason(reason) })}
            primary
          >
            {text('incidents.take.about')}
          </Act>
        ) : (
          <Act
            name="acknowledgeIncident"
            label={text('incidents.take')}
            input={(reason) => ({ params: { slug, incidentId }, body: withReason(reason) })}
            primary
          >
            {text('incidents.take.about')}
          </Act>
        ))
      }
    >
      <Loaded of={shown}>
        {({ incident: row, alerts }) => (
          <>
            <Facts
              of={[
                [
                  text('overview.state'),
                  <Tag key="state" tone={incidentTones[row.state]}>
                    {text(`incident.${row.state}`)}
                  </Tag>,
                ],
                [text('incidents.severity'), text(`urgency.${row.severity}`)],
                [text('incidents.cause'), text(`cause.${row.cause}`)],
                [text('health.partner'), row.partner],
                [text('incidents.firstFailedAt'), <When key="first" at={row.firstFailedAt} />],
                [text('incidents.openedAt'), <When key="opened" at={row.openedAt} />],
                [text('incidents.recoveredAt'), <When key="recovered" at={row.recoveredAt} />],
                [text('incidents.detect'), part(row.parts.detect)],
                [text('incidents.acknowledge'), part(row.parts.acknowledge)],
                [text('incidents.recover'), part(row.parts.recover)],
              ]}
            />
            <Section title={text('incidents.alerts')}>
              <DataTable
                plain
                name="alerts"
                label={text('incidents.alerts')}
                rows={alerts}
                rowKey={({ rule, firstAt, connectionId }) => `${rule} ${firstAt} ${connectionId}`}
                empty={text('word.none')}
                columns={[
                  { key: 'rule', header: text('incidents.rule'), cell: ({ rule }) => text(`rule.${rule}`) },
                  {
                    key: 'facts',
                    header: text('incidents.facts'),
                    cell: ({ facts }) =>
                      Object.entries(facts)
                        .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
                        .join(' · '),
                  },
                  {
                    key: 'firstAt',
                    header: text('incidents.firstAt'),
                    cell: ({ firstAt }) => <When at={firstAt} />,
                  },
                  {
                    key: 'lastAt',
                    header: text('incidents.lastAt'),
                    cell: ({ lastAt }) => <When at={lastAt} />,
                  },
                ]}
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
