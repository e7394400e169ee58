import type { Command } from '../command.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  about: 'Bring the database up to this version',
  examples: ['migrate'],
  async run({ io }) {
    const applied = await io.migrate();
    const text =
      applied.length === 0
        ? 'Nothing was missing.'
        : `Applied:\n${applied.map((name) => `  ${name}`).join('\n')}`;
    return { json: { applied }, text };
  },
};
