import { randomBytes } from 'node:crypto';
import type { School, ToolItem } from '../../world.ts';
import type { ToolDeployment, ToolRegistration } from '../registration.ts';

/** A tool that was asked for content. */
export interface ContentRequest {
  school: School;
  registration: ToolRegistration;
  deployment: ToolDeployment;
  /** The browser session that asked; undefined for one started by a program. */
  sessionId: string | undefined;
  /** Unix milliseconds. */
  expiresAt: number;
}

/** Open requests by the `data` that goes along, in memory. Each is good for one answer. */
export interface ContentRequests {
  open(request: Omit<ContentRequest, 'expiresAt'>, now: number): string;
  take(data: string, now: number): ContentRequest | undefined;
}

const lifetime = 60 * 60 * 1000;

export function createContentRequests(): ContentRequests {
  const open = new Map<string, ContentRequest>();
  return {
    open(request, now) {
      for (const [data, { expiresAt }] of open) if (expiresAt <= now) open.delete(data);
      const data = randomBytes(18).toString('base64url');
      open.set(data, { ...request, expiresAt: now + lifetime });
      return data;
    },
    take(data, now) {
      const found = open.get(data);
      open.delete(data);
      return found && found.expiresAt > now ? found : undefined;
    },
  };
}

/** What stands for the link where none is opened. */
export const contentItem: ToolItem = {
  kind: 'tool',
  id: 'content',
  title: '',
  description: '',
  tool: '',
  opensIn: 'frame',
};

/** The registration and deployment that offers content to a school, or undefined. */
export function findContentPlacement(
  registrations: readonly ToolRegistration[],
  school: string,
): { registration: ToolRegistration; deployment: ToolDeployment; contentUrl: string } | undefined {
  for (const registration of registrations) {
    for (const deployment of registration.deployments) {
      const { contentUrl } = deployment;
      if (deployment.school === school && contentUrl !== undefined) {
        return { registration, deployment, contentUrl };
      }
    }
  }
  return undefined;
}
