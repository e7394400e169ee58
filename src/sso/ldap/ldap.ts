import type { DomainError } from '../../platform/errors.ts';
import type { Check, SignInResult } from '../sign-in.ts';
import { countAttempt } from './attempts.ts';
import { readAccountStates, type SubjectState } from './check-account.ts';
import type { DirectoryConnection, DirectoryServices } from './connection.ts';
import { decideTyped, type Outcome, type Progress, proveSomebody } from './directory.ts';
import { DirectoryError } from './failure.ts';
import { createGate, type Gate } from './gate.ts';
import { type DirectoryGroup, listGroups, listMembers } from './groups.ts';
import { attemptKeys } from './limits.ts';
import { createRefusalPace, type RefusalPace } from './pace.ts';
import { type LdapReason, ldapReason } from './reasons.ts';
import { createSessions } from './sessions.ts';
import { type ServerTest, testServers } from './test-connection.ts';

export interface TypedSignIn {
  username: string;
  password: string;
  /** Of the browser. */
  address: string;
}

/** Signing in against directories, and what sessions and admins ask of them. */
export interface Directories {
  /** Never throws for what a directory or a person does wrong. */
  signIn(connection: DirectoryConnection, typed: TypedSignIn): Promise<SignInResult<LdapReason>>;
  /** What an admin's check shows. */
  test(connection: DirectoryConnection): Promise<ServerTest[]>;
  /** The accounts behind sessions, by subject. @throws DomainError upstream, its code a LdapReason: nothing is known then */
  accountStates(
    connection: DirectoryConnection,
    subjects: readonly string[],
  ): Promise<ReadonlyMap<string, SubjectState>>;
  /** The groups that rules may name; none unless the settings search for groups. @throws DomainError upstream */
  groups(connection: DirectoryConnection): Promise<readonly DirectoryGroup[]>;
  /** What a group's member attribute holds. @throws DomainError upstream */
  groupMembers(connection: DirectoryConnection, groupDn: string): Promise<readonly string[]>;
  /** Closes the connections of a directory that is paused, removed or changed. */
  forget(connectionId: string): Promise<void>;
  /** Lets sign-ins under way end, then closes everything. */
  close(): Promise<void>;
}

const defaultLeastRefusalMs = 800;
/** A class that shares one account signs in one after the other, so that right passwords never count as several. */
const waitingForOneName = 64;

/** Opens nothing yet; connections are opened as they are needed. */
export function createDirectories(services: DirectoryServices): Directories {
  const { clock, leastRefusalMs = defaultLeastRefusalMs } = services;
  const sessions = createSessions(services);
  const names = new Map<string, Gate>();
  const paces = new Map<string, RefusalPace>();

  async function oneAtATime<T>(connection: DirectoryConnection, typed: TypedSignIn, work: () => Promise<T>) {
    const { name } = attemptKeys(connection.connectionId, typed.username, typed.address);
    const { waitMs } = connection.settings.timeouts;
    const gate = names.get(name) ?? createGate({ atOnce: 1, waiting: waitingForOneName, waitMs });
    names.set(name, gate);
    try {
      return await gate.run(work);
    } finally {
      if (gate.isIdle) names.delete(name);
    }
  }

  function paceOf({ connectionId }: DirectoryConnection): RefusalPace {
    const pace = paces.get(connectionId) ?? createRefusalPace(clock, leastRefusalMs);
    paces.set(connectionId, pace);
    return pace;
  }

  /** A refusal that the directory had a part in takes its time while the name is held: those behind it tell nothing either. */
  async function inPace(connection: DirectoryConnection, progress: Progress, work: () => Promise<Outcome>) {
    const begun = performance.now();
    const outcome = await work();
    if (outcome.accepted || ldapReason(outcome.reason).texts !== 'credentials') return outcome;
    const pace = paceOf(connection);
    if (progress.stage === 'proving') pace.note(performance.now() - begun);
    await waitUntil(begun + pace.least());
    return outcome;
  }

  async function attempt(
    connection: DirectoryConnection,
    typed: TypedSignIn,
    progress: Progress,
  ): Promise<Outcome> {
    const { settings } = connection;
    const session = sessions.of(connection);
    const counted = countAttempt(services, connection, typed);
    let outcome: Outcome | undefined;
    try {
      const forbidden = await counted.begin();
      outcome =
        forbidden === undefined
          ? await session.takeTurn(() =>
              proveSomebody(session, settings, typed, {
                permit: counted.permit,
                progress,
                now: () => clock.now(),
              }),
            )
          : { accepted: false, reason: forbidden };
      return outcome;
    } finally {
      await counted.settle({ stage: progress.stage, outcome });
    }
  }

  async function ask(
    connection: DirectoryConnection,
    typed: TypedSignIn,
    progress: Progress,
  ): Promise<Outcome> {
    const reason = decideTyped(typed.username, typed.password);
    if (reason !== undefined) return { accepted: false, reason };
    try {
      return await oneAtATime(connection, typed, () =>
        inPace(connection, progress, () => attempt(connection, typed, progress)),
      );
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      logFailure(services, connection, error);
      return { accepted: false, reason: error.reason };
    }
  }

  return {
    signIn: async (connection, typed) => {
      const begun = performance.now();
      const checks: Check[] = [];
      const outcome = await ask(connection, typed, { stage: 'searching', checks });
      if (outcome.accepted) return { accepted: true, signedIn: outcome.signedIn, checks };
      const { reason } = outcome;
      if (checks.at(-1)?.rule !== reason) checks.push({ rule: reason, passed: false });
      // Whoever is refused without the directory learns nothing by being told sooner.
      if (['credentials', 'wait'].includes(ldapReason(reason).texts)) {
        await waitUntil(begun + paceOf(connection).least());
      }
      return { accepted: false, reason, checks };
    },
    test: (connection) => testServers(services, connection),
    accountStates: (connection, subjects) =>
      sessions.use(connection, (client) =>
        readAccountStates(client, connection.settings, subjects, clock.now()),
      ),
    groups: (connection) => sessions.use(connection, (client) => listGroups(client, connection.settings)),
    groupMembers: (connection, groupDn) =>
      sessions.use(connection, (client) => listMembers(client, connection.settings, groupDn)),
    forget: (connectionId) => {
      paces.delete(connectionId);
      return sessions.forget(connectionId);
    },
    close: () => sessions.close(),
  };
}

function logFailure({ log }: DirectoryServices, connection: DirectoryConnection, error: DomainError): void {
  const { tenantId, connectionId } = connection;
  const { host, resultCode } = error.details ?? {};
  log.warn('directory_failed', {
    tenantId,
    connectionId,
    reason: error.code,
    ...(typeof host === 'string' && { host }),
    ...(typeof resultCode === 'number' && { status: resultCode }),
  });
}

function waitUntil(time: number): Promise<void> {
  const rest = time - performance.now();
  return rest <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, rest));
}
