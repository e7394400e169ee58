import { Group, Stack, TextInput } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { defined } from '../../parts/fields.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { When } from '../../parts/when.tsx';
import { Once } from '../setup/copy.tsx';

type Domain = Reply<'listDomains'>['domains'][number];

/** Host names of the institution's own, under which its LMS knows the hub: what each still needs, and whether it leads here. */
export function OwnDomains({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const domains = useRead('listDomains', { params: { slug } }, { enabled: can('tenants:read') });
  const columns: Column<Domain>[] = [
    {
      key: 'domain',
      header: text('domains.domain'),
      cell: ({ domain }) => <span className="code">{domain}</span>,
    },
    {
      key: 'state',
      header: text('domains.state'),
      cell: ({ verified }) => (
        <Tag tone={verified === null ? 'warn' : 'good'}>{text(`domains.state.${verified ?? 'entered'}`)}</Tag>
      ),
    },
    {
      key: 'since',
      header: text('domains.since'),
      cell: ({ verifiedAt, createdAt }) => <When at={verifiedAt ?? createdAt} />,
    },
    {
      key: 'record',
      header: text('domains.record'),
      cell: ({ domain, cname }) => (
        <Once name={text('domains.record.of', { domain })} value={`${domain}. CNAME ${cname}.`} />
      ),
    },
  ];
  const acts: Column<Domain> = {
    key: 'act',
    header: text('table.actions'),
    cell: (domain) => <DomainActs slug={slug} of={domain} />,
  };
  if (!can('tenants:read')) return null;
  return (
    <Section title={text('domains.title')}>
      <Stack gap="sm">
        <div className="quiet">{text('domains.about')}</div>
        <Loaded of={domains}>
          {(data) => (
            <DataTable
              plain
              name="domains"
              label={text('domains.title')}
              rows={data.domains}
              rowKey={({ domain }) => domain}
              columns={can('tenants:write') ? [...columns, acts] : columns}
              empty={text('domains.empty')}
            />
          )}
        </Loaded>
        <Group>
          <AddDomain slug={slug} />
        </Group>
      </Stack>
    </Section>
  );
}

function AddDomain({ slug }: { slug: string }) {
  const { text } = useLanguage();
  return (
    <Ask
      name="addDomain"
      label={text('domains.add')}
      reason="asked"
      input={(entered) => ({
        params: { slug },
        body: { domain: entered.text('domain'), ...defined({ reason: entered.given('reason') }) },
      })}
    >
      <TextInput
        name="domain"
        label={text('domains.domain')}
        description={text('domains.domain.about')}
        maxLength={253}
        autoComplete="off"
        required
      />
    </Ask>
  );
}

function DomainActs({ slug, of }: { slug: string; of: Domain }) {
  const { text } = useLanguage();
  const { domain, verified, challengeUrl } = of;
  const params = { slug, domain };
  return (
    <Group gap="xs">
      {verified === null && (
        <>
          <Act
            name="verifyDomain"
            label={text('domains.check')}
            input={(reason) => ({ params, body: withReason(reason) })}
          >
            {text('domains.check.about', { url: challengeUrl })}
          </Act>
          <Act
            name="verifyDomain"
            label={text('domains.vouch')}
            input={(reason) => ({ params, body: { vouched: true, ...withReason(reason) } })}
            needsReason
          >
            {text('domains.vouch.about', { domain })}
          </Act>
        </>
      )}
      <Act
        name="removeDomain"
        label={text('domains.remove')}
        input={(reason) => ({ params, query: withReason(reason) })}
        danger
        typeName={domain}
      >
        {text('domains.remove.about')}
      </Act>
    </Group>
  );
}
