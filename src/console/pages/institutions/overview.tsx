import type { ReactNode } from 'react';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { usePathValue } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { Figure } from '../health/figures.tsx';
import { OwnDomains } from './own-domains.tsx';

type Connection = Reply<'summarizeTenant'>['connections'][number];
const tones: Readonly<Record<Connection['state'], Tone>> = {
  active: 'good',
  paused: 'warn',
  disabled: 'calm',
};

/** One institution at a glance: what waits for somebody, and what it is connected to. */
export function InstitutionOverview() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const summary = useRead('summarizeTenant', { params: { slug } }, { every: 30_000 });
  const shown = useRead('showTenant', { params: { slug } });
  const tenant = shown.data?.tenant;
  return (
    <Page title={text('nav.overview')}>
      <Loaded of={summary} lines={8}>
        {({ waiting, connections, tools }) => (
          <>
            <div className="figures">
              <Waiting name="incidents" value={waiting.incidents}>
                {(label) => (
                  <TextLink to="/institutions/$slug/incidents" params={{ slug }}>
                    {label}
                  </TextLink>
                )}
              </Waiting>
              <Waiting name="heldRuns" value={waiting.heldRuns}>
                {(label) => (
                  <TextLink to="/institutions/$slug/rosters" params={{ slug }}>
                    {label}
                  </TextLink>
                )}
              </Waiting>
              <Waiting name="pendingGrades" value={waiting.pendingGrades}>
                {(label) => (
                  <TextLink to="/institutions/$slug/grades" params={{ slug }} search={{ state: 'pending' }}>
                    {label}
                  </TextLink>
                )}
              </Waiting>
              <Waiting name="onboardings" value={waiting.onboardings}>
                {(label) => (
                  <TextLink to="/institutions/$slug/onboarding" params={{ slug }}>
                    {label}
                  </TextLink>
                )}
              </Waiting>
              <Waiting name="reviews" value={waiting.reviews}>
                {(label) => (
                  <TextLink to="/institutions/$slug/people" params={{ slug }}>
                    {label}
                  </TextLink>
                )}
              </Waiting>
            </div>
            <Section title={text('overview.connections')}>
              <Connections slug={slug} connections={connections} />
            </Section>
            <OwnDomains slug={slug} />
            {tenant && (
              <Section title={text('overview.about')}>
                <Facts
                  of={[
                    [text('institutions.slug'), tenant.slug],
                    [text('institutions.zone'), tenant.zone],
                    [text('app.language'), tenant.locale],
                    [text('overview.tools'), String(tools)],
                    [text('institutions.createdAt'), <When key="created" at={tenant.createdAt} />],
                  ]}
                />
              </Section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

type WaitingName = keyof Reply<'summarizeTenant'>['waiting'];

function Waiting({
  name,
  value,
  children,
}: {
  name: WaitingName;
  value: number;
  children?: (label: string) => ReactNode;
}) {
  const { text, count } = useLanguage();
  const shown = count(value);
  return <Figure name={text(`waiting.${name}`)} value={children && value > 0 ? children(shown) : shown} />;
}

function Connections({ slug, connections }: { slug: string; connections: readonly Connection[] }) {
  const { text, count } = useLanguage();
  return (
    <DataTable
      plain
      name="connections"
      label={text('overview.connections')}
      rows={connections}
      rowKey={({ connectionId }) => connectionId}
      empty={text('overview.connections.empty')}
      columns={[
        { key: 'name', header: text('overview.name'), cell: ({ name }) => name },
        { key: 'kind', header: text('health.kind'), cell: ({ kind }) => text(`connection.${kind}`) },
        { key: 'partner', header: text('health.partner'), cell: ({ partner }) => partner },
        {
          key: 'state',
          header: text('overview.state'),
          cell: ({ state }) => <Tag tone={tones[state]}>{text(`connectionState.${state}`)}</Tag>,
        },
        {
          key: 'lastSuccessAt',
          header: text('health.lastSuccess'),
          cell: ({ health }) => <When at={health.lastSuccessAt} relative />,
        },
        {
          key: 'failed',
          header: text('overview.failed'),
          end: true,
          cell: ({ connectionId, health: { ended, failed } }) =>
            failed === 0 ? (
              text('health.partOf', { part: 0, whole: count(ended) })
            ) : (
              <TextLink
                to="/institutions/$slug/exchanges"
                params={{ slug }}
                search={{ number: 'failed', window: '28d', connectionId }}
              >
                {text('health.partOf', { part: count(failed), whole: count(ended) })}
              </TextLink>
            ),
        },
      ]}
    />
  );
}
