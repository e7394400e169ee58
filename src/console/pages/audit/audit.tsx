import { Button } from '@mantine/core';
import { buildAddress } from '../../api/address.ts';
import { lineOf, type Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { Verification } from './verification.tsx';

type Event = Reply<'listAudit'>['events'][number];

/** What was changed at an institution: by whom, what and why, with proof that nothing was taken out. */
export function AuditPage() {
  return <AuditTrail slug={usePathValue('slug')} />;
}

/** The same of the hub itself: its staff, tools, tokens and keys. */
export function HubAuditPage() {
  return <AuditTrail slug={undefined} />;
}

function AuditTrail({ slug }: { slug: string | undefined }) {
  const { text } = useLanguage();
  const title = text(slug === undefined ? 'nav.hubAudit' : 'nav.audit');
  const [url, change] = useUrlState();
  const before = Number(url.before);
  const query = {
    limit: 50,
    ...(url.action && /^[a-z0-9_.-]{1,100}$/.test(url.action) ? { action: url.action } : {}),
    ...(url.actor ? { actor: url.actor } : {}),
    ...(Number.isInteger(before) && before > 0 ? { before } : {}),
  };
  const isVerified = url.verify === 'yes';
  const params = { slug: slug ?? '' };
  const [ofHub, ofTenant] = [slug === undefined, slug !== undefined];
  const hubEvents = useRead('listHubAudit', { query }, { keep: true, enabled: ofHub });
  const ownEvents = useRead('listAudit', { params, query }, { keep: true, enabled: ofTenant });
  const events = ofHub ? hubEvents : ownEvents;
  return (
    <Page
      title={title}
      about={text('audit.about')}
      actions={
        <>
          <Button size="xs" variant="default" onClick={() => change({ verify: 'yes' })}>
            {text('audit.verify')}
          </Button>
          <Button
            component="a"
            size="xs"
            variant="default"
            href={buildAddress(lineOf(ofHub ? 'exportHubAudit' : 'exportAudit').path, params)}
            download
          >
            {text('audit.export')}
          </Button>
        </>
      }
    >
      {isVerified && <Verification slug={slug} />}
      <Loaded of={events} lines={8}>
        {(data) => (
          <DataTable
            name="audit"
            label={title}
            rows={data.events}
            rowKey={({ sequence }) => String(sequence)}
            columns={auditColumns(text)}
            empty={text('audit.empty')}
            filters={
              <>
                <SearchBox
                  label={text('audit.action')}
                  value={url.action}
                  onChange={(action) => change({ action })}
                />
                <SearchBox
                  label={text('audit.actor')}
                  value={url.actor}
                  onChange={(actor) => change({ actor })}
                />
              </>
            }
            pager={
              <Pager
                now={url.before}
                next={data.next === null ? null : String(data.next)}
                turn={(mark) => change({ before: mark })}
              />
            }
          />
        )}
      </Loaded>
    </Page>
  );
}

function auditColumns(text: ReturnType<typeof useLanguage>['text']): Column<Event>[] {
  const shown = (value: unknown) => (value == null ? '' : JSON.stringify(value));
  return [
    { key: 'at', header: text('signIns.at'), cell: ({ at }) => <When at={at} />, value: ({ at }) => at },
    {
      key: 'action',
      header: text('audit.action'),
      cell: ({ action }) => <span className="code">{action}</span>,
      value: ({ action }) => action,
    },
    {
      key: 'actor',
      header: text('audit.actor'),
      cell: ({ actor }) => <span className="code">{actor}</span>,
      value: ({ actor }) => actor,
    },
    {
      key: 'subject',
      header: text('audit.subject'),
      cell: ({ subject }) => <span className="code">{subject}</span>,
      value: ({ subject }) => subject,
    },
    {
      key: 'origin',
      header: text('audit.origin'),
      cell: ({ values }) => <span className="code">{values?.origin ?? '–'}</span>,
      value: ({ values }) => values?.origin,
    },
    {
      key: 'reason',
      header: text('action.reason'),
      cell: ({ values }) => values?.reason ?? '–',
      value: ({ values }) => values?.reason,
    },
    {
      key: 'change',
      header: text('audit.change'),
      cell: ({ values }) =>
        values === null ? (
          text('audit.erased')
        ) : (
          <details>
            <summary>{text('audit.show')}</summary>
            <pre className="code change">{`− ${shown(values.before)}\n+ ${shown(values.after)}`}</pre>
          </details>
        ),
      value: ({ values }) => shown(values?.after),
    },
  ];
}
