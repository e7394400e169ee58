import type { RunId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { explainFinding } from '../findings/findings.ts';
import type { Finding } from '../run.ts';
import * as store from './finding-store.ts';

export interface FindingPage {
  /** Goes on after the page that ended with this number. */
  after?: number | undefined;
  /** Default 100, at most 10,000. */
  limit?: number | undefined;
}

/** What somebody should mend in the source, in the order it was found. */
export async function listFindings(tx: TenantTx, runId: RunId, page: FindingPage = {}): Promise<Finding[]> {
  const limit = Math.min(page.limit ?? 100, 10_000);
  const found = await store.listFindings(tx, runId, { after: page.after, limit });
  return found.map((finding) => ({
    ...finding,
    ...explainFinding(finding.code),
  }));
}
