import type { Payload } from '../claims.ts';
import { answerPage } from '../pages/answer-page.ts';
import type { CookieChange, Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import type { Asked } from './asked.ts';
import type { AnswerMessages } from './check-answer.ts';
import { lmsAnswer } from './lms-answer.ts';
import type { ItemPlan } from './plan-items.ts';

/** Where a choice goes: the LMS, the deployment there, and what it has asked for. */
export type LmsPlace = Pick<Asked, 'registration' | 'tenant'> & {
  request: Pick<Asked['request'], 'deploymentId' | 'settings'>;
  enabled?: Asked['enabled'];
};

/**
 * Takes a choice to the LMS, signed now. Where something went wrong the teacher reads of it first, since not every LMS shows
 * what it is told (Deep Linking 2.0 §4.5.8).
 */
export async function sendToLms(
  { signer, clock, frameAncestors }: LtiServices,
  { registration, tenant, request, enabled }: LmsPlace,
  choice: {
    items: readonly Payload[];
    messages?: AnswerMessages;
    plan?: Pick<ItemPlan, 'left' | 'cut'>;
    cookies: CookieChange[];
  },
): Promise<Reply> {
  const { items, messages, plan = { left: 0, cut: false }, cookies } = choice;
  const { settings, deploymentId } = request;
  const to = { registration, deploymentId, settings };
  const claims = lmsAnswer(to, { items, ...(messages && { messages }) }, clock.now());
  const JWT = await signer.sign(claims);
  return {
    kind: 'page',
    // Not the registration's list: the page may stand in a frame of the tool's, and that in one of the hub's.
    frameAncestors,
    cookies,
    tenantLocale: tenant.locale,
    render: (page) =>
      answerPage(page, {
        send: { action: settings.returnUrl, fields: { JWT } },
        ...(messages?.error !== undefined && {
          error: { tool: enabled?.tool.name ?? '', message: messages.error },
        }),
        ...plan,
      }),
  };
}
