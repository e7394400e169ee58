import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { buildAddress } from '../../api/address.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { ButtonLink } from '../../parts/links.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { HealthTabs } from '../health/health-tabs.tsx';
import { listMonths } from './months.ts';

/** The managers' report of each month over all institutions. */
export function HubReports() {
  return <ReportsPage slug={undefined} />;
}

/** The report of each month of one institution. */
export function OwnReports() {
  return <ReportsPage slug={usePathValue('slug')} />;
}

function ReportsPage({ slug }: { slug: string | undefined }) {
  const { text } = useLanguage();
  return (
    <Page
      title={text('nav.reports')}
      about={text('reports.about')}
      above={slug !== undefined && <HealthTabs slug={slug} />}
    >
      <Stack gap="lg">
        <Reports slug={slug} />
        <Section title={text('reports.mail')}>
          <Stack gap="xs" align="flex-start">
            <Text>{text('reports.mail.about', { page: text('nav.targets') })}</Text>
            {slug === undefined ? (
              <ButtonLink to="/targets" variant="default" size="xs">
                {text('nav.targets')}
              </ButtonLink>
            ) : (
              <ButtonLink
                to="/institutions/$slug/health/targets"
                params={{ slug }}
                variant="default"
                size="xs"
              >
                {text('nav.targets')}
              </ButtonLink>
            )}
          </Stack>
        </Section>
      </Stack>
    </Page>
  );
}

function Reports({ slug }: { slug: string | undefined }) {
  const { text, month: say, language } = useLanguage();
  const [url, change] = useUrlState();
  const [now] = useState(() => Date.now());
  const months = listMonths(now);
  // The last one that is over, unless another is asked for.
  const month = oneOf(months, url.month) ?? months[1];
  const partners = usePartners(slug);
  const { partner } = url;
  const page = slug === undefined ? '/reports/hub' : '/reports/institutions/{slug}';
  const file = slug === undefined ? '/reports/hub.csv' : '/reports/institutions/{slug}/report.csv';
  const query = { month, partner };
  return (
    <Stack gap="sm">
      <div className="filters">
        <NativeSelect
          label={text('reports.month')}
          value={month}
          onChange={({ currentTarget }) => change({ month: currentTarget.value })}
          data={months.map((value) => ({ value, label: say(value) }))}
        />
        {partners.length > 0 && (
          <NativeSelect
            label={text('reports.partner')}
            value={partner ?? ''}
            onChange={({ currentTarget }) => change({ partner: currentTarget.value })}
            data={[{ value: '', label: text('reports.every') }, ...partners]}
          />
        )}
      </div>
      <Group gap="xs">
        <Button
          component="a"
          href={buildAddress(page, { slug }, { ...query, lang: language })}
          target="_blank"
          rel="noopener"
        >
          {text('reports.open')}
        </Button>
        <Button component="a" variant="default" href={buildAddress(file, { slug }, query)} download>
          {text('reports.csv')}
        </Button>
        {slug !== undefined && (
          <Button
            component="a"
            variant="default"
            href={buildAddress('/status/{slug}', { slug }, { partner, lang: language })}
            target="_blank"
            rel="noopener"
          >
            {text('reports.status')}
          </Button>
        )}
      </Group>
      <Text c="dimmed">{text('reports.print')}</Text>
    </Stack>
  );
}

/** Partners a report can be limited to: those that somebody is connected to. */
function usePartners(slug: string | undefined): { value: string; label: string }[] {
  const { can } = useSession();
  const ofHub = slug === undefined;
  const hub = useRead('listPartners', {}, { enabled: ofHub && can('hub:read') });
  const own = useRead(
    'summarizeTenant',
    { params: { slug: slug ?? '' } },
    { enabled: !ofHub && can('tenants:read') },
  );
  const found = ofHub
    ? (hub.data?.partners.filter(({ connections }) => connections > 0) ?? [])
    : (own.data?.connections.map(({ partner }) => ({ partner, title: partner })) ?? []);
  return [...new Map(found.map(({ partner, title }) => [partner, title]))].map(([value, label]) => ({
    value,
    label,
  }));
}
