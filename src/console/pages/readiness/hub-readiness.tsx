import { Stack } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Choice } from '../../parts/choice.tsx';
import { defined } from '../../parts/fields.ts';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { Figure } from '../health/figures.tsx';
import { NoteLoadTest } from './acts.tsx';
import { EvidenceTable } from './evidence-table.tsx';
import { EvidenceAge, ReadyTag, StateTag } from './state-tag.tsx';
import { sayTodo } from './todo.ts';

/** Whether the hub is ready for the beginning of term, and a partner at every school. */
export function HubReadiness() {
  const { text } = useLanguage();
  const { can } = useSession();
  const [{ partner }] = useUrlState();
  const readiness = useRead('showHubReadiness', { query: defined({ partner }) }, { keep: true });
  return (
    <Page
      title={text('nav.readiness')}
      about={text('readiness.hub.about')}
      actions={can('health:write') && <NoteLoadTest />}
    >
      <Loaded of={readiness} lines={8}>
        {(data) => (
          <Stack gap="lg">
            <HubFigures readiness={data} />
            <AtSchools partner={partner} connections={data.connections} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function HubFigures({ readiness }: { readiness: Reply<'showHubReadiness'> }) {
  const language = useLanguage();
  const { text, count } = language;
  const load = readiness.checks.find(({ check }) => check === 'load');
  return (
    <div className="figures">
      <Figure name={text('readiness.hub')} value={<ReadyTag isReady={readiness.isReady} />} />
      <Figure
        name={text('readiness.forecast')}
        value={count(readiness.forecast)}
        about={text('readiness.forecast.about')}
      />
      {load && (
        <Figure
          name={text('readiness.load')}
          value={<StateTag of={load} />}
          about={
            <>
              {load.ageMs !== null && (
                <>
                  {text('readiness.age')}: <EvidenceAge of={load} />.{' '}
                </>
              )}
              {sayTodo(language, load)}
            </>
          }
        />
      )}
    </div>
  );
}

type Connection = Reply<'showHubReadiness'>['connections'][number];

function AtSchools({
  partner,
  connections,
}: {
  partner: string | undefined;
  connections: readonly Connection[];
}) {
  const { text } = useLanguage();
  const { can } = useSession();
  const [, change] = useUrlState();
  const partners = useRead('listPartners', {}, { enabled: can('hub:read') });
  const known = partners.data?.partners.filter((each) => each.connections > 0) ?? [];
  const options = [...new Map(known.map((each) => [each.partner, each.title]))];
  const schools = useRead(
    'listPartnerTenants',
    { params: { partner: partner ?? '' }, query: { limit: 200 } },
    { enabled: partner !== undefined && can('hub:read') },
  );
  const schoolOf = new Map(schools.data?.connections.map((each) => [each.connectionId, each]));
  return (
    <Section title={text('readiness.partner')}>
      <Stack gap="sm">
        <div className="filters">
          <Choice
            label={text('health.partner')}
            value={partner}
            options={options.map(([value, label]) => ({ value, label }))}
            onChange={(chosen) => change({ partner: chosen })}
          />
        </div>
        {partner === undefined ? (
          <div className="empty">{text('readiness.partner.choose')}</div>
        ) : (
          <EvidenceTable
            name="readiness-partner"
            label={text('readiness.partner')}
            connections={connections}
            first={{
              header: text('nav.institution'),
              cell: ({ connectionId, tenantId }) => {
                const school = schoolOf.get(connectionId);
                if (school === undefined) return <span className="code">{tenantId}</span>;
                return (
                  <TextLink to="/institutions/$slug/health/readiness" params={{ slug: school.slug }}>
                    {school.name}
                  </TextLink>
                );
              },
              value: ({ connectionId, tenantId }) => schoolOf.get(connectionId)?.slug ?? tenantId,
            }}
            empty={text('readiness.partner.empty')}
          />
        )}
      </Stack>
    </Section>
  );
}
