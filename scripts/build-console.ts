import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import type { EndpointContract } from '../contracts/http/endpoint.ts';
import { endpoints } from '../contracts/http/endpoints.ts';

const source = new URL('../src/console/', import.meta.url);

/**
 * What the console needs of the contracts at run time: method and address of each, and who may call it. Their schemas are
 * for the compiler and the server alone, and would be a third of the first load.
 */
function contractsInBrief(): Plugin {
  const all: [string, EndpointContract][] = Object.entries(endpoints);
  const brief = all.map(([name, { method, path, scope, reach, lends }]) => [
    name,
    { method, path, scope, reach, lends },
  ]);
  return {
    name: 'gatehouse:contracts-in-brief',
    enforce: 'pre',
    load: (id) =>
      id.endsWith('/contracts/http/endpoints.ts')
        ? `export const endpoints = ${JSON.stringify(Object.fromEntries(brief))};`
        : undefined,
  };
}

/**
 * Builds the console: an index.html, and assets whose names change with what is in them.
 *
 * @param outDir absolute path of the folder; what was in it is removed
 */
export async function buildConsole(outDir: string): Promise<void> {
  const given = process.env.NODE_ENV;
  // Vite goes by it, and tests say `test`: React for development is twice as large.
  process.env.NODE_ENV = 'production';
  const built = build({
    root: new URL('.', source).pathname,
    base: '/console/',
    configFile: false,
    logLevel: 'warn',
    mode: 'production',
    plugins: [contractsInBrief(), react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      // Inlined assets would be `data:` addresses, which the page's policy does not allow.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_000,
    },
  });
  await built.finally(() => {
    if (given === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = given;
  });
}
