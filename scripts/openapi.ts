import { writeFileSync } from 'node:fs';
import { endpoints } from '../contracts/http/endpoints.ts';
import { describeApi } from '../src/api/openapi.ts';

// What `npm run openapi` runs: writes the description of the API that a test compares with the contracts.
const file = new URL('../contracts/openapi.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(describeApi(endpoints), null, 2)}\n`);
