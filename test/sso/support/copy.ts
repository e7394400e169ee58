import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair } from 'jose';
import { afterAll } from 'vitest';
import { createErrorPage } from '../../../src/app/error-page.ts';
import { createLaunchDirectory } from '../../../src/lti/directory.ts';
import type { Signer } from '../../../src/lti/keys/signer.ts';
import { createAssetsRouter, loadAssets } from '../../../src/lti/pages/assets.ts';
import { createPageEnvironments } from '../../../src/lti/pages/environment.ts';
import { admitAdmin } from '../../../src/operators/school/admit.ts';
import { createSchoolRouter } from '../../../src/operators/school/routes.ts';
import { endAdmins } from '../../../src/operators/sessions/partner-end.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { Database } from '../../../src/platform/db.ts';
import { createHttpApp } from '../../../src/platform/http/http-app.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createOutbound } from '../../../src/platform/outbound/fetch.ts';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import type { SsoOperation } from '../../../src/sso/services.ts';
import { createSso, type Sso } from '../../../src/sso/sso.ts';
import { Visitor } from './visitor.ts';

/** A running copy of the hub that signs people in, by every protocol, and does nothing else. */
export interface SignInCopy {
  sso: Sso;
  /** As the hub's own address: of the first copy, which others share. */
  baseUrl: string;
  operation: SsoOperation;
  /** For a browser that has never been here. */
  visitor(headers?: Record<string, string>): Visitor;
}

export interface CopyOptions {
  db: Database;
  clock: Clock;
  /** Every line that is logged. */
  log: string[];
  /** That of the copy it stands beside; its own unless given. */
  baseUrl?: string | undefined;
  /** Default `hub.localhost`, which browsers look up themselves, and other programs may not find. */
  host?: string;
  /** Proxies in front of it, as `X-Forwarded-For` tells. Default 0. */
  trustedProxyHops?: number;
  /** Signs assertions of private_key_jwt; a key of its own unless given. */
  signingKey?: Signer['signingKey'] | undefined;
  /** Closes it; `onTestFinished` within a test. */
  atEnd?: (close: () => Promise<void>) => void;
}

const kek = parseKeyEncryptionKeys(`test:${Buffer.alloc(32, 7).toString('base64')}`);

async function newKey(): ReturnType<Signer['signingKey']> {
  return { kid: 'hub', key: (await generateKeyPair('RS256')).privateKey };
}

/** Starts one on this machine. */
export async function openCopy(options: CopyOptions): Promise<SignInCopy> {
  const { db, clock, atEnd = afterAll } = options;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://${options.host ?? 'hub.localhost'}:${port}`;
  const { baseUrl = origin } = options;
  const log = openLog({
    level: 'debug',
    destination: { write: (line: string) => void options.log.push(line) },
  });
  const secrets = createSecrets({ kek, clock });
  const fetch = createOutbound({ allowLoopback: true, userAgent: 'Gatehouse test' });
  const assets = loadAssets();
  const directory = createLaunchDirectory({ db, clock });
  const signer = { signingKey: options.signingKey ?? newKey };
  const parts = { db, clock, log, secrets, baseUrl, fetch };
  const sso = createSso({
    ...parts,
    assets,
    directory,
    signer,
    allowLoopback: true,
    directoryNetworks: [],
    admitAdmin,
    endAdmins,
  });
  server.on(
    'request',
    createHttpApp({
      https: false,
      trustedProxyHops: options.trustedProxyHops ?? 0,
      log,
      renderErrorPage: createErrorPage({ pages: createPageEnvironments(assets), frameAncestors: [] }),
      routers: [
        createAssetsRouter(assets),
        ...sso.routers,
        createSchoolRouter({ db, clock }, sso.beginForConsole),
      ],
    }),
  );
  atEnd(async () => {
    await sso.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await fetch.close();
  });
  const operation = { ...sso.services, fetch };
  return { sso, baseUrl, operation, visitor: (headers) => new Visitor(origin, headers) };
}
