import type { Request, Response } from 'express';
import type { LtiProvider } from 'ltijs';
import type { ContentChoice, MembersCall } from './messages.ts';

/** Where the tool's own page asks for the class list, with the session of the launch. */
export const membersPath = '/members';
/** Where it hands over what was chosen, with the session of the request for content. */
export const choicePath = '/choice';

/** Lets ltijs read class lists and answer requests for content by its own services. */
export function serveAdvantageCalls(tool: LtiProvider): void {
  tool.onDeepLinking((_token, _request, response) =>
    response.send('<!doctype html><html lang="en"><title>ltijs</title><h1>Choose in ltijs</h1></html>'),
  );
  tool.app.post(membersPath, async (request: Request, response: Response) => {
    const { options } = read<MembersCall>(request);
    try {
      response.json(await tool.NamesAndRoles.getMembers(response.locals.token, options));
    } catch (error) {
      const { response: refusal } = error as { response?: { statusCode: number } };
      response.json({ refused: refusal?.statusCode ?? String(error) });
    }
  });
  tool.app.post(choicePath, async (request: Request, response: Response) => {
    const { items, options } = read<ContentChoice>(request);
    response.send(await tool.DeepLinking.createDeepLinkingForm(response.locals.token, items, options));
  });
}

function read<T>(request: Request): T {
  return JSON.parse((request.body as { call: string }).call) as T;
}
