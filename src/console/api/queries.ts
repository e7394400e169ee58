import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useSession } from '../app/session.ts';
import { callEndpoint } from './call.ts';
import type { CallInput, ReadName, Reply, WriteName } from './contracts.ts';
import type { CallFailure } from './failure.ts';

export interface ReadOptions<Given> {
  /** Ask only when this is true. */
  enabled?: boolean;
  /** Milliseconds between asking again by itself. */
  every?: number;
  /** Whether what came will change no more, so that there is no asking again. */
  isLast?: (reply: Given) => boolean;
  /** Show what was there while the next is on its way, as pages of a table want it. */
  keep?: boolean;
}

/** What an endpoint says, kept by its name and input. */
export function useRead<Name extends ReadName>(
  name: Name,
  input: CallInput<Name>,
  options: ReadOptions<Reply<Name>> = {},
): UseQueryResult<Reply<Name>, CallFailure> {
  const session = useSession();
  // Named only here: a list of names and inputs would have the compiler spell out every endpoint.
  const given: unknown = input;
  return useQuery<Reply<Name>, CallFailure, Reply<Name>>({
    queryKey: [name, given],
    queryFn: ({ signal }) => callEndpoint(session, name, input, signal),
    enabled: options.enabled ?? true,
    refetchInterval: ({ state: { data } }) =>
      options.every === undefined || (data !== undefined && options.isLast?.(data)) ? false : options.every,
    ...(options.keep ? { placeholderData: keepPreviousData as never } : {}),
  });
}

/** Changes something; whatever is on screen is asked for again after it. */
export function useWrite<Name extends WriteName>(
  name: Name,
): UseMutationResult<Reply<Name>, CallFailure, CallInput<Name>> {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation<Reply<Name>, CallFailure, CallInput<Name>>({
    mutationFn: (input) => callEndpoint(session, name, input),
    onSuccess: () => queries.invalidateQueries(),
  });
}
