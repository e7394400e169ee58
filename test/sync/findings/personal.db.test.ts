import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Entity, entities, models } from '../../../contracts/roster.ts';
import { openLog } from '../../../src/platform/log.ts';
import { csv, headers, manifest } from '../../connectors/oneroster-csv/packages.ts';
import { createTestDatabase } from '../../support/database.ts';
import { smallRoster } from '../engine/world.ts';
import { createPackageWorld, headerOf, type Package } from './package-world.ts';

const database = await createTestDatabase();
let schools = 0;

/** Stands in every personal field, and nowhere else. */
const marker = 'Quixwyn';

/** What may be wrong with a field, quoted as it should be and as it should not. */
const spoiled = fc.constantFrom(
  ...[marker, `" ${marker} "`, `"${marker}`, `${marker}"x`, `"${marker}\n${marker}"`, `“${marker}”`],
  ...[`${marker};${marker}`, `${marker},`, `\0${marker}`, `\u0007${marker}`, `"${marker}, ${marker}"`],
  ...[marker.repeat(200), `${marker}E+05`, `\r${marker}`, `"{${marker}:${marker}}"`],
);

const isPersonal = (entity: Entity, name: string) =>
  name === 'password' ||
  models[entity].columns.some(
    ({ name: known, kind }) => known === name && 'personal' in kind && kind.personal === true,
  );

/** The files of a school, whose personal fields are all spoiled. */
const tables = fc.record({
  spoiled: fc.infiniteStream(spoiled),
  delimiter: fc.constantFrom(',', ',', ';'),
  /** How each file begins. */
  header: fc.constantFrom('whole', 'whole', 'none', 'unclosed', 'shifted'),
  lineEnd: fc.constantFrom('\r\n', '\n', '\r'),
  isUtf16: fc.boolean(),
  version: fc.constantFrom('1.1' as const, '1.2' as const),
  /** People where the manifest should be. */
  hasManifest: fc.constantFrom('yes', 'yes', 'people'),
  isStrict: fc.boolean(),
  isCut: fc.boolean(),
});
type Given = typeof tables extends fc.Arbitrary<infer Value> ? Value : never;

function packageOf(given: Given): Package {
  const { delimiter, header, lineEnd, isUtf16, version, hasManifest, isCut } = given;
  const next = () => given.spoiled.next().value as string;
  const small = smallRoster();
  const files = entities.map((entity) => {
    const isOlder = entity === 'users' && version === '1.1';
    const names = (isOlder ? headers.users11 : headerOf(entity)).split(',');
    const cellsOf = (row: Record<string, unknown>) =>
      names.map((name) => {
        if (isPersonal(entity, name)) return next();
        if (isOlder && name === 'orgSourcedIds') return 's1';
        if (isOlder && name === 'role') return 'student';
        return typeof row[name] === 'string' ? `"${row[name]}"` : '';
      });
    const lines = small[entity].flatMap((row) => [row, row]).map((row) => cellsOf(row).join(delimiter));
    const first = names.join(delimiter);
    const begin = { whole: [first], none: [], unclosed: [`"${first}`], shifted: [`x${delimiter}${first}`] }[
      header
    ];
    const text = `${[...(begin ?? []), ...lines].join(lineEnd)}${isCut ? '' : lineEnd}`;
    return [`${entity}.csv`, isUtf16 ? Buffer.from(`\ufeff${text}`, 'utf16le') : text] as const;
  });
  const modes = Object.fromEntries(entities.map((entity) => [entity, 'bulk']));
  const people = csv(...Array.from({ length: 4 }, () => `${marker},${marker}`), `file.${marker},full`);
  return {
    'manifest.csv': hasManifest === 'yes' ? manifest(version, modes) : people,
    ...Object.fromEntries(files),
  };
}

test('nobody’s personal data stands in findings, runs, audit or log, whatever is wrong with the files', async () => {
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(tables, async (given) => {
      const written: string[] = [];
      const log = openLog({ level: 'debug', destination: { write: (line) => void written.push(line) } });
      const world = await createPackageWorld(database, `personal-${++schools}`, {
        profile: given.isStrict ? 'strict' : 'tolerant',
        log,
      });
      const { run, findings } = await world.bring(packageOf(given));
      for (const { code } of findings) codes.add(code);
      expect(run.reason).not.toBe('internal');
      const { rows } = await database.superuser.query(
        `select to_jsonb(f) as row from sync_finding f where tenant_id = $1
         union all select to_jsonb(p) from sync_run_part p where tenant_id = $1
         union all select to_jsonb(r) from sync_run r where tenant_id = $1
         union all select to_jsonb(a) from audit_event a where tenant_id = $1`,
        [world.tenantId],
      );
      expect(rows.length).toBeGreaterThan(0);
      expect(written.length).toBeGreaterThan(0);
      for (const told of [JSON.stringify(rows), JSON.stringify([run, findings]), written.join('')]) {
        expect(told.toLowerCase()).not.toContain(marker.toLowerCase());
      }
    }),
    { numRuns: 12 },
  );
  // The files were bad enough to say something.
  expect(codes.size).toBeGreaterThan(5);
}, 120_000);
