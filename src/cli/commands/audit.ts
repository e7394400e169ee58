import { auditExport } from '../../audit/export.ts';
import { verifyExport } from '../../audit/verify-export.ts';
import { defined } from '../../platform/defined.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Command } from '../command.ts';
import { getNamedTenant } from './tenant.ts';

export const auditExportCommand: Command = {
  name: 'audit export',
  about: 'Write the audit trail of a tenant, or of the hub itself, to a file of JSON lines',
  options: {
    tenant: { value: 'slug', about: 'The tenant; without it the hub’s own trail' },
    file: { value: 'file', about: 'Where to; an existing file is not overwritten', required: true },
  },
  examples: [
    'audit export --tenant northfield --file northfield-audit.jsonl',
    'audit export --file hub-audit.jsonl',
  ],
  async run({ values, io, open }) {
    const { hub } = await open();
    const { db } = hub;
    const file = values.text('file');
    let lines = 0;
    async function* counted(pieces: AsyncIterable<string>) {
      for await (const piece of pieces) {
        lines++;
        yield piece;
      }
    }
    const tenant = values.optional('tenant') === undefined ? undefined : await getNamedTenant(hub, values);
    await (tenant === undefined
      ? db.withHub((tx) => io.writeFile(file, counted(auditExport(tx))))
      : db.withTenant(tenant.tenantId, (tx) => io.writeFile(file, counted(auditExport(tx)))));
    const events = lines - 1;
    return {
      json: { file, events },
      text: `Wrote ${events} events to ${file}. Check it with: audit verify ${file}`,
    };
  },
};

export const auditVerifyCommand: Command = {
  name: 'audit verify',
  about: 'Check an exported audit trail, without a database',
  arguments: [{ name: 'file', about: 'The export' }],
  examples: ['audit verify northfield-audit.jsonl'],
  async run({ values, io }) {
    const verdict = await verifyExport(io.readLines(values.text('file')));
    if (!verdict.ok) {
      throw new DomainError(
        'conflict',
        'audit_broken',
        `The trail was changed or cut: ${verdict.problem.replaceAll('_', ' ')} at line ${verdict.line}.${missingText(verdict.missing)}`,
        {
          details: { line: verdict.line, problem: verdict.problem, ...defined({ missing: verdict.missing }) },
        },
      );
    }
    const head = { sequence: verdict.head.sequence, hash: verdict.head.hash.toString('base64') };
    return {
      json: { ok: true, tenantId: verdict.tenantId, head, erased: verdict.erased },
      text:
        `Whole: ${head.sequence} events, of which ${verdict.erased} had their values erased. ` +
        `Compare the last hash with one kept elsewhere: ${head.hash}`,
    };
  },
};

function missingText(missing: { from: number; to: number } | undefined): string {
  if (missing === undefined) return '';
  const { from, to } = missing;
  return from === to ? ` Event ${from} is missing.` : ` Events ${from} to ${to} are missing.`;
}
