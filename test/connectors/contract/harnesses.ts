import { oneRosterRestHarnesses } from '../oneroster-rest/contract-harness.ts';
import { csvHarnesses } from './csv-harnesses.ts';
import type { Harness } from './harness.ts';
import { templateHarness } from './template-harness.ts';

/** Every connector of `connectors/index.ts`, and the one that scaffolding starts from. */
export const harnesses: readonly Harness[] = [templateHarness, ...csvHarnesses, ...oneRosterRestHarnesses];
