import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { type LaunchId, newId } from '../../../contracts/ids.ts';
import { claim, record } from '../../../src/lti/claims.ts';
import { acceptLaunch, type LoginProof } from '../../../src/lti/inbound/accept-store.ts';
import type { AcceptedLaunch } from '../../../src/lti/inbound/accepted-launch.ts';
import { insertLogin } from '../../../src/lti/inbound/login-store.ts';
import { openLaunch } from '../../../src/lti/outbound/hint-store.ts';
import { takeSnapshot } from '../../../src/lti/snapshot.ts';
import { type Database, openDatabase } from '../../../src/platform/db.ts';
import { newPseudonym } from '../../../src/privacy/pseudonyms.ts';
import { answerParent } from '../process/child.ts';
import type { BenchTenant } from '../world/tenants.ts';
import { claimsOf, clientId, issuer, slugOf, visitOf } from './population.ts';

export interface LimitSettings {
  databaseUrl: string;
  connections: number;
  statementTimeoutMs: number;
  tenants: BenchTenant[];
  hubUrl: string;
  /** A token of the LMS and the key it was signed with: what each loop verifies. */
  token: string;
  publicKeyPem: string;
  loops: number;
}

interface Limit {
  settings: LimitSettings;
  database: Database;
  publicKey: KeyObject;
  privateKey: KeyObject;
  signed: { text: Buffer; signature: Buffer };
}

let limit: Limit | undefined;

async function open(settings: LimitSettings): Promise<void> {
  const database = await openDatabase({
    url: settings.databaseUrl,
    applicationName: 'gatehouse bench limit',
    connections: settings.connections,
    statementTimeoutMs: settings.statementTimeoutMs,
    onError: (error) => {
      throw error;
    },
  });
  const dot = settings.token.lastIndexOf('.');
  const signed = {
    text: Buffer.from(settings.token.slice(0, dot)),
    signature: Buffer.from(settings.token.slice(dot + 1), 'base64url'),
  };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  limit = { settings, database, publicKey: createPublicKey(settings.publicKeyPem), privateKey, signed };
}

/** Runs the loop for these launch numbers, as many at a time as the hub is given requests. */
async function run({ from, count }: { from: number; count: number }): Promise<void> {
  if (limit === undefined) throw new Error('The limit was not opened');
  const opened = limit;
  let next = from;
  await Promise.all(
    Array.from({ length: opened.settings.loops }, async () => {
      while (next < from + count) await launchBare(opened, next++);
    }),
  );
}

/** What no launch can do without: one signature verified, one made, and the hub's three statements. */
async function launchBare(
  { settings, database, publicKey, privateKey, signed }: Limit,
  number: number,
): Promise<void> {
  const visit = visitOf(number);
  const { tenant, registration, enabled } = settings.tenants[visit.tenant]!;
  const tenantId = tenant.tenantId;
  const { connectionId, version } = registration;
  const target = `${settings.hubUrl}/t/${slugOf(visit.tenant)}/open/sample-tool`;
  const now = Date.now();
  const expiresAt = new Date(now + 300_000);
  const secrets = { stateHash: randomBytes(32), nonceHash: randomBytes(32), browserHash: randomBytes(32) };
  const hint = {
    hash: randomBytes(32),
    loginHintHash: randomBytes(32),
    browserHash: secrets.browserHash,
    expiresAt,
  };

  const request = { iss: issuer, login_hint: visit.person.id, target_link_uri: target, client_id: clientId };
  const login = { ...secrets, connectionId, registrationVersion: version, request, expiresAt };
  if (!(await insertLogin(database.tenant(tenantId), login))) throw new Error('The login was not stored');

  if (!verify('RSA-SHA256', signed.text, publicKey, signed.signature))
    throw new Error('The signature is wrong');
  const claims = claimsOf(visit, target, 'nonce');
  const launchId = newId<LaunchId>(now);
  const proof: LoginProof = {
    hubWide: false,
    registrationId: connectionId,
    registrationVersion: version,
    ...secrets,
    targetLinkUri: target,
    refuseOtherTarget: false,
    fromStorage: false,
  };
  const accepted: AcceptedLaunch = {
    launchId,
    reference: randomBytes(5).toString('hex'),
    connectionId,
    deploymentId: visit.deploymentId,
    subject: String(claims.sub),
    snapshot: takeSnapshot(claims, tenant, 'https://tool.example/'),
    lmsContextId: String(record(claims[claim.context]).id),
    lmsResourceLinkId: String(record(claims[claim.resourceLink]).id),
    messageType: 'LtiResourceLinkRequest',
    toolId: enabled.tool.toolId,
    toolVersion: enabled.tool.version,
    enablementVersion: enabled.enablement.version,
    policyVersion: enabled.enablement.policyVersion,
    binding: 'cookie',
    presentation: 'redirect',
    trace: { facts: { family: registration.family }, warnings: [] },
    newIds: { person: newId(now), context: newId(now), resourceLink: newId(now), lineItem: newId(now) },
    hint,
    now: new Date(now),
  };
  const tx = database.tenant(tenantId, { deferred: true });
  if (!(await acceptLaunch(tx, proof, accepted))) throw new Error('The launch was not accepted');

  const opened = await openLaunch(database.tenant(tenantId), {
    launchId,
    hintHash: hint.hash,
    loginHintHash: hint.loginHintHash,
    browserHash: hint.browserHash,
    clientId: enabled.tool.clientId,
    redirectUri: enabled.tool.redirectUris[0]!,
    newSub: newPseudonym(),
    now: new Date(now),
  });
  if (opened?.sub === undefined) throw new Error('The launch did not open');
  sign('RSA-SHA256', Buffer.from(JSON.stringify({ ...claims, sub: opened.sub })), privateKey);
}

answerParent({ open, run, close: async () => limit?.database.close() });
