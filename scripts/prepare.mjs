import { existsSync } from 'node:fs';

// npm runs this after every installation. One for production has neither Vite nor the Node that reads TypeScript.
if (existsSync(new URL('../node_modules/vite', import.meta.url))) {
  const { buildConsole } = await import('./build-console.ts');
  await buildConsole(new URL('../dist/console', import.meta.url).pathname);
} else {
  console.log('The console is not built here: Vite is not installed (npm ci --omit=dev). Copy dist/console.');
}
