import { writeFileSync } from 'node:fs';
import { writeOutcomesPage } from '../src/api/health/outcomes-page.ts';

// What `npm run outcomes` runs: writes the outcome dictionary that a test compares with the code.
writeFileSync(new URL('../docs/outcomes.md', import.meta.url), writeOutcomesPage());
