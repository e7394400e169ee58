import type { Router } from 'express';
import express from 'express';
import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import { document, messagePage, send } from '../pages.ts';
import type { ToolInside } from '../sample-tool.ts';
import { offers } from './catalogue.ts';
import { answerClaims, type ContentRequest } from './content-request.ts';

/** Where teachers choose, and the answer that goes back. */
export function choiceRoutes(tool: ToolInside): Router {
  const router = express.Router();
  router.post('/choice/:key', express.urlencoded({ extended: false }), async (request, response) => {
    const now = tool.clock.now();
    const open = tool.contentRequests.take(request.params.key, now);
    if (open === undefined) {
      const message = 'Choose content in your course again.';
      return send(response.status(404), messagePage('This choice is over', message));
    }
    const { clientId, issuer } = tool.platform;
    const ids = [(request.body as { offer?: string | string[] }).offer ?? []].flat();
    const chosen = offers.filter(({ id }) => ids.includes(id));
    const claims = answerClaims(open, chosen, { clientId, issuer, baseUrl: tool.baseUrl, now });
    return send(response, answerPage(open.returnUrl, await tool.signer.sign(claims)));
  });
  return router;
}

/** The page on which a teacher chooses. */
export function choicePage(key: string, { acceptMultiple }: Pick<ContentRequest, 'acceptMultiple'>): Html {
  const kind = acceptMultiple ? 'checkbox' : 'radio';
  const choices = offers.map(
    ({
      id,
      title,
      about,
      points,
    }) => html`<li><input type="${kind}" id="${id}" name="offer" value="${id}" aria-describedby="about-${id}">
<label for="${id}">${title}</label> <span class="muted" id="about-${id}">${about}${points !== undefined && html` ${points} points.`}</span></li>\n`,
  );
  return document(
    'Choose content · Sample tool',
    html`<header class="hello">
<p class="product">Sample tool</p>
<h1>What shall be in your course?</h1>
</header>
<form method="post" action="/choice/${key}">
<fieldset class="offers"><legend>Activities</legend><ul>${choices}</ul></fieldset>
<button class="button">Add to the course</button>
</form>`,
    ['resize.js'],
  );
}

/** Posts the answer at once; without scripts its button does. */
function answerPage(returnUrl: string, token: string): Html {
  return document(
    'Going back to the course',
    html`<h1>Going back to the course</h1>
<form id="answer" method="post" action="${returnUrl}">
<input type="hidden" name="JWT" value="${token}">
<button class="button">Continue</button>
</form>`,
    ['send.js'],
  );
}
