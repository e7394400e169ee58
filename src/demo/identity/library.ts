/**
 * A development package, loaded where the demo needs it.
 *
 * @returns undefined where it is not installed
 */
export async function loadLibrary<Library>(load: () => Promise<Library>): Promise<Library | undefined> {
  try {
    return await load();
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    if (isMissing) return undefined;
    throw error;
  }
}
