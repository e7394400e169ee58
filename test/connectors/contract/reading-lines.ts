import { expect } from 'vitest';
import { emptyStaged, readFull, readInto, readKilledAt } from './reading.ts';
import { always, cursorsOnly, failureOf, type Line, withSource } from './world.ts';

const future = Date.UTC(2099, 0, 1);

/** What every connector keeps, whatever it reads. */
export const readingLines: readonly Line[] = [
  {
    rule: 'check names the source and the entities that can be read; discover its schools',
    without: always,
    keep: (harness) =>
      withSource(harness, async ({ rows, open }) => {
        const { connector, context } = open();
        const report = await connector.check(context);
        expect(report.source).not.toBe('');
        expect(connector.capabilities.entities).toEqual(expect.arrayContaining([...report.entities]));
        expect(report.entities).toContain(harness.entity);
        const { schools } = await connector.discover(context);
        const expected = (rows.orgs ?? []).filter(({ values }) => values.type === 'school');
        expect(schools.toSorted((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1))).toEqual(
          expected.map(({ sourcedId, values }) => ({ sourcedId, name: values.name })),
        );
      }),
  },
  {
    rule: 'check refuses settings that cannot work, and says what to do without giving them away',
    without: always,
    keep: async (harness) => {
      expect(harness.badSettings.length).toBeGreaterThan(0);
      await withSource(harness, async ({ open, told }) => {
        for (const { what, change, failure, code } of harness.badSettings) {
          const { connector, context } = open(change);
          const error = await failureOf(connector.check(context));
          expect([what, error.failure, error.code]).toEqual([what, failure, code]);
          expect(error.message.length, what).toBeGreaterThan(20);
          told.push(error.message, String(error.cause));
        }
      });
    },
  },
  {
    rule: 'two full reads are equal, whole and sealed',
    without: always,
    keep: (harness) =>
      withSource(harness, async ({ source, open }) => {
        for (const entity of harness.connector.capabilities.entities) {
          const first = await readFull(open(), entity);
          const second = await readFull(open(), entity);
          expect([...second.rows], entity).toEqual([...first.rows]);
          const ids = source.ids(entity);
          if (ids !== undefined) expect([...first.rows.keys()].sort(), entity).toEqual(ids.toSorted());
          if (ids !== undefined && ids.length > 0) expect(first.seal, entity).toBeDefined();
          const expected = first.seal?.expected;
          if (expected !== undefined) expect(expected, entity).toBe(first.rows.size);
        }
        expect((await readFull(open(), harness.entity)).rows.size).toBeGreaterThan(50);
      }),
  },
  {
    rule: 'a delta after a full read gives what has changed since, and nothing older',
    without: cursorsOnly,
    keep: (harness) =>
      withSource(harness, async ({ rows, source, open }) => {
        const { entity } = harness;
        const time = Date.UTC(2026, 10, 20);
        source.setTime(time);
        const { seal } = await readFull(open(), entity);
        expect(seal?.state).toBeDefined();
        const [changed] = rows[entity] ?? [];
        if (changed === undefined) throw new Error('the roster has no such rows');
        source.put(entity, { ...changed, dateLastModified: new Date(time + 1_000).toISOString() });
        source.setTime(time + 60_000);
        const delta = await readInto(emptyStaged(), open(), {
          entity,
          mode: 'delta',
          state: seal?.state,
          resumes: false,
        });
        expect([...delta.rows.keys()]).toEqual([changed.sourcedId]);
        // And once more: what has been told may come again, but nothing else.
        const again = await readInto(emptyStaged(), open(), {
          entity,
          mode: 'delta',
          state: delta.seal?.state,
          resumes: false,
        });
        expect([changed.sourcedId]).toEqual(expect.arrayContaining([...again.rows.keys()]));
      }),
  },
  {
    rule: 'a state in the far future yields nothing',
    without: cursorsOnly,
    keep: (harness) =>
      withSource(harness, async ({ source, open }) => {
        const { entity } = harness;
        source.setTime(future);
        const { seal } = await readFull(open(), entity);
        source.setTime(Date.UTC(2026, 10, 20));
        const delta = await readInto(emptyStaged(), open(), {
          entity,
          mode: 'delta',
          state: seal?.state,
          resumes: false,
        });
        expect([...delta.rows.keys()]).toEqual([]);
      }),
  },
  {
    rule: 'killed after any page and resumed, the end is the same',
    without: always,
    keep: (harness) =>
      withSource(harness, async ({ open }) => {
        for (const entity of harness.connector.capabilities.entities) {
          const whole = await readFull(open(), entity);
          for (let part = 1; part <= whole.parts; part += 1) {
            const staged = await readKilledAt(part, open, entity);
            expect([...staged.rows].sort(), `${entity} after ${part}`).toEqual([...whole.rows].sort());
            expect(staged.seal === undefined, entity).toBe(whole.seal === undefined);
          }
        }
      }),
  },
  {
    rule: 'settings of earlier versions still parse, to settings that parse again',
    without: always,
    keep: async ({ connector, earlierSettings }) => {
      expect(earlierSettings.length).toBeGreaterThan(0);
      for (const kept of earlierSettings) {
        const now = connector.settings.parse(kept);
        expect(now).toMatchObject(kept);
        expect(connector.settings.parse(now)).toEqual(now);
      }
    },
  },

  {
    rule: 'a run that is stopped reads nothing more, and ends with the reason it was stopped for',
    without: always,
    keep: (harness) =>
      withSource(harness, async ({ open }) => {
        const stopped = open({}, AbortSignal.abort(new Error('cancelled')));
        await expect(readFull(stopped, harness.entity)).rejects.toThrow('cancelled');
      }),
  },
];
