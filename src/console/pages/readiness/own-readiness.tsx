import { Stack } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { Figure } from '../health/figures.tsx';
import { HealthTabs } from '../health/health-tabs.tsx';
import { ConnectionLink } from './connection-link.tsx';
import { EvidenceTable } from './evidence-table.tsx';
import { MissingTable } from './missing-table.tsx';
import { listOpenChecks } from './open-checks.ts';
import { ProfileTable } from './profile-table.tsx';
import { ReadyTag } from './state-tag.tsx';

const dayMs = 86_400_000;

/** How ready a school is for its next term. */
export function OwnReadiness() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const readiness = useRead('showReadiness', { params: { slug } }, { every: 60_000 });
  return (
    <Page
      title={text('nav.readiness')}
      about={text('readiness.own.about')}
      above={<HealthTabs slug={slug} />}
    >
      <Loaded of={readiness} lines={10}>
        {(data) => <Readiness slug={slug} readiness={data} />}
      </Loaded>
    </Page>
  );
}

function Readiness({ slug, readiness }: { slug: string; readiness: Reply<'showReadiness'> }) {
  const { text, count, day } = useLanguage();
  const { can } = useSession();
  const summary = useRead('summarizeTenant', { params: { slug } }, { enabled: can('tenants:read') });
  const names = new Map(summary.data?.connections.map(({ connectionId, name }) => [connectionId, name]));
  const { term, isReady, connections } = readiness;
  const open = listOpenChecks(readiness);
  const rosters = connections.filter(({ plans }) => plans.latest !== null || plans.lastYear !== null);
  const named = ({ connectionId, partner }: (typeof connections)[number]) =>
    names.get(connectionId) ?? partner;
  return (
    <Stack gap="lg">
      <div className="figures">
        <Figure
          name={text('readiness.term')}
          value={<ReadyTag isReady={isReady} />}
          about={term?.name ?? text('readiness.noTerm')}
        />
        {term !== null && (
          <Figure
            name={text('readiness.begins')}
            value={day(term.startsAt)}
            about={sayBegin(text, Date.parse(term.startsAt) - Date.now())}
          />
        )}
        <Figure
          name={text('readiness.connections')}
          value={text('health.partOf', {
            part: count(connections.filter((each) => each.isReady).length),
            whole: count(connections.length),
          })}
        />
        <Figure name={text('readiness.missing')} value={count(open.length)} />
      </div>
      <Section title={text('readiness.missing')}>
        <MissingTable slug={slug} checks={open} nameOf={(connectionId) => names.get(connectionId)} />
      </Section>
      <Section title={text('readiness.evidence')}>
        <EvidenceTable
          name="readiness-evidence"
          label={text('readiness.evidence')}
          connections={connections}
          first={{
            header: text('overview.name'),
            cell: (of) => (
              <ConnectionLink slug={slug} kind={of.kind} connectionId={of.connectionId}>
                {named(of)}
              </ConnectionLink>
            ),
            value: named,
          }}
          empty={text('readiness.noConnections')}
        />
      </Section>
      {rosters.length > 0 && (
        <Section title={text('readiness.profile')}>
          <p className="quiet section-about">{text('readiness.profile.about')}</p>
          <div className="columns">
            {rosters.map((each) => (
              <div key={each.connectionId}>
                <h3 className="part-title">{named(each)}</h3>
                <ProfileTable name={named(each)} plans={each.plans} />
              </div>
            ))}
          </div>
        </Section>
      )}
    </Stack>
  );
}

function sayBegin(text: ReturnType<typeof useLanguage>['text'], ms: number): string {
  return ms <= 0 ? text('readiness.isOn') : text('readiness.inDays', { count: Math.ceil(ms / dayMs) });
}
