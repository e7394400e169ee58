import type { ExchangeKind, ServiceTier } from '../../../contracts/health.ts';
import type { AlertRule, IncidentSeverity } from '../../../contracts/incidents.ts';
import { type Counts, decideBurn, type Windows } from '../slo/burn.ts';

/** Failures by who is to blame (contracts/health.ts). */
export interface Blame {
  failedPartner: number;
  failedHub: number;
  failedConfig: number;
  expiredUnknown: number;
}

/** What is counted together to look at: one connection's exchanges of a kind, or a partner's over every school. */
export interface WatchedSeries {
  /** Undefined: pooled over the schools of the partner. */
  tenantId: string | undefined;
  connectionId: string | undefined;
  partner: string | undefined;
  kind: ExchangeKind;
  tier: ServiceTier;
  target: number;
  windows: Windows;
  /** Of the last hour. */
  blame: Blame;
  /** Unix milliseconds. */
  firstFailedAt: number;
  /** Schools that have failures in the last hour. */
  schools: number;
}

/** Something that fires now. */
export interface Alert {
  /** The same as long as it is about the same. */
  key: string;
  rule: AlertRule;
  severity: IncidentSeverity;
  tenantId: string | undefined;
  connectionId: string | undefined;
  partner: string | undefined;
  kind: ExchangeKind | undefined;
  /** Unix milliseconds. */
  firstFailedAt: number;
  blame: Blame | undefined;
  schools: number;
  /** The counts that made it fire. No personal data. */
  facts: Readonly<Record<string, number>>;
}

/** What identifies a series over evaluations. */
export function seriesKey({
  tenantId,
  connectionId,
  partner,
  kind,
  tier,
}: Pick<WatchedSeries, 'tenantId' | 'connectionId' | 'partner' | 'kind' | 'tier'>): string {
  const owner = tenantId === undefined ? `partner:${partner ?? '-'}` : `${tenantId}:${connectionId ?? '-'}`;
  return `burn:${owner}:${kind}:${tier}`;
}

/** The burn-rate alerts that fire, one a series: of the fastest rule. */
export function decideBurnAlerts(series: readonly WatchedSeries[]): Alert[] {
  return series.flatMap((each) => {
    const rule = decideBurn(each.windows, each.target);
    // A pool says more than its one school alone only where several fail.
    if (rule === undefined || (each.tenantId === undefined && each.schools < 2)) return [];
    const [long, short] = [each.windows[rule.long], each.windows[rule.short]];
    return [
      {
        ...{ key: seriesKey(each), rule: rule.rule, severity: rule.severity },
        ...{
          tenantId: each.tenantId,
          connectionId: each.connectionId,
          partner: each.partner,
          kind: each.kind,
        },
        ...{ firstFailedAt: each.firstFailedAt, blame: each.blame, schools: each.schools },
        facts: { ...named('long', long), ...named('short', short), target: each.target },
      },
    ];
  });
}

function named(name: string, { valid, failed }: Counts): Record<string, number> {
  return { [`${name}Valid`]: valid, [`${name}Failed`]: failed };
}
