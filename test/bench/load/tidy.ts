/**
 * Collects a process's young garbage while nothing is measured: a load that stops for it later charges that to whom it
 * measures. The process is started with --expose-gc.
 */
export function tidy(): void {
  if (globalThis.gc === undefined) throw new Error('Start this process with --expose-gc.');
  globalThis.gc({ type: 'minor' });
}
