import { cpuOf, cpuOfFamily } from './machine.ts';

/** CPU milliseconds for one piece of work, by who used them; NaN where the system does not tell. */
export type CpuUse = Readonly<Record<string, number>>;

/** Starts a measurement, which is read with the number of pieces done meanwhile. */
export type CpuMeter = () => (pieces: number) => CpuUse;

/** Measures the CPU that groups of processes use, and that of PostgreSQL. */
export function createCpuMeter(
  groups: Readonly<Record<string, readonly number[]>>,
  postgresPid: number,
): CpuMeter {
  const read = () => ({
    ...Object.fromEntries(Object.entries(groups).map(([name, pids]) => [name, cpuOf(pids)])),
    postgres: cpuOfFamily(postgresPid),
  });
  return () => {
    const before: CpuUse = read();
    return (pieces) => {
      const after = Object.entries<number>(read());
      return Object.fromEntries(
        after.map(([name, seconds]) => [name, ((seconds - (before[name] ?? 0)) * 1000) / pieces]),
      );
    };
  };
}
