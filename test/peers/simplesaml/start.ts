import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findPort, makePeerFolder, startPeer } from '../process.ts';
import { authenticationSources, identityProvider, serviceProviders, settings } from './settings.ts';

const run = promisify(execFile);
const program = '/usr/share/simplesamlphp/www';

export const simplesamlPackages = {
  packages: ['simplesamlphp', 'php-cli', 'php-xml', 'openssl'],
  files: ['/usr/bin/php', `${program}/module.php`, '/usr/bin/openssl'],
};

export interface SimpleSaml {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly entityId: string;
  readonly metadataUrl: string;
  /**
   * Makes a service provider known, at once.
   *
   * @param name of its files; a second time replaces the first
   * @param metadata its own, as XML
   * @param options of SimpleSAMLphp's saml20-sp-remote, such as `assertion.encryption` or `validate.authnrequest`
   */
  register(name: string, metadata: string, options?: Record<string, unknown>): Promise<void>;
  /** `next`: publishes a second certificate. `swap`: signs with it. `drop`: publishes it alone. */
  rollOver(step: 'next' | 'swap' | 'drop'): Promise<void>;
  stop(): Promise<void>;
}

/** SimpleSAMLphp as an identity provider by PHP's own server, on this machine alone. */
export async function startSimpleSaml(): Promise<SimpleSaml> {
  const { folder, remove } = await makePeerFolder('simplesaml');
  try {
    const port = await findPort();
    const baseUrl = `http://127.0.0.1:${port}`;
    const inside = (...names: string[]) => path.join(folder, ...names);
    for (const name of ['config', 'metadata', 'cert', 'sp', 'sessions', 'log', 'data', 'tmp']) {
      await mkdir(inside(name));
    }
    await makeCertificate(folder, 'idp');
    await writeFile(inside('config', 'config.php'), settings(folder, baseUrl));
    await writeFile(inside('config', 'authsources.php'), authenticationSources);
    await writeFile(inside('metadata', 'saml20-idp-hosted.php'), identityProvider(folder, baseUrl));
    await writeFile(inside('metadata', 'saml20-sp-remote.php'), serviceProviders(folder));
    const php = await startPeer(['/usr/bin/php', '-S', `127.0.0.1:${port}`, '-t', program], {
      folder,
      listensAt: { host: '127.0.0.1', port },
      env: { SIMPLESAMLPHP_CONFIG_DIR: inside('config'), PHP_CLI_SERVER_WORKERS: '4' },
    });
    return {
      baseUrl,
      entityId: `${baseUrl}/idp`,
      metadataUrl: `${baseUrl}/saml2/idp/metadata.php`,
      register: async (name, metadata, options = {}) => {
        await writeFile(inside('sp', `${name}.json`), JSON.stringify(options));
        await writeFile(inside('sp', `${name}.xml`), metadata);
      },
      rollOver: async (step) => {
        if (step === 'next') await makeCertificate(folder, 'next');
        else await writeFile(inside('cert', step), '');
      },
      stop: async () => {
        await php.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function makeCertificate(folder: string, name: string): Promise<void> {
  const file = (ending: string) => path.join(folder, 'cert', `${name}.${ending}`);
  const subject = ['-subj', `/CN=${name}`, '-days', '400'];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject];
  await run('/usr/bin/openssl', [...request, '-keyout', file('key'), '-out', file('crt')]);
}
