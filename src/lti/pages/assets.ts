import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Router } from 'express';

/** The static files of the launch pages, all in src/lti/browser. */
export const assetNames = [
  'pages.css',
  'page.js',
  'submit.js',
  'storage.js',
  'frame.js',
  'tool-storage.js',
  'proof.js',
  'waiting.js',
  'answer.js',
  'registered.js',
] as const;
export type AssetName = (typeof assetNames)[number];

export interface Assets {
  /** The address of a file on this origin; it changes with the content. */
  url(name: AssetName): string;
  readonly files: ReadonlyMap<AssetName, Asset>;
}

interface Asset {
  readonly body: Buffer;
  readonly version: string;
  readonly contentType: string;
}

/** Reads the files once, from `directory`. Throws when one is missing, so that a start fails early. */
export function loadAssets(directory: URL = new URL('../browser/', import.meta.url)): Assets {
  const files = new Map(assetNames.map((name) => [name, readAsset(new URL(name, directory))]));
  return { files, url: (name) => `/assets/${name}?v=${files.get(name)?.version}` };
}

function readAsset(file: URL): Asset {
  const body = readFileSync(file);
  return {
    body,
    version: createHash('sha256').update(body).digest('base64url').slice(0, 12),
    contentType: file.pathname.endsWith('.css')
      ? 'text/css; charset=utf-8'
      : 'text/javascript; charset=utf-8',
  };
}

/**
 * Serves `GET /assets/{name}`. A request for the version at hand may be kept for a year; any other gets
 * the same content to be revalidated, so that a page rendered by the release before or after still works
 * while two releases run side by side.
 */
export function createAssetsRouter(assets: Assets): Router {
  const router = Router();
  for (const [name, asset] of assets.files) {
    router.get(`/assets/${name}`, (request, response) => {
      const current = request.query.v === asset.version;
      response.set({
        'Content-Type': asset.contentType,
        'Cache-Control': current ? 'public, max-age=31536000, immutable' : 'no-cache',
        'X-Content-Type-Options': 'nosniff',
        // An LMS may sandbox its frames into an opaque origin; module scripts then load by CORS.
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      });
      // Express answers If-None-Match itself from the ETag that send() makes.
      response.send(asset.body);
    });
  }
  return router;
}
