import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { RunProgress } from '../../../../contracts/http/run-events.ts';
import { buildAddress } from '../../api/address.ts';
import { lineOf } from '../../api/contracts.ts';
import type { RunParams } from './run.tsx';

/**
 * A run's progress as the hub tells it (server-sent events, WHATWG HTML §9.2). Undefined while nothing has come: what
 * is asked for again and again stands in for it, also where a proxy between keeps events back.
 */
export function useRunProgress({ slug, connectionId, runId }: RunParams): RunProgress | undefined {
  const [progress, setProgress] = useState<RunProgress>();
  const queries = useQueryClient();
  useEffect(() => {
    const address = buildAddress(lineOf('followRun').path, { slug, connectionId, runId });
    const events = new EventSource(address);
    const take = ({ data }: MessageEvent<string>) => setProgress(JSON.parse(data) as RunProgress);
    events.addEventListener('progress', take);
    events.addEventListener('end', (event) => {
      take(event);
      events.close();
      void queries.invalidateQueries();
    });
    // A stream that was refused or broke off says nothing more of how the run stands.
    events.addEventListener('error', () => setProgress(undefined));
    return () => events.close();
  }, [slug, connectionId, runId, queries]);
  return progress;
}
