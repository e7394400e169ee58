import type { Express } from 'express';
import type { Clock } from '../../platform/clock.ts';
import { systemClock } from '../../platform/clock.ts';
import { DomainError } from '../../platform/errors.ts';
import type { School, World } from '../world.ts';
import { demoWorld } from '../world.ts';
import { createLmsApp } from './app.ts';
import type { Launch, LtiClaims } from './claims.ts';
import { buildResourceLinkClaims } from './claims.ts';
import { toContentClaims } from './content/content-claims.ts';
import { contentItem, createContentRequests, findContentPlacement } from './content/requests.ts';
import { createShelf } from './content/shelf.ts';
import { getPerson, getToolItem } from './directory.ts';
import { createAccessTokens } from './grades/access-tokens.ts';
import { createAssertionChecks } from './grades/assertion.ts';
import { buildEndpointClaim } from './grades/endpoint-claim.ts';
import type { Gradebook } from './grades/gradebook.ts';
import { createGradebook } from './grades/gradebook.ts';
import type { GradebookModes } from './grades/modes.ts';
import { createModes } from './grades/modes.ts';
import type { SigningOptions } from './id-token.ts';
import { signClaims } from './id-token.ts';
import type { LaunchStore, ThirdPartyLogin } from './launches.ts';
import { buildThirdPartyLogin, createLaunchStore } from './launches.ts';
import { buildMembershipClaim } from './memberships/membership-claim.ts';
import type { PortalHint } from './pages/portal-hint.ts';
import { createRegistrationTokens } from './registering/tokens.ts';
import { type KeptTools, noKeptTools } from './registering/tools-file.ts';
import type { LoginKnobs, ToolRegistration } from './registration.ts';
import { defaultLoginKnobs, findPlacement } from './registration.ts';
import type { KeyRing, SigningKey } from './signing-keys.ts';
import { createKeyRing } from './signing-keys.ts';
import type { Tampering } from './tampering.ts';

export interface SimulatedLmsOptions {
  /** The `iss` of every token; by default the base URL. May lie on another host, as Canvas's does. */
  issuer?: string;
  /** Where browsers reach the LMS, without a trailing slash. */
  baseUrl: string;
  registrations?: readonly ToolRegistration[];
  world?: World;
  clock?: Clock;
  knobs?: Partial<LoginKnobs>;
  /** Signs with this key instead of making one at start. */
  signingKey?: SigningKey;
  /** By default one that ends with the process. */
  gradebook?: Gradebook;
  /** Tools that have registered themselves; by default they are forgotten with the process. */
  tools?: KeptTools;
  /** Reads tools' key sets; for demos whose names only the browser can resolve. */
  fetch?: typeof fetch;
  /** How long a slow gradebook takes for an answer. Default three seconds. */
  slowMs?: number;
  /** The most line items or results in one answer. Default 50. */
  pageSize?: number;
  /** How whoever runs the demo sees what the hub did for a school: a command, shown to teachers. */
  operatorHint?: (school: School) => string;
  /** What the front page says of the portal, where people get in without the LMS. */
  portalHint?: (() => PortalHint | undefined) | undefined;
}

/** Who opens which tool link; both by their ids in the world. */
export interface LaunchRequest {
  person: string;
  link: string;
  /** Chooses among several registrations that place the same tool. */
  clientId?: string;
}

export interface StartLogin extends LaunchRequest {
  knobs?: Partial<LoginKnobs>;
  tampering?: Tampering;
  /** Binds the launch to this LMS session: only that browser gets the token. */
  sessionId?: string;
}

/** A running LTI 1.3 platform for the demo, the tests and the benchmark. All state but the gradebook and the
 * tools that have registered themselves is in memory. */
export interface SimulatedLms {
  app: Express;
  issuer: string;
  baseUrl: string;
  authorizeUrl: string;
  jwksUrl: string;
  tokenUrl: string;
  world: World;
  keys: KeyRing;
  /** Defaults of every later login; may be changed between launches. */
  knobs: LoginKnobs;
  gradebook: Gradebook;
  /** How each school's gradebook answers; may be changed at any time. */
  modes: GradebookModes;
  registerTool(registration: ToolRegistration): void;
  /** Spoils the next launch that is started without a tampering of its own. */
  tamperNext(tampering: Tampering): void;
  /** Throws `not_found` for an unknown person or link, `input` when they do not fit together. */
  resolveLaunch(request: LaunchRequest): Launch;
  /** The honest claims of a launch, issued now, with the overrides on top. */
  buildClaims(request: LaunchRequest, overrides?: LtiClaims): LtiClaims;
  signIdToken(claims: LtiClaims, options?: SigningOptions): Promise<string>;
  startLogin(start: StartLogin): ThirdPartyLogin;
  /** Asks for content, as a person of a school. */
  startContentLogin(start: Pick<StartLogin, 'person' | 'tampering' | 'sessionId'>): ThirdPartyLogin;
}

/** Creates the simulated LMS; its express app still has to be put on a port. */
export async function createSimulatedLms(options: SimulatedLmsOptions): Promise<SimulatedLms> {
  const { baseUrl, issuer = baseUrl, clock = systemClock } = options;
  const shelf = createShelf(options.world ?? demoWorld);
  const { world } = shelf;
  const contentRequests = createContentRequests();
  const keys = await createKeyRing(options.signingKey);
  const knobs: LoginKnobs = { ...defaultLoginKnobs, ...options.knobs };
  const tools = options.tools ?? noKeptTools;
  const registrations: ToolRegistration[] = [...(options.registrations ?? []), ...tools.known];
  const launches: LaunchStore = createLaunchStore();
  const gradebook = options.gradebook ?? createGradebook(world);
  const tokenUrl = `${baseUrl}/token`;
  let nextTampering: Tampering = {};

  function takeTampering(): Tampering {
    const taken = nextTampering;
    nextTampering = {};
    return taken;
  }

  function place(request: LaunchRequest) {
    const { school, person } = getPerson(world, request.person);
    const { school: itemSchool, item } = getToolItem(world, request.link);
    if (itemSchool !== school) {
      throw new DomainError(
        'input',
        'lms_not_enrolled',
        'The person is not enrolled in the course of this link.',
      );
    }
    const placement = findPlacement(registrations, school.slug, item.tool, request.clientId);
    if (!placement) {
      throw new DomainError('not_found', 'lms_tool_not_placed', 'No registered tool is placed at this link.');
    }
    const { registration, deployment, targetLinkUri } = placement;
    const { deploymentId } = deployment;
    const launch: Launch = {
      school,
      person,
      item,
      clientId: registration.clientId,
      deploymentId,
      targetLinkUri: item.target ?? targetLinkUri,
    };
    return { launch, deployment };
  }

  function claimsOf(launch: Launch & { content?: string }, nonce: string): LtiClaims {
    const issuedAt = Math.floor(clock.now() / 1000);
    const claims = buildResourceLinkClaims(launch, { issuer, baseUrl, nonce, issuedAt });
    if (launch.content !== undefined) {
      const returnUrl = `${baseUrl}/schools/${launch.school.slug}/content/answer`;
      return toContentClaims(claims, { returnUrl, data: launch.content });
    }
    return {
      ...claims,
      ...buildEndpointClaim(launch, { baseUrl, registrations, gradebook }),
      ...buildMembershipClaim(launch, { baseUrl, registrations }),
    };
  }

  function placeContent(personId: string) {
    const { school, person } = getPerson(world, personId);
    const placement = findContentPlacement(registrations, school.slug);
    if (!placement) {
      throw new DomainError('not_found', 'lms_tool_not_placed', 'No registered tool offers content.');
    }
    const { registration, deployment, contentUrl } = placement;
    const launch: Launch = {
      school,
      person,
      item: contentItem,
      clientId: registration.clientId,
      deploymentId: deployment.deploymentId,
      targetLinkUri: contentUrl,
    };
    return { launch, registration, deployment };
  }

  const lms: Omit<SimulatedLms, 'app'> = {
    issuer,
    baseUrl,
    authorizeUrl: `${baseUrl}/auth`,
    jwksUrl: `${baseUrl}/jwks.json`,
    tokenUrl,
    world,
    keys,
    knobs,
    gradebook,
    modes: createModes(),
    registerTool: (registration) => void registrations.push(registration),
    tamperNext(tampering) {
      nextTampering = tampering;
    },
    resolveLaunch: (request) => place(request).launch,
    buildClaims: (request, overrides = {}) => ({
      ...claimsOf(place(request).launch, 'nonce'),
      ...overrides,
    }),
    signIdToken: (claims, signing) => signClaims(claims, keys.current(), signing),
    startLogin(start) {
      const { launch, deployment } = place(start);
      const chosen = { ...knobs, ...start.knobs };
      // Outside a frame there is no LMS window around the tool that could store anything for it.
      if (launch.item.opensIn === 'window') chosen.storageTarget = null;
      const pending = {
        ...launch,
        sessionId: start.sessionId,
        storageTarget: chosen.storageTarget,
        messageHintUse: chosen.messageHintUse,
        tampering: start.tampering ?? takeTampering(),
      };
      const messageHint = launches.add(pending, clock.now());
      return buildThirdPartyLogin(issuer, launch, deployment, messageHint, chosen);
    },
    startContentLogin(start) {
      const { launch, registration, deployment } = placeContent(start.person);
      const { school } = launch;
      const { sessionId } = start;
      const content = contentRequests.open({ school, registration, deployment, sessionId }, clock.now());
      const pending = {
        ...launch,
        content,
        sessionId,
        storageTarget: knobs.storageTarget,
        messageHintUse: knobs.messageHintUse,
        tampering: start.tampering ?? takeTampering(),
      };
      const messageHint = launches.add(pending, clock.now());
      return buildThirdPartyLogin(issuer, launch, deployment, messageHint, knobs);
    },
  };
  const tokenFetch = options.fetch ?? fetch;
  const app = createLmsApp({
    ...lms,
    registrations,
    launches,
    clock,
    claimsOf,
    contentRequests,
    registrationTokens: createRegistrationTokens(),
    keepTool(registration) {
      registrations.push(registration);
      return tools.add(registration);
    },
    shelve: shelf.add,
    fetch: tokenFetch,
    accessTokens: createAccessTokens(),
    assertions: createAssertionChecks({ tokenUrl, registrations, fetch: tokenFetch }),
    slowMs: options.slowMs ?? 3000,
    pageSize: options.pageSize ?? 50,
    operatorHint: options.operatorHint,
    portalHint: options.portalHint,
  });
  return { ...lms, app };
}
