import type { Page, Raw, Seal } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { Database } from '../../platform/db.ts';
import type { EngineRun, Loaded, LoadHooks } from '../engine.ts';
import { pageColumns, pageText, rawColumns } from './copy-text.ts';
import { stagedName } from './stores/names.ts';
import { namePart, numberPart } from './stores/part-store.ts';
import { countStaged, inPlace, markPaged } from './stores/place-store.ts';

/** Pages are gathered until there is this much: a transaction costs more than some rows. */
const enoughRows = 5_000;
const enoughCharacters = 4_000_000;

/**
 * Takes an entity into staging. Checkpoints are told only when their rows are there for good; when the source fails, what
 * it gave before is kept.
 */
export async function load(
  db: Database,
  run: EngineRun,
  entity: Entity,
  source: AsyncIterable<Page | Raw | Seal>,
  hooks: LoadHooks,
): Promise<Loaded> {
  const { signal } = hooks;
  let rows = await inPlace(db, run, 'together', (tx) => countStaged(tx, entity));
  let seal: Seal | undefined;
  const parts = createParts(db, run, entity);
  const gathered = { pages: [] as Page[], texts: [] as string[], rows: 0, characters: 0 };

  async function flush(): Promise<void> {
    const { pages, texts } = gathered;
    const last = pages.at(-1);
    if (last === undefined) return;
    Object.assign(gathered, { pages: [], texts: [], rows: 0, characters: 0 });
    const hasRows = texts.some((text) => text !== '');
    if (hasRows)
      rows += await inPlace(db, run, 'together', async (tx, place) => {
        await markPaged(tx, place, entity);
        return tx.copyIn({ table: stagedName(entity), columns: pageColumns(entity) }, encoded(texts), signal);
      });
    const findings = pages.flatMap((page) => page.findings ?? []);
    if (findings.length > 0) await hooks.onFindings(entity, findings);
    await hooks.onProgress({ rows, checkpoint: last.checkpoint });
  }

  async function gather(page: Page): Promise<void> {
    // A page without rows brings findings.
    const text = page.rows.length === 0 ? '' : pageText(entity, page, await parts(page.part));
    gathered.pages.push(page);
    gathered.texts.push(text);
    gathered.rows += page.rows.length;
    gathered.characters += text.length;
    if (gathered.rows >= enoughRows || gathered.characters >= enoughCharacters) await flush();
  }

  async function take(text: Raw): Promise<void> {
    const columns = rawColumns(entity, text.columns);
    const part = await parts(text.part);
    rows += await inPlace(db, run, 'together', async (tx) => {
      await namePart(tx, part);
      return tx.copyIn({ table: stagedName(entity), columns }, text.chunks, signal);
    });
    const findings = text.findings();
    if (findings.length > 0) await hooks.onFindings(entity, findings);
    await hooks.onProgress({ rows, checkpoint: undefined });
  }

  try {
    for await (const item of source) {
      signal.throwIfAborted();
      if (item.kind === 'page') await gather(item);
      else await flush();
      if (item.kind === 'raw') await take(item);
      if (item.kind === 'seal') seal = item;
    }
  } catch (error) {
    if (!signal.aborted) await flush();
    throw error;
  }
  await flush();
  return { rows, seal };
}

/** Numbers of the parts, each asked for once. */
function createParts(db: Database, run: EngineRun, entity: Entity): (name: string) => Promise<number> {
  let last: { name: string; part: number } | undefined;
  return async (name) => {
    if (last?.name !== name) {
      const part = await inPlace(db, run, 'together', (tx) => numberPart(tx, run.runId, entity, name));
      last = { name, part };
    }
    return last.part;
  };
}

async function* encoded(texts: readonly string[]): AsyncIterable<Buffer> {
  for (const text of texts) yield Buffer.from(text, 'utf8');
}
