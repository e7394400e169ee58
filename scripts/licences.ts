import { writeFileSync } from 'node:fs';
import { listLicences, writeLicencesPage } from './licences-page.ts';

// What `npm run licences` runs: writes the list that a test compares with the lockfile.
writeFileSync(new URL('../docs/licences.md', import.meta.url), writeLicencesPage(listLicences()));
