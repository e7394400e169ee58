import type { Seal } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { Database, StagingTx } from '../../platform/db.ts';
import type { EngineRun } from '../engine.ts';
import { checkAlike } from './stores/alike-store.ts';
import { checkCalendar } from './stores/calendar-store.ts';
import { compare, countDistinct } from './stores/compare-store.ts';
import { settleCycles } from './stores/cycle-store.ts';
import { leaveOutErased } from './stores/erased-store.ts';
import { forgetFindings, noteSet } from './stores/finding-store.ts';
import { checkPersons } from './stores/identity-store.ts';
import {
  type Compared,
  countCompared,
  countStaged,
  emptyComparison,
  inPlace,
  type Place,
  writeCompared,
} from './stores/place-store.ts';
import { countRejected } from './stores/plan-store.ts';
import { settleReferences } from './stores/reference-store.ts';
import { checkRules } from './stores/rule-store.ts';
import { fillScope } from './stores/scope-store.ts';
import { markSame, putOverrides } from './stores/settle-store.ts';
import { checkZeros, settleSpreadsheet } from './stores/spreadsheet-store.ts';
import { settleStatus } from './stores/status-store.ts';
import { settleIds, settleRequired, settleTexts } from './stores/text-store.ts';
import { settleTwins } from './stores/twin-store.ts';
import { checkUnchanged } from './stores/unchanged-store.ts';
import { settleValues } from './stores/value-store.ts';
import { betweenSteps, type Watch } from './traffic.ts';

/** @param isTidy no id that was read has white space around it */
type Step = (tx: StagingTx, run: EngineRun, entity: Entity, isTidy: boolean) => Promise<void>;

/** What is done to the new and different rows of each entity, in the models' order, before the next begins. */
const steps: readonly Step[] = [
  leaveOutErased,
  settleTwins,
  settleIds,
  settleStatus,
  settleTexts,
  settleSpreadsheet,
  settleValues,
  settleRequired,
  settleReferences,
  async (tx, run, entity) => {
    if (entity === 'orgs' || entity === 'academicSessions') await settleCycles(tx, run, entity);
  },
];

/** What is noted once all rows are as they will be. */
const checks: readonly Step[] = [
  checkRules,
  checkAlike,
  checkZeros,
  checkCalendar,
  checkUnchanged,
  async (tx, run, entity) => {
    if (entity === 'users') await checkPersons(tx, run);
  },
  putOverrides,
  markSame,
];

/**
 * Compares what was read with the roster, mends or rejects what is new or different, and writes down what was found. One
 * transaction: killed anywhere, it has not happened.
 */
export function validate(
  db: Database,
  run: EngineRun,
  seals: ReadonlyMap<Entity, Seal>,
  { signal, watch }: { signal: AbortSignal; watch: Watch },
): Promise<Compared> {
  return inPlace(db, run, 'alone', (tx, place) =>
    compareAll(tx, place, run, seals, betweenSteps(tx, watch, signal)),
  );
}

/** As `validate`, in a transaction that is under way. @param goOn called between two steps */
export async function compareAll(
  tx: StagingTx,
  place: Place,
  asked: EngineRun,
  seals: ReadonlyMap<Entity, Seal>,
  goOn: () => Promise<void>,
): Promise<Compared> {
  await emptyComparison(tx);
  await forgetFindings(tx, asked);
  const run = { ...asked, schools: await fillScope(tx, asked) };
  const sealed: Entity[] = [];
  const [tidy, direct] = [new Set<Entity>(), new Set<Entity>()];
  let offered = 0;
  for (const entity of run.entities) {
    await goOn();
    const rows = await countStaged(tx, entity);
    offered += rows;
    const isUnwanted = run.unwanted?.includes(entity) === true;
    const isWhole = !isUnwanted && (await checkWhole(tx, place, run, entity, rows, seals.get(entity)));
    if (isWhole) sealed.push(entity);
    const isGone = isUnwanted || (isWhole && run.deletes === 'absence');
    const { isTidy, isDirect } = await compare(tx, run, entity, isGone);
    if (isTidy) tidy.add(entity);
    if (isDirect) direct.add(entity);
  }
  const told = { ...run, direct };
  for (const pass of [steps, checks]) {
    for (const entity of run.entities) {
      for (const step of pass) {
        await goOn();
        await step(tx, told, entity, tidy.has(entity));
      }
    }
  }
  let rejected = 0;
  for (const entity of run.entities) rejected += await countRejected(tx, entity);
  const compared = { filled: await countCompared(tx), offered, rejected, planned: false, sealed };
  await writeCompared(tx, place, compared, null);
  return compared;
}

/** Whether an entity was read to its end, all of it: only then is what is missing gone. */
async function checkWhole(
  tx: StagingTx,
  place: Place,
  run: EngineRun,
  entity: Entity,
  rows: number,
  seal: Seal | undefined,
): Promise<boolean> {
  if (run.mode !== 'full' || seal === undefined) return false;
  if (rows === 0) await noteSet(tx, run, { code: 'entity_empty', severity: 'warning', entity }, 0);
  if (seal.expected === undefined) return true;
  // A row that paging gave twice has taken the place of one it has left out; a row that a file holds twice has not.
  const isPaged = place.paged.includes(entity) && rows >= seal.expected;
  const different = isPaged ? await countDistinct(tx, entity) : rows;
  if (different === seal.expected) return true;
  const missing = Math.abs(seal.expected - different);
  await noteSet(tx, run, { code: 'count_disagrees', severity: 'warning', entity }, missing);
  return false;
}
