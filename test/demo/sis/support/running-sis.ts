import type { Express } from 'express';
import {
  createOneRosterServer,
  type OneRosterServer,
  type OneRosterServerOptions,
} from '../../../../src/demo/sis/oneroster-server.ts';
import { serve } from '../../../platform/outbound/loopback-server.ts';

export const consumer = { clientId: 'hub key', clientSecret: 'zyx:secret&of the hub' };

/** The simulated SIS on a port of this machine, for one test. */
export async function startSis(
  options: Omit<OneRosterServerOptions, 'baseUrl' | 'consumer'>,
): Promise<OneRosterServer & { baseUrl: string }> {
  let app: Express | undefined;
  const { port } = await serve((request, response) => app?.(request, response));
  const baseUrl = `http://127.0.0.1:${port}`;
  const sis = createOneRosterServer({ ...options, baseUrl, consumer });
  app = sis.app;
  return { ...sis, baseUrl };
}
