import type { Clock } from '../../platform/clock.ts';
import type { DirectoryClient } from './client.ts';
import { DirectoryError, readResultCode } from './failure.ts';
import type { LdapReason } from './reasons.ts';
import type { DirectorySettings, Server } from './settings.ts';

/** Binds connections as the service account of one directory. */
export interface ServiceAccount {
  /** @throws DirectoryError service_refused, also for a while after a refusal without asking again */
  bind(client: DirectoryClient, server: Server): Promise<void>;
}

/** How long an account that was refused is not tried again: directories lock accounts that keep trying. */
const refusedForMs = 60_000;

/** Remembers whether the directory took the password. */
export function createServiceAccount(settings: DirectorySettings, clock: Clock): ServiceAccount {
  let refused: { until: number; error: DirectoryError } | undefined;
  let isProven = false;
  const proofs = new Map<Server, Promise<void>>();

  async function show(client: DirectoryClient, server: Server): Promise<void> {
    if (refused !== undefined && refused.until > clock.now()) throw refused.error;
    try {
      await client.bind(settings.serviceAccount, settings.servicePassword);
      isProven = true;
      refused = undefined;
    } catch (error) {
      const failure = toServiceFailure(error, server);
      if (failure.reason === 'service_refused') {
        isProven = false;
        refused = { until: clock.now() + refusedForMs, error: failure };
      }
      throw failure;
    }
  }

  return {
    bind: async (client, server) => {
      if (isProven) return show(client, server);
      // Until the password has once been taken, one connection shows it and the others wait: many would lock the account.
      const running = proofs.get(server);
      if (running !== undefined) {
        await running;
        return show(client, server);
      }
      const proof = show(client, server).finally(() => proofs.delete(server));
      proofs.set(server, proof);
      return proof;
    },
  };
}

/** Results of a bind that say nothing about the account (RFC 4511 §4.1.9). */
const otherReasons: Readonly<Record<number, LdapReason>> = {
  8: 'security_required',
  10: 'referral_refused',
  13: 'security_required',
  51: 'directory_unavailable',
  52: 'directory_unavailable',
};

/** Why a service account could not be bound. */
export function toServiceFailure(error: unknown, { host }: Server): DirectoryError {
  if (error instanceof DirectoryError) return error;
  const resultCode = readResultCode(error);
  if (resultCode === undefined) return new DirectoryError('answer_invalid', { host, cause: error });
  const isServersFault = resultCode === 51 || resultCode === 52;
  const reason = otherReasons[resultCode] ?? 'service_refused';
  return new DirectoryError(reason, { host, resultCode, isServersFault });
}
