import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createSelfSigned } from '../../platform/outbound/self-signed.ts';
import { isListening, makePeerFolder, startPeer } from '../process.ts';
import { fillDirectory } from './people.ts';

const run = promisify(execFile);

export const sambaPackages = {
  packages: ['samba', 'samba-ad-dc', 'samba-ad-provision', 'winbind'],
  files: ['/usr/sbin/samba', '/usr/bin/samba-tool', '/usr/share/samba/setup/provision.ldif'],
};

export const base = 'DC=ad,DC=school,DC=example';
export const host = 'dc1.ad.school.example';
/** An address of this machine that nobody else uses: Samba's ports cannot be moved. */
const address = '127.0.0.53';
const adminPassword = 'Peer-Admin-1!';
const provisionMs = 120_000;

export interface SambaDirectory {
  readonly address: string;
  /** PEM; for the name of the domain controller. */
  readonly certificate: string;
  stop(): Promise<void>;
}

/** Why a domain controller cannot run here, or undefined. */
export async function findObstacle(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'only root may listen at 389 and 636';
  for (const port of [389, 636]) {
    if (await isListening({ host: address, port })) return `somebody else listens at ${address}:${port}`;
  }
  return undefined;
}

/** An Active Directory domain controller with LDAP and Kerberos alone, on this machine alone. */
export async function startSamba(): Promise<SambaDirectory> {
  const { folder, remove } = await makePeerFolder('samba');
  const identity = createSelfSigned([host]);
  const settings = path.join(folder, 'etc', 'smb.conf');
  const database = path.join(folder, 'private', 'sam.ldb');
  try {
    await run('/usr/bin/samba-tool', provisionArguments(folder), { timeout: provisionMs });
    await writeFile(path.join(folder, 'tls.crt'), identity.cert);
    await writeFile(path.join(folder, 'tls.key'), identity.key, { mode: 0o600 });
    await writeFile(settings, smbConf(folder));
    const policy = [
      '--complexity=off',
      '--min-pwd-length=4',
      '--min-pwd-age=0',
      '--account-lockout-threshold=3',
    ];
    const where = [`--configfile=${settings}`, '-H', database];
    await run('/usr/bin/samba-tool', ['domain', 'passwordsettings', 'set', ...where, ...policy]);
    const samba = await startPeer(['/usr/sbin/samba', '-i', '-M', 'single', '-s', settings], {
      folder,
      listensAt: { host: address, port: 636 },
    });
    const stop = async () => {
      await samba.stop();
      await remove();
    };
    try {
      await fillDirectory({ address, host, base, certificate: identity.cert, adminPassword });
    } catch (error) {
      await stop();
      throw error;
    }
    return { address, certificate: identity.cert, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

function provisionArguments(folder: string): string[] {
  return [
    ...['domain', 'provision', '--realm=AD.SCHOOL.EXAMPLE', '--domain=SCHOOL', '--server-role=dc'],
    ...['--dns-backend=NONE', '--host-name=dc1', `--host-ip=${address}`, `--adminpass=${adminPassword}`],
    ...[`--targetdir=${folder}`, `--option=interfaces=${address}/8`, '--option=bind interfaces only=yes'],
  ];
}

function smbConf(folder: string): string {
  return `[global]
netbios name = DC1
realm = AD.SCHOOL.EXAMPLE
workgroup = SCHOOL
server role = active directory domain controller
server services = ldap, kdc
dcerpc endpoint servers = -winreg -srvsvc
interfaces = ${address}/8
bind interfaces only = yes
private dir = ${folder}/private
state directory = ${folder}/state
cache directory = ${folder}/cache
lock directory = ${folder}
pid directory = ${folder}
ncalrpc dir = ${folder}/ncalrpc
log file = ${folder}/samba.log
log level = 1
tls enabled = yes
tls certfile = ${folder}/tls.crt
tls keyfile = ${folder}/tls.key
tls cafile = ${folder}/tls.crt
ldap server require strong auth = allow_sasl_over_tls
`;
}
