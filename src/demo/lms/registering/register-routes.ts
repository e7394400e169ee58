import { randomBytes } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import express from 'express';
import type { School } from '../../world.ts';
import type { LmsInside } from '../app.ts';
import { findPlacement } from '../registration.ts';
import { platformConfiguration } from './platform-configuration.ts';
import { answerFor, readToolConfiguration, registrationFor } from './tool-configuration.ts';

/** Path of the OpenID configuration, which is where the issuer's has to be (OpenID Connect Discovery 1.0 §4). */
export const configurationPath = '/.well-known/openid-configuration';

/** What a tool's server calls to register itself. LTI Dynamic Registration 1.0. */
export function registerRoutes(lms: LmsInside): Router {
  const router = express.Router();

  router.get(configurationPath, (_request, response) => response.json(platformConfiguration(lms)));

  router.post('/register', express.json({ limit: '100kb' }), async (request, response) => {
    response.set('Cache-Control', 'no-store');
    const token = bearerOf(request);
    const school = token === undefined ? undefined : lms.registrationTokens.find(token, lms.clock.now());
    if (token === undefined || school === undefined) return refuseToken(response);
    const reading = readToolConfiguration(request.body);
    // The token is still good: the tool may mend what it hands in.
    if (!reading.ok) {
      return response.status(400).json({ error: reading.error, error_description: reading.description });
    }
    lms.registrationTokens.use(token);
    const clientId = `maple-${randomBytes(8).toString('hex')}`;
    const registration = registrationFor(reading.asked, { school, clientId, links: linksOfNobody(school) });
    await lms.keepTool(registration);
    return response.status(201).json(answerFor(reading.asked, registration));
  });

  function linksOfNobody(school: School): string[] {
    const items = school.course.modules.flatMap((module) => module.items);
    const names = items.flatMap((item) => (item.kind === 'tool' ? [item.tool] : []));
    return [...new Set(names)].filter((name) => !findPlacement(lms.registrations, school.slug, name));
  }

  return router;
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer ([\w.~+/=-]+)$/i.exec(request.get('authorization') ?? '')?.[1];
}

/** RFC 6750 §3.1. */
function refuseToken(response: Response): Response {
  const error = 'invalid_token';
  response.set('WWW-Authenticate', `Bearer error="${error}"`);
  const description = 'The registration token is unknown, used or expired. Add the tool again.';
  return response.status(401).json({ error, error_description: description });
}
