import type { Connector } from '../contracts/connector.ts';
import { genericCsv } from './generic-csv/index.ts';
import { oneRosterCsv } from './oneroster-csv/index.ts';
import { oneRosterRest } from './oneroster-rest/index.ts';

/** Every connector there is. Adding one is a folder beside this file and a line here. */
export const connectors: readonly Connector[] = [oneRosterRest, oneRosterCsv, genericCsv];
