/** Works through items, so many of them at once, in their order. */
export async function workAbreast<T>(
  items: Iterable<T>,
  abreast: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items].values();
  const goOn = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: abreast }, goOn));
}
