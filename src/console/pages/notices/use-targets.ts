import { useRead } from '../../api/queries.ts';

/** Who is told of an institution's incidents; where none is named, of every institution's. */
export function useTargets(slug: string | undefined) {
  const hub = useRead('listHubTargets', {}, { enabled: slug === undefined });
  const own = useRead('listTargets', { params: { slug: slug ?? '' } }, { enabled: slug !== undefined });
  return slug === undefined ? hub : own;
}
