import type { Router } from 'express';
import type { GradeDestination } from '../grades/destination.ts';
import type { Refusal, RowlessCall } from '../health/refusals.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { createRateLimiter } from '../platform/http/rate-limit.ts';
import type { OutboundFetch } from '../platform/outbound/fetch.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import { createAgsRouter } from './ags/routes.ts';
import { createContentItems } from './deep-linking/content-items.ts';
import { createDeepLinkingRouter } from './deep-linking/routes.ts';
import { createLaunchDirectory, type LaunchDirectory } from './directory.ts';
import { createDomainRouter } from './domains/routes.ts';
import { createGroupsRouter } from './groups/routes.ts';
import { createInboundRouter } from './inbound/routes.ts';
import { createJwksCache } from './jwks.ts';
import { createKeySet } from './keys/key-set.ts';
import { keysChanged } from './keys/keys.ts';
import { createKeySetRouter } from './keys/routes.ts';
import { createSigner, type Signer } from './keys/signer.ts';
import { createLmsServices } from './lms/lms.ts';
import { createHandlerRouter } from './notices/handler-routes.ts';
import type { NoticeWork } from './notices/jobs.ts';
import { createNoticeReceiver } from './notices/receive-routes.ts';
import { createNoticeSources } from './notices/sources.ts';
import { createNrpsRouter } from './nrps/routes.ts';
import { createOutboundRouter } from './outbound/routes.ts';
import { type Assets, createAssetsRouter, loadAssets } from './pages/assets.ts';
import { createPageEnvironments } from './pages/environment.ts';
import { createPortalLaunches, type PortalLaunches } from './portal-launch.ts';
import { createRegistrationRouter } from './registration/routes.ts';
import { createToolRegistrationRouter } from './registration/tool-routes.ts';
import { createReturnAddresses } from './return-addresses.ts';
import type { GradeIntake } from './services.ts';
import { type AccessTokens, createAccessTokens } from './token/access-token.ts';
import { createToolClients } from './token/clients.ts';
import { createTokenRouter } from './token/routes.ts';

export interface LtiOptions {
  db: Database;
  clock: Clock;
  baseUrl: string;
  allowLoopback: boolean;
  fetch: OutboundFetch;
  /** For calls of LMSs' services: a host that is down is left alone. */
  partnerFetch: OutboundFetch;
  secrets: Secrets;
  releaseSecret: Buffer;
  grades: GradeIntake;
  frameAncestors: readonly string[];
  recordRefusal(refusal: Refusal): void;
  recordCall(call: RowlessCall): void;
  /** Is told of faults of the hub's own that nobody is answered with: a log event, and what was thrown. */
  onFault(
    event: 'key_set_stale' | 'score_not_sent' | 'notice_not_sent' | 'notice_source_not_noted',
    error: unknown,
  ): void;
}

/** Both legs of a launch, ready to mount. */
export interface Lti {
  routers: Router[];
  pages: ReturnType<typeof createPageEnvironments>;
  /** Static files that pages of other features use as well. */
  assets: Assets;
  /** Who is met at which address. */
  directory: Pick<LaunchDirectory, 'tenantBySlug'>;
  accessTokens: AccessTokens;
  /** Signs as the hub. */
  signer: Signer;
  /** Launches for people who are signed in at the hub itself. */
  portalLaunches: PortalLaunches;
  /** LMSs' gradebooks, to which scores go. */
  gradeDestination: GradeDestination;
  /** What notices are relayed with, in the background. */
  noticeWork: NoticeWork;
  /** Forgets what a change notification names. */
  forget(topic: string): void;
  /** Forgets everything: notifications may have been missed. */
  forgetAll(): void;
}

export function createLti(options: LtiOptions): Lti {
  const { db, clock, onFault } = options;
  const assets = loadAssets();
  const pages = createPageEnvironments(assets);
  const directory = createLaunchDirectory({ db, clock });
  const signer = createSigner({ db, secrets: options.secrets, clock });
  const keySet = createKeySet({ db, clock, onError: (error) => onFault('key_set_stale', error) });
  const jwks = createJwksCache({ fetch: options.fetch, clock });
  // A tenant keeps a row a second of refusals that anybody could have caused, and sixty at once.
  const unprovenRows = createRateLimiter({ name: 'unproven', perSecond: 1, burst: 60, clock });
  const returnAddresses = createReturnAddresses({ ...options, secret: options.releaseSecret });
  const clients = createToolClients({ db, clock });
  const accessTokens = createAccessTokens({
    secret: options.releaseSecret,
    issuer: options.baseUrl,
    clock,
  });
  const lms = createLmsServices({
    ...options,
    fetch: options.partnerFetch,
    signer,
    onError: (error) => onFault('score_not_sent', error),
  });
  const http = {
    services: {
      ...options,
      gradebook: lms.gradebook,
      memberships: lms.memberships,
      groups: lms.groups,
      noticeSources: createNoticeSources(options),
      directory,
      signer,
      jwks,
      clients,
      contentItems: createContentItems({ db, clock }),
      accessTokens,
      unprovenRows,
      returnAddresses,
    },
    pages,
  };
  const forgetKeys = () => {
    signer.invalidate();
    keySet.invalidate();
  };
  return {
    routers: [
      // Before the hub's own addresses of the same paths.
      createDomainRouter(http.services),
      createInboundRouter(http),
      createOutboundRouter(http),
      createDeepLinkingRouter(http),
      createRegistrationRouter(http),
      createToolRegistrationRouter(http.services),
      createTokenRouter(http.services),
      createAgsRouter(http.services),
      createNrpsRouter(http.services),
      createGroupsRouter(http.services),
      createHandlerRouter(http.services),
      createNoticeReceiver(http.services),
      createKeySetRouter(keySet),
      createAssetsRouter(assets),
    ],
    pages,
    assets,
    directory,
    accessTokens,
    signer,
    portalLaunches: createPortalLaunches(http),
    gradeDestination: lms.destination,
    noticeWork: { ...http.services, lmsNotices: lms.notices, fetch: options.fetch, onFault },
    forget: (topic) => {
      if (topic === keysChanged) return forgetKeys();
      // Whoever changes a registration or a tool, say after a key was withdrawn, wants its keys read anew.
      const [kind, id = ''] = topic.split(':');
      if (kind === 'hub_registration' || kind === 'tool') jwks.forget(id);
      if (kind === 'tool') clients.forgetAll();
      for (const { connectionId } of kind === 'tenant' ? directory.remembered(id) : [])
        jwks.forget(connectionId);
      directory.forget(topic);
      lms.forget(topic);
    },
    forgetAll: () => {
      forgetKeys();
      clients.forgetAll();
      directory.forgetAll();
      lms.forgetAll();
    },
  };
}
