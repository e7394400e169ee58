import type { Request, Response } from 'express';
import { formPostPage } from '../../lti/pages/form-post-page.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { goTo, type SsoHttp, sendPage } from '../http.ts';
import type { Outgoing } from '../saml/message.ts';

/** Sends the browser to the other side with a message: by a redirect, or by a form that posts itself. */
export function sendOutgoing(
  http: SsoHttp,
  request: Request,
  response: Response,
  tenant: Tenant,
  outgoing: Outgoing,
): void {
  if (outgoing.binding === 'redirect') {
    goTo(response, outgoing.url);
    return;
  }
  const { url: action, fields } = outgoing;
  sendPage(http, request, response, tenant, (page) => formPostPage(page, { action, fields }), 'partner');
}
