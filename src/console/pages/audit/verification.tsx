import { Progress, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type Caller, callEndpoint } from '../../api/call.ts';
import type { Reply } from '../../api/contracts.ts';
import type { CallFailure } from '../../api/failure.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Note } from '../../parts/note.tsx';

type Piece = Reply<'verifyAudit'>;

/** What is known so far. */
interface SoFar extends Pick<Piece, 'whole' | 'events' | 'erased' | 'total' | 'head' | 'problem'> {
  isOver: boolean;
}

/** Verifies a trail piece by piece, and tells how far it is; leaving the page ends it. */
export function Verification({ slug }: { slug: string | undefined }) {
  const { text, count } = useLanguage();
  const { soFar, error, again } = useVerification(slug);
  if (error !== null) return <FailureNote error={error} retry={again} />;
  if (soFar === undefined || !soFar.isOver) {
    const { events, total } = soFar ?? { events: 0, total: 0 };
    const share = total === 0 ? 0 : Math.floor((100 * events) / total);
    return (
      <Note tone="busy" role="status" title={text('audit.verifying')}>
        <Text size="sm">{text('audit.soFar', { events: count(events), total: count(total) })}</Text>
        <Progress value={share} mt={6} aria-label={text('audit.verifying')} />
      </Note>
    );
  }
  const missing = soFar.problem?.missing;
  return (
    <Note
      tone={soFar.whole ? 'good' : 'bad'}
      role="status"
      title={text(soFar.whole ? 'audit.whole' : 'audit.broken')}
    >
      {missing && <>{text('audit.missing', { from: count(missing.from), to: count(missing.to) })} </>}
      {text('audit.counted', { events: count(soFar.events), erased: count(soFar.erased) })}{' '}
      <span className="code">
        {soFar.problem === null ? soFar.head : `${soFar.problem.code} (${soFar.problem.sequence})`}
      </span>
    </Note>
  );
}

/** Reads the piece behind a place. */
function readPiece(
  caller: Caller,
  slug: string | undefined,
  after: string | undefined,
  signal: AbortSignal,
): Promise<Piece> {
  const query = { limit: 2_000, ...(after === undefined ? {} : { after }) };
  return slug === undefined
    ? callEndpoint<'verifyHubAudit'>(caller, 'verifyHubAudit', { query }, signal)
    : callEndpoint<'verifyAudit'>(caller, 'verifyAudit', { params: { slug }, query }, signal);
}

function useVerification(slug: string | undefined) {
  const session = useSession();
  const queries = useQueryClient();
  const key = ['verification', slug ?? null];
  const { data, error, refetch } = useQuery<SoFar, CallFailure>({
    queryKey: key,
    // What was verified a moment ago need not be again because a window was left and entered.
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      let soFar: SoFar | undefined;
      let after: string | undefined;
      do {
        const piece: Piece = await readPiece(session, slug, after, signal);
        soFar = addPiece(soFar, piece);
        if (!soFar.isOver) queries.setQueryData<SoFar>(key, soFar);
        after = piece.next ?? undefined;
      } while (!soFar.isOver);
      return soFar;
    },
  });
  return { soFar: data, error, again: () => void refetch() };
}

/** What is known after one more piece. */
export function addPiece(before: SoFar | undefined, piece: Piece): SoFar {
  const { whole, total, head, problem, next } = piece;
  return {
    ...{ whole, total, head, problem, isOver: next === null || !whole },
    events: (before?.events ?? 0) + piece.events,
    erased: (before?.erased ?? 0) + piece.erased,
  };
}
