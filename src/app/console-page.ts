import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Response, Router } from 'express';
import { html } from '../platform/html.ts';
import { endpoint } from '../platform/http/endpoint.ts';

/** Where `npm run build` puts the console. */
export const builtConsole = fileURLToPath(new URL('../../dist/console', import.meta.url));

/** Stands in the built page wherever the nonce of each answer goes. */
const nonceMark = '{{nonce}}';
const base = '/console';

/**
 * Serves the operators' console below /console: one page for all its addresses, and its assets.
 *
 * @param folder what scripts/build-console.ts has built
 */
export function createConsoleRouter(folder: string): Router {
  const router = Router({ caseSensitive: true });
  router.use(base, (_request, response, next) => {
    response.set(isolation);
    next();
  });
  const files = {
    index: false,
    redirect: false,
    fallthrough: true,
    etag: false,
    lastModified: false,
  } as const;
  router.use(
    `${base}/assets`,
    // Their names change with what is in them (RFC 8246 §2).
    express.static(path.join(folder, 'assets'), { ...files, immutable: true, maxAge: '1y' }),
  );
  // A page that was built anew has other assets: an old name is not found, and gets no page in its place.
  router.use(`${base}/assets`, (_request, _response, next) => next('router'));
  const page = async (_request: unknown, response: Response) => sendPage(folder, response);
  endpoint(router, base, { get: page });
  endpoint(router, `${base}/*address`, { get: page });
  return router;
}

/** Nothing of another site frames, opens or embeds the console. */
const isolation = {
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

async function sendPage(folder: string, response: Response): Promise<void> {
  const nonce = randomBytes(16).toString('base64');
  const built = await readFile(path.join(folder, 'index.html'), 'utf8').catch(missingFile);
  response.set({
    'Content-Type': 'text/html; charset=utf-8',
    // The nonce is good for this answer alone, and the next build has other assets.
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policyWith(nonce),
  });
  if (built === undefined) response.status(503).send(notBuilt.text);
  else response.send(built.replaceAll(nonceMark, nonce));
}

/** CSP level 3: everything from this origin; styles that the page makes need the nonce, scripts cannot be made at all. */
function policyWith(nonce: string): string {
  return [
    `default-src 'none'`,
    `base-uri 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `connect-src 'self'`,
    `img-src 'self'`,
    `font-src 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

function missingFile(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const notBuilt = html`<!doctype html>
<html lang="en"><title>The console is not built</title>
<h1>The console is not built</h1>
<p>The hub itself runs. Whoever runs it builds the console with <code>npm run build</code>, which needs the packages of
development (<code>npm ci</code>), or copies the folder <code>dist/console</code> from where it was built.</p></html>`;
