import type { Express, RequestHandler } from 'express';
import express from 'express';
import type { Collection } from './oneroster/collections.ts';
import { createFaults, type Faults } from './oneroster/faults.ts';
import { listRoutes } from './oneroster/list-routes.ts';
import { faithful, type Modes } from './oneroster/modes.ts';
import { createShelves, type RowSource, type Shelves } from './oneroster/shelves.ts';
import { type Consumer, createSignedCalls } from './oneroster/signed-call.ts';
import { fail, type Version } from './oneroster/status-info.ts';
import { type BearerTokens, createBearerTokens, tokenRoutes } from './oneroster/token-routes.ts';

export interface OneRosterServerOptions {
  source: RowSource;
  /** Where it is reached, without a trailing slash. */
  baseUrl: string;
  consumer: Consumer;
  /** Names of scopes that the consumer may have, without what stands before them; by default all for reading. */
  scopes?: readonly string[];
  modes?: Partial<Modes>;
  /** Default an hour. */
  tokenSeconds?: number;
  now?: () => number;
}

/** A simulated student information system that speaks OneRoster 1.1 and 1.2. Reading only. */
export interface OneRosterServer {
  app: Express;
  tokenUrl: string;
  shelves: Shelves;
  faults: Faults;
  tokens: BearerTokens;
  /** May be changed at any time. */
  modes: Modes;
  /** The last calls of lists, as path and query. */
  calls: readonly string[];
}

const readable = [
  'roster-core.readonly',
  'roster.readonly',
  'roster-demographics.readonly',
  'gradebook.readonly',
  'gradebook-core.readonly',
];
/** Older ones are forgotten. */
const mostCalls = 10_000;
const versions = ['1.1', '1.2'] as const;
const scopeBase = (version: Version) =>
  `https://purl.imsglobal.org/spec/or/${version === '1.1' ? 'v1p1' : 'v1p2'}/scope/`;

/** Creates the provider; its express app still has to be put on a port. */
export function createOneRosterServer(options: OneRosterServerOptions): OneRosterServer {
  const { baseUrl, consumer, scopes = readable, tokenSeconds = 3600, now = Date.now } = options;
  const modes: Modes = { ...faithful, ...options.modes };
  const shelves = createShelves(options.source);
  const faults = createFaults();
  const tokens = createBearerTokens(tokenSeconds);
  const signed = createSignedCalls(consumer);
  const calls: string[] = [];

  const app = express().disable('x-powered-by').disable('etag');
  app.use((_request, response, next) => {
    response.set('Server', 'Gatehouse simulated SIS');
    response.set('Date', new Date(now()).toUTCString());
    next();
  });
  const granted = versions.flatMap((version) => scopes.map((name) => scopeBase(version) + name));
  app.use(tokenRoutes({ consumer, tokens, lifetimeSeconds: tokenSeconds, scopes: granted, now }));

  const allowFor =
    (version: Version) =>
    (collection: Collection): RequestHandler =>
    (request, response, next) => {
      calls.push(request.originalUrl);
      if (calls.length > mostCalls) calls.splice(0, mostCalls / 2);
      const bearer = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
      const held = bearer === undefined ? undefined : tokens.find(bearer, now());
      // 1.1, security has both ways, 1.2, security tokens only.
      const isSigned = version === '1.1' && bearer === undefined && signed.check(request, baseUrl, now());
      if (!held && !isSigned) return void fail(response, version, 'unauthorisedrequest', 'Sign in.');
      const needed = scopesFor(collection).map((name) => scopeBase(version) + name);
      const isScoped = isSigned || needed.some((name) => held?.includes(name));
      if (!isScoped || modes.forbidden.has(collection.name)) {
        return void fail(response, version, 'forbidden', 'The scope does not reach this.');
      }
      if (modes.missing.has(collection.name))
        return void fail(response, version, 'unknownobject', 'No such list.');
      next();
    };

  const service = (version: Version) => ({
    place: {
      version,
      shelves,
      address: (part: Collection['service'], list: string) => baseUrl + pathOf(version, part) + list,
    },
    origin: baseUrl,
    modes,
    allow: allowFor(version),
    faults: faults.handler,
  });
  app.use(pathOf('1.1', 'rostering'), listRoutes(service('1.1'), 'both'));
  for (const part of ['rostering', 'gradebook'] as const) {
    app.use(pathOf('1.2', part), listRoutes(service('1.2'), part));
  }
  return { app, tokenUrl: `${baseUrl}/token`, shelves, faults, tokens, modes, calls };
}

/** 1.1, endpoints; 1.2 REST bindings, endpoints. */
function pathOf(version: Version, service: Collection['service']): string {
  return version === '1.1' ? '/ims/oneroster/v1p1/' : `/ims/oneroster/${service}/v1p2/`;
}

/** Any of these reaches a list. 1.2, security scopes. */
function scopesFor({ name, service }: Collection): readonly string[] {
  if (name === 'demographics') return ['roster-demographics.readonly'];
  if (service === 'gradebook') return ['gradebook.readonly', 'gradebook-core.readonly'];
  const isCore = ['academicSessions', 'classes', 'courses', 'enrollments', 'orgs', 'users'].includes(name);
  return isCore ? ['roster-core.readonly', 'roster.readonly'] : ['roster.readonly'];
}
