import { recordAudit } from '../../audit/audit.ts';
import {
  type KeyChange,
  type KeyDependencies,
  listKeys,
  revokeSigningKey,
  rotateSigningKey,
} from '../../lti/keys/keys.ts';
import { rewrapDataKeys } from '../../platform/secrets/rewrap.ts';
import { type Answer, type CliHub, type CliIo, type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';

export const keysList: Command = {
  name: 'keys list',
  about: 'List the hub’s signing keys',
  examples: ['keys list'],
  async run({ open }) {
    const { hub } = await open();
    const keys = await listKeys(hub);
    const rows = keys.map(({ kid, state, createdAt, changedAt }) => [
      kid,
      state,
      instant(createdAt),
      instant(changedAt),
    ]);
    const heading = ['KID', 'STATE', 'MADE', 'IN THIS STATE SINCE'];
    return { json: { keys }, text: table(heading, rows, 'There is no key yet; the first start makes one.') };
  },
};

export const keysRotate: Command = {
  name: 'keys rotate',
  about: 'Publish the next signing key, which signs after a day',
  options: {
    immediately: { about: 'Let it sign at once: those who cached the key set will refuse it for a while' },
    ...changing,
  },
  examples: ['keys rotate', 'keys rotate --immediately --reason "suspected leak"'],
  async run({ values, io, open }) {
    const { hub, by } = await open();
    const dependencies = await keyDependencies(hub, io);
    const changes = await rotateSigningKey(dependencies, by, { immediately: values.flag('immediately') });
    return describe(changes, 'A next key is published already; nothing was changed.');
  },
};

export const keysRevoke: Command = {
  name: 'keys revoke',
  about: 'Emergency: take a signing key out of use and out of the key set at once',
  arguments: [{ name: 'kid', about: 'The key; keys list shows them' }],
  options: changing,
  examples: ['keys revoke 3sJx0… --reason "leaked in a backup"'],
  async run({ values, io, open }) {
    const { hub, by } = await open();
    const dependencies = await keyDependencies(hub, io);
    return describe(await revokeSigningKey(dependencies, by, values.text('kid')), 'Nothing was changed.');
  },
};

export const keysRewrap: Command = {
  name: 'keys rewrap',
  about: 'After a change of the key-encryption key: wrap every data key under the one that stands first now',
  options: changing,
  examples: ['keys rewrap --reason "yearly change"'],
  async run({ open }) {
    const { hub, by } = await open();
    const kek = await hub.keyEncryptionKeys();
    const { rewrapped, unreadable } = await rewrapDataKeys(hub.db, kek, {
      onRewrapped: async (tx, { version, from, to }) => {
        const [before, after] = [{ wrappingKey: from }, { wrappingKey: to }];
        const subject = `data_key:${version}`;
        await recordAudit(tx, { ...by, action: 'data_key.rewrapped', subject, before, after });
      },
    });
    const rows = unreadable.map(({ tenantId, version, code }) => [tenantId, String(version), code]);
    const none = 'Every data key is under it: older entries can be taken out of the configuration.';
    return {
      json: { current: kek.current, rewrapped, unreadable },
      text: `Wrapped ${rewrapped} data keys under "${kek.current}".\n${table(['NOT READABLE: TENANT', 'VERSION', 'WHY'], rows, none)}`,
    };
  },
};

async function keyDependencies(hub: CliHub, io: CliIo): Promise<KeyDependencies> {
  return { db: hub.db, secrets: await hub.secrets(), clock: io.clock };
}

function describe(changes: KeyChange[], none: string): Answer {
  const rows = changes.map(({ kid, from, to }) => [kid, from ?? 'new', to]);
  return { json: { changes }, text: table(['KID', 'WAS', 'IS'], rows, none) };
}
