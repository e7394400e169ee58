import { createRouter } from '@tanstack/react-router';
import { readQuery, writeQuery } from '../parts/url-values.ts';
import { routeTree } from './routes.tsx';

/** All addresses of the console below /console. Its query is plain text, as every other program reads it. */
export function createConsoleRouter() {
  return createRouter({
    routeTree,
    basepath: '/console',
    parseSearch: readQuery,
    stringifySearch: writeQuery,
    defaultPreload: 'intent',
    scrollRestoration: false,
  });
}

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: ConsoleRouter;
  }
}
