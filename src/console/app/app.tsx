import { MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { CallFailure, decideRetry } from '../api/failure.ts';
import { LanguageProvider } from '../i18n/language-provider.tsx';
import type { createTextSource } from '../i18n/translate.ts';
import type { ConsoleRouter } from './router.tsx';
import { resolveVariables, theme } from './theme.ts';

/** Everything around the pages: look, language, and what was read from the hub. */
export function App({
  nonce,
  router,
  textsOf,
}: {
  nonce: string;
  router: ConsoleRouter;
  textsOf: ReturnType<typeof createTextSource>;
}) {
  const [queries] = useState(createQueries);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Suspense>
        <LanguageProvider textsOf={textsOf}>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </LanguageProvider>
      </Suspense>
    </MantineProvider>
  );
}

function createQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // A session that ended anywhere shows the sign-in page in place of whatever stood here.
      onError: (error) => {
        const isOver = error instanceof CallFailure && error.status === 401;
        if (isOver) queries.setQueryData(['showOwnSession', {}], null);
      },
    }),
    defaultOptions: { queries: { retry: decideRetry, staleTime: 10_000 } },
  });
  return queries;
}
