import { writeFile } from 'node:fs/promises';
import inspector from 'node:inspector/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface HotSpot {
  /** Function, file and line; native work has the name V8 gives it. */
  place: string;
  /** Share of the profiled time spent in it and not in what it calls, 0 to 1. */
  share: number;
}

export interface ProfileSummary {
  functions: HotSpot[];
  /** The same by package or folder. */
  parts: HotSpot[];
  file: string;
}

let session: inspector.Session | undefined;

/** Starts V8's sampling CPU profiler in this process. */
export async function startProfile(): Promise<void> {
  session = new inspector.Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
}

/** Ends the profile, keeps it in `file` for a viewer, and sums it up. */
export async function stopProfile(file: string): Promise<ProfileSummary> {
  if (session === undefined) throw new Error('No profile was started');
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = undefined;
  await writeFile(file, JSON.stringify(profile));
  return { ...sumUp(profile), file };
}

function sumUp(profile: inspector.Profiler.Profile): { functions: HotSpot[]; parts: HotSpot[] } {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, number>();
  const parts = new Map<string, number>();
  let total = 0;
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const frame = nodes.get(id);
    const time = profile.timeDeltas?.[index] ?? 0;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    total += time;
    const add = (to: Map<string, number>, name: string) => to.set(name, (to.get(name) ?? 0) + time);
    add(functions, placeOf(frame));
    add(parts, partOf(frame));
  }
  const rank = (times: Map<string, number>) =>
    [...times]
      .map(([place, time]) => ({ place, share: time / total }))
      .sort((a, b) => b.share - a.share)
      .slice(0, 40);
  return { functions: rank(functions), parts: rank(parts) };
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

function fileOf({ url }: inspector.Runtime.CallFrame): string {
  return url.startsWith('file:') ? path.relative(root, fileURLToPath(url)) : url;
}

function placeOf(frame: inspector.Runtime.CallFrame): string {
  const file = fileOf(frame);
  const name = frame.functionName || '(anonymous)';
  return file === '' ? name : `${name} ${file}:${frame.lineNumber + 1}`;
}

/** `node_modules/<package>`, `src/<folder>/<folder>`, or what V8 calls it. */
function partOf(frame: inspector.Runtime.CallFrame): string {
  const file = fileOf(frame);
  if (file === '') return frame.functionName || '(native)';
  if (file.startsWith('node:')) return file.split('/').slice(0, 2).join('/');
  const inPackage = /node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  return inPackage ?? file.split('/').slice(0, 3).join('/');
}
