import type { NotificationId, TargetId } from '../../../contracts/ids.ts';
import { notificationChannels as channels, severities } from '../../../contracts/incidents.ts';
import {
  addTarget,
  readNews,
  readTargets,
  removeTarget,
  resendNews,
} from '../../health/notifications/targets.ts';
import { type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import { getScope, scopeOption } from './incident.ts';

const exampleId = '0199c5a4-0000-7000-8000-000000000000';

export const targetAdd: Command = {
  name: 'target add',
  about: 'Tell somebody of incidents: by mail, webhook or chat. Without a tenant: of those of every school',
  options: {
    ...scopeOption,
    channel: { value: 'channel', about: 'How', choices: channels, required: true },
    name: { value: 'text', about: 'What people call it', required: true },
    to: { value: 'address', about: 'Of mail: to whom', multiple: true },
    'url-file': {
      value: 'file',
      about:
        'Of a webhook or chat: a file with its address, since others can read words of a command line; - is standard input',
    },
    'least-severity': { value: 'severity', about: 'From what on; page by default', choices: severities },
    ...changing,
  },
  examples: [
    'target add --channel email --name "On call" --to oncall@hub.example',
    'target add --tenant northfield --channel slack --name Chat --url-file chat.txt --least-severity ticket',
  ],
  async run({ values, io, open }) {
    const file = values.optional('url-file');
    const url = file === undefined ? undefined : (await io.readFile(file)).trim();
    const [to, leastSeverity] = [
      values.optionalList('to'),
      values.optionalChoice('least-severity', severities),
    ];
    const input = {
      ...{ channel: values.choice('channel', channels), name: values.text('name') },
      ...(to && { to }),
      ...(url && { url }),
      ...(leastSeverity && { leastSeverity }),
    };
    const { hub, by } = await open();
    const deps = { db: hub.db, secrets: await hub.secrets(), allowLoopback: hub.allowLoopback };
    const { target, secret } = await addTarget(deps, await getScope(hub, values), input, by);
    const text = [
      `Added "${target.name}" (${target.targetId}).`,
      ...(secret === undefined
        ? []
        : [`Its messages are signed with this secret, shown only now: ${secret}`]),
    ];
    return { json: { target, secret }, text: text.join('\n') };
  },
};

export const targetList: Command = {
  name: 'target list',
  about: 'List who is told of incidents; addresses stay sealed',
  options: scopeOption,
  examples: ['target list', 'target list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const targets = await readTargets(hub.db, await getScope(hub, values));
    const rows = targets.map((each) => [
      each.targetId,
      each.channel,
      each.leastSeverity,
      each.status,
      each.name,
    ]);
    const text = table(['ID', 'CHANNEL', 'FROM', 'STATUS', 'NAME'], rows, 'Nobody is told.');
    return { json: { targets }, text };
  },
};

export const targetRemove: Command = {
  name: 'target remove',
  about: 'Tell somebody of incidents no more',
  arguments: [{ name: 'target', about: 'Its id, as target list has it' }],
  options: { ...scopeOption, ...changing },
  examples: [`target remove ${exampleId}`],
  async run({ values, open }) {
    const targetId = values.id<TargetId>('target');
    const { hub, by } = await open();
    const target = await removeTarget(hub.db, await getScope(hub, values), targetId, by);
    return { json: { target }, text: `"${target.name}" is told no more.` };
  },
};

export const targetNews: Command = {
  name: 'target news',
  about: 'List what targets were told of, and what could not be sent',
  options: { ...scopeOption, ...limitOption() },
  examples: ['target news', 'target news --tenant northfield --limit 50'],
  async run({ values, open }) {
    const limit = readLimit(values);
    const { hub } = await open();
    const news = await readNews(hub.db, await getScope(hub, values), limit);
    const rows = news.map((each) => [
      ...[each.notificationId, instant(each.createdAt.getTime()), each.event, each.state],
      ...[String(each.tries), each.failure ?? '–', each.targetId],
    ]);
    const heading = ['ID', 'AT', 'EVENT', 'STATE', 'TRIES', 'FAILURE', 'TARGET'];
    return { json: { news }, text: table(heading, rows, 'Nobody was told of anything yet.') };
  },
};

export const targetResend: Command = {
  name: 'target resend',
  about: 'Send news again that was given up',
  arguments: [{ name: 'news', about: 'Its id, as target news has it' }],
  options: { ...scopeOption, ...changing },
  examples: [`target resend ${exampleId}`],
  async run({ values, open }) {
    const notificationId = values.id<NotificationId>('news');
    const { hub, by } = await open();
    await resendNews(hub.db, await getScope(hub, values), notificationId, by);
    return { json: { notificationId, state: 'waiting' }, text: 'It is sent again within a minute.' };
  },
};
