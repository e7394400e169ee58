import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { ServiceRegistration } from '../../connections/service-registrations.ts';
import {
  type GradeDestination,
  type GradeWay,
  type OutgoingScore,
  type SendResult,
  sendDeadlineMs,
} from '../../grades/destination.ts';
import type { Clock } from '../../platform/clock.ts';
import { type GradeQuirks, quirksOf } from '../quirks.ts';
import type { LmsConnections } from './connections.ts';
import type { GradebookClient } from './gradebook-client.ts';
import { decideWarning } from './score-warning.ts';
import { createScoreSender } from './send-score.ts';
import type { CallService } from './service-calls.ts';

export interface DestinationServices {
  connections: LmsConnections;
  gradebook: GradebookClient;
  call: CallService;
  clock: Clock;
  /** Is told of faults of the hub's own that a try met. */
  onError(error: unknown): void;
  /** How long a try may wait for the LMS; a second less than a try may take. */
  giveUpAfterMs?: number;
}

const disabledDeploymentWaitMs = 15 * 60_000;

/** The LMS's gradebook as the place where grades go (AGS 2.0). */
export function createGradeDestination(services: DestinationServices): GradeDestination {
  const { connections, gradebook, clock, onError, giveUpAfterMs = sendDeadlineMs - 1_000 } = services;

  function openWay(
    tenantId: TenantId,
    connectionId: ConnectionId,
    registration: ServiceRegistration,
  ): GradeWay {
    const quirks = quirksOf(registration.family).grades;
    const sendScore = createScoreSender(services, registration, quirks);

    async function send(outgoing: OutgoingScore): Promise<SendResult> {
      const { deploymentId } = outgoing;
      // Its scores wait, and hold up no other deployment of the connection.
      if (registration.deployments.get(deploymentId) !== 'active') {
        return { kind: 'wait', until: new Date(clock.now() + disabledDeploymentWaitMs) };
      }
      const signal = AbortSignal.timeout(giveUpAfterMs);
      try {
        const result = await sendScore({ tenantId, connectionId, deploymentId }, outgoing, signal);
        const warning = decideWarning(quirks, outgoing.score);
        return result.kind === 'delivered' && warning !== undefined ? { ...result, warning } : result;
      } catch (error) {
        // The hub's own database or keys: nothing was sent without them.
        onError(error);
        return { kind: 'temporary', reason: 'token_unavailable', maybeSent: false };
      }
    }

    return {
      version: registration.version,
      rate: rateOf(registration, quirks),
      send,
      readResults: ({ lineItemUrl, deploymentId }) =>
        gradebook.readResults({ tenantId, connectionId, deploymentId }, lineItemUrl),
    };
  }

  return {
    open: async (tenantId, connectionId) => {
      const registration = await connections.find(tenantId, connectionId);
      if (registration === undefined) {
        // Launches from the portal are for classes of a roster: nothing takes their scores yet.
        const isRoster = await connections.isRoster(tenantId, connectionId);
        return { fault: isRoster ? 'waiting_for_destination' : 'connection_disabled', version: 0 };
      }
      const { status, tokenUrl, version } = registration;
      if (status !== 'active') return { fault: 'connection_disabled', version };
      if (tokenUrl === null) return { fault: 'token_url_missing', version };
      return openWay(tenantId, connectionId, registration);
    },
  };
}

/** What the registration says, or else what is known of the family. */
function rateOf({ settings }: ServiceRegistration, { rate }: GradeQuirks): GradeQuirks['rate'] {
  const perSecond = settings.gradesPerSecond;
  return perSecond === undefined ? rate : { perSecond, burst: Math.max(1, Math.ceil(perSecond)) };
}
