import { z } from 'zod';
import { openKeptFile } from '../kept-file.ts';
import type { ToolRegistration } from '../registration.ts';

/** The tools that have registered themselves. */
export interface KeptTools {
  /** Those of earlier runs. */
  known: readonly ToolRegistration[];
  /** Resolves when the tool is kept. */
  add(registration: ToolRegistration): Promise<void>;
}

const fileForm = z.array(
  z.object({
    clientId: z.string(),
    name: z.string(),
    redirectUris: z.array(z.string()),
    jwksUrl: z.string(),
    scopes: z.array(z.string()),
    deployments: z.array(
      z.object({
        school: z.string(),
        deploymentId: z.string(),
        loginUrl: z.string(),
        targets: z.record(z.string(), z.string()),
        contentUrl: z.string().exactOptional(),
      }),
    ),
  }),
);

/** Tools that end with the process. */
export const noKeptTools: KeptTools = { known: [], add: async () => undefined };

/** Tools kept in a file, so that what a school has connected stays connected when the demo starts again. */
export async function openKeptTools(file: string): Promise<KeptTools> {
  const what = { name: 'list of tools', code: 'tools_unreadable' };
  const { recorded = [], write } = await openKeptFile(file, fileForm, what);
  const kept: ToolRegistration[] = [...recorded];
  return {
    known: recorded,
    add(registration) {
      kept.push(registration);
      return write(() => kept);
    },
  };
}
