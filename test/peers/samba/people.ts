import { Attribute, Client } from 'ldapts';

export interface Controller {
  address: string;
  host: string;
  base: string;
  certificate: string;
  adminPassword: string;
}

/** userAccountControl (MS-ADTS 2.2.16): a normal account, and one that is disabled. */
const normal = '512';
const disabled = '514';

/** Somebody's account and what is special about it. */
const accounts: Record<string, Record<string, string | Buffer>> = {
  reader: {},
  ada: {},
  guessed: {},
  locked: {},
  leaving: {},
  disabled: { userAccountControl: disabled },
  // 2020-01-01, in 100 nanoseconds since 1601.
  expired: { accountExpires: '132223104000000000' },
  changing: { pwdLastSet: '0' },
  // No hour of the week.
  nightly: { logonHours: Buffer.alloc(21) },
};

export const peopleBase = (base: string) => `OU=People,${base}`;
export const groupsBase = (base: string) => `OU=Groups,${base}`;
export const personDn = (base: string, name: string) => `CN=${name},${peopleBase(base)}`;
export const passwordOf = (name: string) => `password-of-${name}`;

/** Members of one group. Samba gives all values at once, whatever their number; Active Directory gives 1,500. */
export const memberCount = 60;

/** A connection as the domain's administrator. */
export async function openAsAdmin({
  address,
  host,
  certificate,
  adminPassword,
}: Controller): Promise<Client> {
  const tlsOptions = { ca: certificate, servername: host };
  const client = new Client({ url: `ldaps://${address}`, tlsOptions, timeout: 30_000 });
  await client.bind('administrator@ad.school.example', adminPassword);
  return client;
}

/** Adds people, accounts in every state, groups in groups, and a larger group. */
export async function fillDirectory(controller: Controller): Promise<void> {
  const { base } = controller;
  const client = await openAsAdmin(controller);
  try {
    for (const unit of ['People', 'Groups']) {
      await client.add(`OU=${unit},${base}`, { objectClass: 'organizationalUnit', ou: unit });
    }
    for (const [name, special] of Object.entries(accounts)) await addPerson(client, base, name, special);
    await addGroup(client, base, 'bio', [personDn(base, 'ada')]);
    await addGroup(client, base, 'science', [`CN=bio,${groupsBase(base)}`]);
    const contacts = Array.from(
      { length: memberCount },
      (_, index) => `CN=contact${index},${peopleBase(base)}`,
    );
    for (const dn of contacts) await client.add(dn, { objectClass: 'contact' });
    await addGroup(client, base, 'everybody', contacts);
  } finally {
    await client.unbind();
  }
}

async function addPerson(
  client: Client,
  base: string,
  name: string,
  special: Record<string, string | Buffer>,
) {
  const attributes: Record<string, string | Buffer> = {
    objectClass: 'user',
    sAMAccountName: name,
    userPrincipalName: `${name}@ad.school.example`,
    displayName: `Person ${name}`,
    mail: `${name}@school.example`,
    userAccountControl: normal,
    // MS-ADTS 3.1.1.3.1.5.1: in quotes, as UTF-16.
    unicodePwd: Buffer.from(`"${passwordOf(name)}"`, 'utf16le'),
    ...special,
  };
  await client.add(personDn(base, name), toAttributes(attributes));
}

async function addGroup(client: Client, base: string, name: string, members: string[]): Promise<void> {
  const attributes = { objectClass: 'group', sAMAccountName: name };
  await client.add(`CN=${name},${groupsBase(base)}`, [
    ...toAttributes(attributes),
    new Attribute({ type: 'member', values: members }),
  ]);
}

function toAttributes(attributes: Record<string, string | Buffer>): Attribute[] {
  return Object.entries(attributes).map(([type, value]) =>
    Buffer.isBuffer(value)
      ? new Attribute({ type, values: [value] })
      : new Attribute({ type, values: [value] }),
  );
}
