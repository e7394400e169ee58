import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createSelfSigned } from '../../platform/outbound/self-signed.ts';
import { findPort, makePeerFolder, startPeer } from '../process.ts';
import { people } from './people.ts';

const run = promisify(execFile);

export const slapdPackages = {
  packages: ['slapd', 'ldap-utils'],
  files: ['/usr/sbin/slapd', '/usr/bin/ldapadd', '/usr/lib/ldap/memberof.so'],
};

export const base = 'dc=school,dc=example';
export const admin = { dn: `cn=admin,${base}`, password: 'admin-password' };
export const reader = { dn: `cn=reader,${base}`, password: 'reader-password' };

export interface Slapd {
  readonly ldapPort: number;
  readonly ldapsPort: number;
  /** PEM; for the host name `localhost`. */
  readonly certificate: string;
  stop(): Promise<void>;
}

/** OpenLDAP with people, groups in groups and a password policy, on this machine alone. */
export async function startSlapd(): Promise<Slapd> {
  const { folder, remove } = await makePeerFolder('slapd');
  const [ldapPort, ldapsPort] = [await findPort(), await findPort()];
  const identity = createSelfSigned(['localhost']);
  await mkdir(path.join(folder, 'db'));
  await writeFile(path.join(folder, 'tls.crt'), identity.cert);
  await writeFile(path.join(folder, 'tls.key'), identity.key, { mode: 0o600 });
  const settings = path.join(folder, 'slapd.conf');
  await writeFile(settings, slapdConf(folder), { mode: 0o600 });
  const urls = `ldap://127.0.0.1:${ldapPort}/ ldaps://127.0.0.1:${ldapsPort}/`;
  const slapd = await startPeer(['/usr/sbin/slapd', '-f', settings, '-h', urls, '-d', '0'], {
    folder,
    listensAt: { host: '127.0.0.1', port: ldapPort },
  });
  const stop = async () => {
    await slapd.stop();
    await remove();
  };
  try {
    const ldif = path.join(folder, 'people.ldif');
    await writeFile(ldif, people(base, reader));
    const server = ['-H', `ldap://127.0.0.1:${ldapPort}`, '-x', '-D', admin.dn, '-w', admin.password];
    await run('/usr/bin/ldapadd', [...server, '-f', ldif]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ldapPort, ldapsPort, certificate: identity.cert, stop };
}

function slapdConf(folder: string): string {
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload ppolicy
pidfile ${folder}/slapd.pid
TLSCertificateFile ${folder}/tls.crt
TLSCertificateKeyFile ${folder}/tls.key
# A bind with a name and no password succeeds: what the hub must never rely on the directory to refuse.
allow bind_anon_cred bind_anon_dn
sizelimit size.soft=500 size.hard=500 size.prtotal=unlimited

database mdb
suffix "${base}"
rootdn "${admin.dn}"
rootpw ${admin.password}
directory ${folder}/db
maxsize 67108864
index objectClass,uid,mail,member,entryUUID eq
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${reader.dn}" read by * none

overlay memberof
memberof-refint true
overlay ppolicy
ppolicy_default "cn=default,ou=policies,${base}"
`;
}
