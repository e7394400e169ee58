import { oneRosterRest } from '../../../connectors/oneroster-rest/index.ts';
import type { ReadRequest, Seal, SourceFinding, SourceRow } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { OneRosterServer, OneRosterServerOptions } from '../../../src/demo/sis/oneroster-server.ts';
import { consumer, startSis } from '../../demo/sis/support/running-sis.ts';
import { openContext } from '../../sync/host/open-context.ts';

export type Sis = OneRosterServer & { baseUrl: string };

export interface ReadOptions {
  /** Changes of settings that suit the simulated SIS. */
  settings?: object;
  request?: Partial<ReadRequest>;
  /** Is told after each page, with the checkpoint. */
  afterPage?: (page: number, checkpoint: string | undefined) => unknown;
}

export interface WasRead {
  rows: SourceRow[];
  ids: string[];
  findings: SourceFinding[];
  codes: string[];
  seal: Seal | undefined;
  checkpoints: (string | undefined)[];
}

/** The SIS in a version, and settings with which it can be read in small pages. */
export async function startRest(
  options: Omit<OneRosterServerOptions, 'baseUrl' | 'consumer'>,
  version: '1.1' | '1.2' = '1.2',
) {
  const sis = await startSis(options);
  const settings = { ...consumer, baseUrl: sis.baseUrl, tokenUrl: sis.tokenUrl, version, pageSize: 10 };
  const open = (change: object = {}) =>
    openContext({
      settings: oneRosterRest.settings.parse({ ...settings, ...change }),
      limitsOfConnector: oneRosterRest.limits,
    }).context as never as Parameters<typeof oneRosterRest.read>[0];
  return {
    sis,
    open,
    read: (entity: Entity, given: ReadOptions = {}) => readRest(open(given.settings), entity, given),
    check: (change?: object) => oneRosterRest.check(open(change)),
    discover: (change?: object) => oneRosterRest.discover(open(change)),
  };
}

async function readRest(
  context: Parameters<typeof oneRosterRest.read>[0],
  entity: Entity,
  { request, afterPage }: ReadOptions,
): Promise<WasRead> {
  const was: WasRead = { rows: [], ids: [], findings: [], codes: [], seal: undefined, checkpoints: [] };
  const whole: ReadRequest = { entity, mode: 'full', state: undefined, resumes: false, ...request };
  for await (const item of oneRosterRest.read(context, whole)) {
    if (item.kind === 'raw') throw new Error('REST has no raw text');
    if (item.kind === 'seal') {
      was.seal = item;
      continue;
    }
    was.rows.push(...item.rows);
    was.findings.push(...(item.findings ?? []));
    was.checkpoints.push(item.checkpoint);
    await afterPage?.(was.checkpoints.length, item.checkpoint);
  }
  was.ids = was.rows.map(({ sourcedId }) => sourcedId);
  was.codes = was.findings.map(({ code }) => code);
  return was;
}

/** So many orgs, org-000 and so on. */
export function manyOrgs(count: number): SourceRow[] {
  return Array.from({ length: count }, (_, index) => org(index));
}

export function org(index: number | string): SourceRow {
  const sourcedId = `org-${String(index).padStart(3, '0')}`;
  const values = { name: `Org ${index}`, type: 'school' };
  return { sourcedId, status: 'active', dateLastModified: '2026-08-01T00:00:00.000Z', values };
}
