import { cpuOf, cpuOfFamily } from '../measure/machine.ts';
import type { Round, Side } from './side.ts';

/** CPU milliseconds for one launch, by who used them; NaN where the system does not tell. */
export interface CpuUse {
  processes: number;
  postgres: number;
  /** The load generator while the clock ran: it shares the cores with what it measures. */
  generator: number;
}

/** Runs a side and measures the CPU that it takes. */
export async function runWithCpuUse(
  side: Side,
  postgresPid: number,
  count: number,
): Promise<Round & { cpu: CpuUse }> {
  const before = { processes: cpuOf(side.pids), postgres: cpuOfFamily(postgresPid) };
  const round = await side.run(count);
  const perLaunch = (seconds: number) => (seconds * 1000) / count;
  const cpu = {
    processes: perLaunch(cpuOf(side.pids) - before.processes),
    postgres: perLaunch(cpuOfFamily(postgresPid) - before.postgres),
    generator: perLaunch(round.phases.reduce((sum, phase) => sum + phase.generatorSeconds, 0)),
  };
  return { ...round, cpu };
}
