import { HUB_TENANT, type TargetId } from '../../../contracts/ids.ts';
import { reportLanguages } from '../../../contracts/reports.ts';
import { setReportLanguage } from '../../health/reports/mail.ts';
import { listStandings } from '../../health/sink/send-out.ts';
import { addStatusLink, readStatusLinks, removeStatusLink } from '../../health/status/links.ts';
import { type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';
import { getScope, scopeOption } from './incident.ts';

const exampleId = '0199c5a4-0000-7000-8000-000000000000';

export const targetReport: Command = {
  name: 'target report',
  about: 'Mail the report of each month to a target of mail, or no more',
  arguments: [{ name: 'target', about: 'Its id, as target list has it' }],
  options: {
    ...scopeOption,
    language: {
      value: 'language',
      about: 'In this language; none: no more',
      choices: [...reportLanguages, 'none'],
      required: true,
    },
    ...changing,
  },
  examples: [`target report ${exampleId} --language es`],
  async run({ values, open }) {
    const targetId = values.id<TargetId>('target');
    const chosen = values.choice('language', [...reportLanguages, 'none'] as const);
    const language = chosen === 'none' ? null : chosen;
    const { hub, by } = await open();
    await setReportLanguage(hub.db, await getScope(hub, values), { targetId, language }, by);
    const text = language === null ? 'It gets no report any more.' : 'It gets the report of each month.';
    return { json: { targetId, language }, text };
  },
};

export const statusLinkAdd: Command = {
  name: 'status-link add',
  about: 'Make a link to a status page for whoever has it: of an institution, or without one of a partner',
  options: { ...scopeOption, partner: { value: 'name', about: 'Of this partner alone' }, ...changing },
  examples: ['status-link add --tenant northfield', 'status-link add --partner canvas'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const tenantId = await getScope(hub, values);
    const partner = values.optional('partner');
    const { link, secret } = await addStatusLink(
      hub.db,
      tenantId,
      partner === undefined ? {} : { partner },
      by,
    );
    const path = `/status/${tenantId === HUB_TENANT ? 'partner' : values.text('tenant')}/${secret}`;
    return {
      json: { link, path },
      text: `The page is at this path of the hub, shown only now:\n\n  ${path}`,
    };
  },
};

export const statusLinkList: Command = {
  name: 'status-link list',
  about: 'List links to status pages; their secrets are nowhere',
  options: scopeOption,
  examples: ['status-link list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const links = await readStatusLinks(hub.db, await getScope(hub, values));
    const rows = links.map((each) => [each.linkId, each.partner ?? 'all', instant(each.createdAt.getTime())]);
    return { json: { links }, text: table(['ID', 'PARTNER', 'MADE'], rows, 'There is none.') };
  },
};

export const statusLinkRemove: Command = {
  name: 'status-link remove',
  about: 'Close a status page to whoever has its link',
  arguments: [{ name: 'link', about: 'Its id, as status-link list has it' }],
  options: { ...scopeOption, ...changing },
  examples: [`status-link remove ${exampleId} --tenant northfield`],
  async run({ values, open }) {
    const linkId = values.id('link');
    const { hub, by } = await open();
    const link = await removeStatusLink(hub.db, await getScope(hub, values), linkId, by);
    return { json: { link }, text: 'The link opens nothing any more.' };
  },
};

export const healthSinks: Command = {
  name: 'health sinks',
  about: 'Show how far what ended has gone out to the sinks, and what waits',
  options: {},
  examples: ['health sinks'],
  async run({ open }) {
    const { hub } = await open();
    const sinks = await hub.db.withRollup(listStandings);
    const rows = sinks.map((each) => [
      ...[
        each.sink,
        String(each.rowsSent),
        each.lastSentAt === null ? '–' : instant(each.lastSentAt.getTime()),
      ],
      ...[
        String(each.waiting),
        each.oldest === null ? '–' : instant(each.oldest.getTime()),
        each.failure ?? '–',
      ],
    ]);
    const heading = ['SINK', 'SENT', 'LAST', 'WAITING', 'OLDEST ENDED', 'FAILURE'];
    return { json: { sinks }, text: table(heading, rows, 'Nothing has gone out yet.') };
  },
};
