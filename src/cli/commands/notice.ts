import { listNotices, noticeStates, replayNotices } from '../../lti/notices/notices.ts';
import { type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const ofNotices = { usual: 50, most: 1000 };

export const noticeList: Command = {
  name: 'notice list',
  about: 'List notices of an LMS on their way to tools, the newest first',
  options: {
    ...tenantOption,
    state: { value: 'state', about: 'Those that stand so', choices: noticeStates },
    ...limitOption(ofNotices),
  },
  examples: ['notice list --tenant northfield --state dead'],
  async run({ values, open }) {
    const state = values.optionalChoice('state', noticeStates);
    const limit = readLimit(values, ofNotices);
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const notices = await hub.db.withTenant(tenantId, (tx) => listNotices(tx, { state, limit }));
    const rows = notices.map((each) => [
      each.noticeId,
      instant(each.createdAt.getTime()),
      each.type,
      each.state,
      String(each.tries),
      each.failure ?? '–',
    ]);
    const heading = ['NOTICE', 'CAME', 'TYPE', 'STATE', 'TRIES', 'FAILURE'];
    return { json: { notices }, text: table(heading, rows, 'There is no notice.') };
  },
};

export const noticeReplay: Command = {
  name: 'notice replay',
  about: 'Send notices again that were given up: one, or all of a tenant',
  options: {
    ...tenantOption,
    notice: { value: 'id', about: 'One; without it all that are dead' },
    ...changing,
  },
  examples: ['notice replay --tenant northfield'],
  async run({ values, open }) {
    const noticeId = values.optionalId('notice');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const replayed = await hub.db.withTenant(tenantId, (tx) => replayNotices(tx, noticeId, by));
    return { json: { replayed }, text: `To be sent again: ${replayed}.` };
  },
};
