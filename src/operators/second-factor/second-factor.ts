import type { OperatorId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { inScope } from '../../health/notifications/targets.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { type Operator, subjectOf } from '../operator.ts';
import type { OperatorServices, OwnerTx } from '../services.ts';
import { codeKey, countTries } from '../sessions/attempts.ts';
import { endSessions } from '../sessions/operator-session-store.ts';
import { rotateSession, type SignedInOperator, type StartedSession } from '../sessions/operator-sessions.ts';
import {
  confirmFactor,
  deleteFactor,
  findFactor,
  putFactor,
  setRecoveryHashes,
  takeRecoveryCode,
  takeStep,
} from './second-factor-store.ts';
import { describeSecret, hashRecoveryCode, makeRecoveryCodes, makeSecret, stepOfCode } from './totp.ts';

function placeOf(operatorId: OperatorId) {
  return { table: 'operator_second_factor', column: 'sealed_secret', row: operatorId };
}

/**
 * Begins with an authenticator. It is shown this once.
 *
 * @throws DomainError conflict `second_factor_present`
 */
export async function enrolFactor(
  { db, secrets }: OperatorServices,
  { tenantId, operatorId, email }: Operator,
  by: ChangeBy,
): Promise<{ secret: string; uri: string }> {
  const secret = makeSecret();
  const begun = await inScope(db, tenantId, async (tx) =>
    putFactor(tx, operatorId, await secrets.seal(tx, placeOf(operatorId), secret), new Date(by.now)),
  );
  if (begun) return describeSecret(secret, email);
  const message = 'You have an authenticator already. Take it off first.';
  throw new DomainError('conflict', 'second_factor_present', message);
}

/**
 * Takes a code of the authenticator or a recovery code, once each.
 *
 * @returns whether it was good
 * @throws DomainError rate_limited `sign_in_paused`
 */
export async function takeCode(
  services: Pick<OperatorServices, 'db' | 'clock' | 'secrets'>,
  { tenantId, operatorId }: Operator,
  code: string,
): Promise<boolean> {
  const taken = await countTries(services, [codeKey(operatorId)], () =>
    inScope(services.db, tenantId, async (tx) => {
      const recovery = hashRecoveryCode(code);
      if (recovery !== undefined) return (await takeRecoveryCode(tx, operatorId, recovery)) || undefined;
      return (await takeTimedCode(services, tx, operatorId, code)) || undefined;
    }),
  );
  return taken === true;
}

async function takeTimedCode(
  { secrets, clock }: Pick<OperatorServices, 'clock' | 'secrets'>,
  tx: OwnerTx,
  operatorId: OperatorId,
  code: string,
): Promise<boolean> {
  const factor = await findFactor(tx, operatorId);
  if (factor === undefined) return false;
  const secret = await secrets.open(tx, placeOf(operatorId), factor.sealedSecret);
  const step = stepOfCode(secret, code, clock.now());
  return step !== undefined && takeStep(tx, operatorId, step);
}

/**
 * The authenticator counts from now on; every other session of the operator ends.
 *
 * @throws DomainError forbidden `code_wrong`, conflict `second_factor_not_begun`, rate_limited `sign_in_paused`
 */
export async function confirmOwnFactor(
  services: OperatorServices,
  signedIn: SignedInOperator,
  code: string,
  by: ChangeBy,
): Promise<{ session: StartedSession; recoveryCodes: string[] }> {
  const { operator } = signedIn;
  const { tenantId, operatorId } = operator;
  const factor = await inScope(services.db, tenantId, (tx) => findFactor(tx, operatorId));
  if (factor === undefined || factor.isConfirmed) throw notBegun();
  await requireCode(services, operator, code);
  const { codes, hashes } = makeRecoveryCodes();
  const session = await inScope(services.db, tenantId, async (tx) => {
    if (!(await confirmFactor(tx, operatorId, new Date(by.now)))) throw notBegun();
    await setRecoveryHashes(tx, operatorId, hashes);
    await endSessions(tx, { operatorId, except: signedIn.session.sessionId }, 'change', new Date(by.now));
    const rotated = await rotateSession(tx, signedIn, by.now);
    const subject = subjectOf(operatorId);
    await recordAudit(tx, { ...by, action: 'operator.second_factor_added', subject });
    return rotated;
  });
  return { session, recoveryCodes: codes };
}

function notBegun(): DomainError {
  const message = 'There is no authenticator to confirm. Begin with one first.';
  return new DomainError('conflict', 'second_factor_not_begun', message);
}

/** @throws DomainError forbidden `code_wrong`, rate_limited `sign_in_paused` */
async function requireCode(services: OperatorServices, operator: Operator, code: string): Promise<void> {
  if (await takeCode(services, operator, code)) return;
  const message = 'The code is not right, or was used before. Wait for the next one.';
  throw new DomainError('forbidden', 'code_wrong', message);
}

/** Does without the authenticator. @throws as `requireCode` */
export async function removeOwnFactor(
  services: OperatorServices,
  signedIn: SignedInOperator,
  code: string,
  by: ChangeBy,
): Promise<StartedSession> {
  const { operator } = signedIn;
  await requireCode(services, operator, code);
  return inScope(services.db, operator.tenantId, async (tx) => {
    await deleteFactor(tx, operator.operatorId);
    const rotated = await rotateSession(tx, signedIn, by.now);
    const subject = subjectOf(operator.operatorId);
    await recordAudit(tx, { ...by, action: 'operator.second_factor_removed', subject });
    return rotated;
  });
}

/** New recovery codes in place of the old ones. @throws as `requireCode` */
export async function renewRecoveryCodes(
  services: OperatorServices,
  operator: Operator,
  code: string,
  by: ChangeBy,
): Promise<string[]> {
  await requireCode(services, operator, code);
  const { codes, hashes } = makeRecoveryCodes();
  await inScope(services.db, operator.tenantId, async (tx) => {
    await setRecoveryHashes(tx, operator.operatorId, hashes);
    const subject = subjectOf(operator.operatorId);
    await recordAudit(tx, { ...by, action: 'operator.recovery_codes_made', subject });
  });
  return codes;
}
