import { ltiClaim } from '../../src/demo/lms/claims.ts';
import { type Answer, send } from '../demo/support/user-agent.ts';
import type { HubCopy, HubWorld } from './hub.ts';
import { type AnsweredLogin, answerLogin, postLaunch, toCopy } from './launch.ts';
import { readForms, readSettings } from './pages.ts';

/** The page of a launch that waits for its deployment. */
export interface WaitingPage {
  /** Asks whether somebody has claimed the deployment. */
  isClaimed(): Promise<boolean>;
  /** Goes on as the page does: from the hub's own origin, in a browser whose ordinary cookies work. */
  resume(options?: { copy?: HubCopy; handle?: string; headers?: Record<string, string> }): Promise<Answer>;
  handle: string;
}

/** Reads the waiting page of a launch. */
export function readWaitingPage(world: HubWorld, page: Answer): WaitingPage {
  const { statusUrl } = readSettings(page.body);
  const [form] = readForms(page.body);
  const handle = String(form!.fields.handle);
  return {
    handle,
    isClaimed: async () => {
      const status = JSON.parse((await send(`${world.hubUrl}${statusUrl}`)).body) as { claimed: boolean };
      return status.claimed;
    },
    resume: ({ copy, headers = { origin: world.hubUrl }, ...changed } = {}) =>
      send(toCopy(world, form!.action, copy), {
        form: { handle, ...changed },
        headers,
        cookies: ['__Host-ghp=1'],
      }),
  };
}

/** A launch of Amara Nwosu at Northside that waits, from a deployment nobody has claimed unless one is given. */
export async function launchFromElsewhere(
  world: HubWorld,
  deploymentId = `elsewhere-${crypto.randomUUID()}`,
): Promise<{ deploymentId: string; answered: AnsweredLogin; page: Answer; waiting: WaitingPage }> {
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, [ltiClaim('deployment_id')]: deploymentId }),
  };
  const answered = await answerLogin(world, { tampering });
  const page = await postLaunch(world, answered);
  return { deploymentId, answered, page, waiting: readWaitingPage(world, page) };
}
