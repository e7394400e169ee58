import type { ServiceRegistration } from '../../connections/service-registrations.ts';
import { type CallSubject, connectionUnusable } from './call-failure.ts';
import type { LmsConnections } from './connections.ts';
import type { LmsCourse } from './gradebook.ts';

/** The registration behind a course, where it and the deployment are in use. @throws DomainError `lms_misconfigured` */
export async function openRegistration(
  connections: LmsConnections,
  course: LmsCourse,
  subject: CallSubject,
): Promise<ServiceRegistration> {
  const registration = await connections.find(course.tenantId, course.connectionId);
  const isActive =
    registration?.status === 'active' && registration.deployments.get(course.deploymentId) === 'active';
  if (!isActive) throw connectionUnusable('connection_disabled', subject);
  return registration;
}
