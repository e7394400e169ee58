import { createRouter } from '@tanstack/react-router';
import { routeTree } from './routes.tsx';

/** All addresses of the console below /console. Its query is plain text, as every other program reads it. */
export function createConsoleRouter() {
  return createRouter({
    routeTree,
    basepath: '/console',
    parseSearch: (query) => Object.fromEntries(new URLSearchParams(query)),
    stringifySearch: (values) => {
      const query = new URLSearchParams(values as Record<string, string>).toString();
      return query === '' ? '' : `?${query}`;
    },
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
