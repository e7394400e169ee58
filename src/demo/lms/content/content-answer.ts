import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from 'jose';
import { z } from 'zod';
import { ltiClaim } from '../claims.ts';
import { contentClaim } from './content-claims.ts';
import type { ContentRequest, ContentRequests } from './requests.ts';

const item = z.looseObject({
  type: z.string(),
  title: z.string().optional(),
  text: z.string().optional(),
  url: z.string().optional(),
  custom: z.record(z.string(), z.string()).optional(),
  lineItem: z
    .object({
      label: z.string().optional(),
      scoreMaximum: z.number().positive(),
      resourceId: z.string().optional(),
      tag: z.string().optional(),
    })
    .optional(),
});

export type ContentItem = z.output<typeof item>;

const answer = z.looseObject({
  [ltiClaim('message_type')]: z.literal('LtiDeepLinkingResponse'),
  [ltiClaim('version')]: z.literal('1.3.0'),
  [ltiClaim('deployment_id')]: z.string(),
  [contentClaim('content_items')]: z.array(item).default([]),
  [contentClaim('msg')]: z.string().optional(),
  [contentClaim('errormsg')]: z.string().optional(),
  nonce: z.string(),
});

/** What a tool has answered, or why that is not believed. */
export type ContentAnswer =
  | {
      ok: true;
      request: ContentRequest;
      items: ContentItem[];
      message: string | undefined;
      error: string | undefined;
    }
  | { ok: false; problem: string };

/** Verifies a tool's answer. Deep Linking 2.0 §4.5, Security Framework 1.0 §5.2.2. */
export async function readContentAnswer(
  token: string,
  lms: { issuer: string; requests: ContentRequests; fetch: typeof fetch; now: number },
): Promise<ContentAnswer> {
  const data = peekData(token);
  const request = data === undefined ? undefined : lms.requests.take(data, lms.now);
  if (!request)
    return { ok: false, problem: 'Nothing was asked that this would answer, or it was answered.' };
  const { registration, deployment } = request;
  if (registration.jwksUrl === undefined) return { ok: false, problem: 'The tool has no keys here.' };
  try {
    const keys = createRemoteJWKSet(new URL(registration.jwksUrl), { [customFetch]: lms.fetch });
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: registration.clientId,
      audience: lms.issuer,
      requiredClaims: ['exp', 'iat'],
      clockTolerance: 30,
      currentDate: new Date(lms.now),
    });
    const claims = answer.parse(payload);
    if (claims[ltiClaim('deployment_id')] !== deployment.deploymentId) {
      return { ok: false, problem: 'The deployment_id is another.' };
    }
    return {
      ok: true,
      request,
      items: claims[contentClaim('content_items')] as ContentItem[],
      message: claims[contentClaim('msg')] as string | undefined,
      error: claims[contentClaim('errormsg')] as string | undefined,
    };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'It cannot be read.' };
  }
}

function peekData(token: string): string | undefined {
  try {
    const data = decodeJwt(token)[contentClaim('data')];
    return typeof data === 'string' ? data : undefined;
  } catch {
    return undefined;
  }
}
