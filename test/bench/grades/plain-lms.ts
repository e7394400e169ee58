import type { Children } from '../process/parent.ts';
import { lmsItemPath, lmsSubject, type SchoolSize } from './lines.ts';
import { lmsToken, startBenchLms } from './lms.ts';
import { startLoad } from './load.ts';
import type { Rate } from './sides.ts';

/** As many connections as the copies of the hub may have to one LMS. */
const connections = 64;

/** An LMS of the same kind that no hub knows. */
export interface PlainLms {
  origin: string;
  /** Scores posted straight to it: what LMS and machine allow. */
  post(seconds: number): Promise<Rate>;
}

export async function startPlainLms(children: Children, sizes: SchoolSize[]): Promise<PlainLms> {
  const lms = await startBenchLms(children, sizes, 1);
  const schools = sizes.map(({ items, people }, school) => ({
    itemPaths: numbers(items).map((item) => `${lmsItemPath({ school, item })}/scores`),
    userIds: numbers(people).map((person) => lmsSubject({ school, person })),
  }));
  const origin = lms.originOf(0);
  const host = new URL(origin).host;
  const load = await startLoad(children, { sizes, schools, token: lmsToken, host, status: 200 });
  const post = async (seconds: number): Promise<Rate> => {
    const { accepted, seconds: took } = await load.runClosedLoop({
      origins: [origin],
      lanesPerOrigin: connections,
      schools: numbers(sizes.length),
      seconds,
      most: Infinity,
      repeatEvery: Infinity,
    });
    return { count: accepted, perSecond: accepted / took, cpu: {} };
  };
  return { origin, post };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}
