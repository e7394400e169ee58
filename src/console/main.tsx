import '@mantine/core/styles.css';
import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { readNonce } from './app/nonce.ts';
import { createConsoleRouter } from './app/router.tsx';
import { createTextSource } from './i18n/translate.ts';

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App nonce={readNonce(document)} router={createConsoleRouter()} textsOf={createTextSource()} />
    </StrictMode>,
  );
}
