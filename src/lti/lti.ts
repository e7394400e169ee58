import type { Router } from 'express';
import type { Refusal } from '../health/refusals.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { createRateLimiter } from '../platform/http/rate-limit.ts';
import type { OutboundFetch } from '../platform/outbound/fetch.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import { createLaunchDirectory } from './directory.ts';
import { createInboundRouter } from './inbound/routes.ts';
import { createJwksCache } from './jwks.ts';
import { createKeySet } from './keys/key-set.ts';
import { keysChanged } from './keys/keys.ts';
import { createKeySetRouter } from './keys/routes.ts';
import { createSigner } from './keys/signer.ts';
import { createOutboundRouter } from './outbound/routes.ts';
import { createAssetsRouter, loadAssets } from './pages/assets.ts';
import { createPageEnvironments } from './pages/environment.ts';
import { createReturnAddresses } from './return-addresses.ts';

export interface LtiOptions {
  db: Database;
  clock: Clock;
  baseUrl: string;
  fetch: OutboundFetch;
  secrets: Secrets;
  releaseSecret: Buffer;
  frameAncestors: readonly string[];
  recordRefusal(refusal: Refusal): void;
  onError(error: unknown): void;
}

/** Both legs of a launch, ready to mount. */
export interface Lti {
  routers: Router[];
  pages: ReturnType<typeof createPageEnvironments>;
  /** Forgets what a change notification names. */
  forget(topic: string): void;
  /** Forgets everything: notifications may have been missed. */
  forgetAll(): void;
}

export function createLti(options: LtiOptions): Lti {
  const { db, clock, onError } = options;
  const assets = loadAssets();
  const pages = createPageEnvironments(assets);
  const directory = createLaunchDirectory({ db, clock });
  const signer = createSigner({ db, secrets: options.secrets, clock });
  const keySet = createKeySet({ db, clock, onError });
  const jwks = createJwksCache({ fetch: options.fetch, clock });
  // A tenant keeps a row a second of refusals that anybody could have caused, and sixty at once.
  const unprovenRows = createRateLimiter({ name: 'unproven', perSecond: 1, burst: 60, clock });
  const returnAddresses = createReturnAddresses({ ...options, secret: options.releaseSecret });
  const http = {
    services: { ...options, directory, signer, jwks, unprovenRows, returnAddresses },
    pages,
  };
  const forgetKeys = () => {
    signer.invalidate();
    keySet.invalidate();
  };
  return {
    routers: [
      createInboundRouter(http),
      createOutboundRouter(http),
      createKeySetRouter(keySet),
      createAssetsRouter(assets),
    ],
    pages,
    forget: (topic) => {
      if (topic === keysChanged) return forgetKeys();
      // Whoever changes a registration, say after a key was withdrawn, wants its keys read anew.
      const [kind, id = ''] = topic.split(':');
      if (kind === 'hub_registration') jwks.forget(id);
      for (const { connectionId } of kind === 'tenant' ? directory.remembered(id) : [])
        jwks.forget(connectionId);
      directory.forget(topic);
    },
    forgetAll: () => {
      forgetKeys();
      directory.forgetAll();
    },
  };
}
