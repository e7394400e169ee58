import { noticeScope } from '../../../contracts/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import { toServiceError } from './call-failure.ts';
import type { LmsConnections } from './connections.ts';
import type { LmsCourse } from './gradebook.ts';
import { openRegistration } from './open-registration.ts';
import type { CallService } from './service-calls.ts';

/** The hub as a tool at an LMS's notification service (LTI Platform Notification Service 1.0). */
export interface LmsNotices {
  /**
   * Says where the hub wants the notices of one type; saying so again changes nothing.
   *
   * @throws DomainError as `LmsMemberships`
   */
  putHandler(place: LmsCourse, serviceUrl: string, handler: { type: string; url: string }): Promise<void>;
}

const deadlineMs = 30_000;

export function createLmsNotices(services: {
  connections: LmsConnections;
  call: CallService;
  clock: Clock;
}): LmsNotices {
  const { connections, call, clock } = services;
  return {
    putHandler: async (place, serviceUrl, { type, url }) => {
      const registration = await openRegistration(connections, place, 'notices');
      const outcome = await call(place, registration, {
        ...{ url: serviceUrl, method: 'PUT', scope: noticeScope, accept: 'application/json' },
        contentType: 'application/json',
        body: JSON.stringify({ notice_type: type, handler: url }),
        signal: AbortSignal.timeout(deadlineMs),
      });
      if (outcome.kind !== 'answered' || outcome.response.status >= 300)
        throw toServiceError(outcome, 'notices', clock.now());
    },
  };
}
