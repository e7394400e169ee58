import { type SetupStep, setupSteps } from '../../../contracts/http/roles.ts';
import type { SetupState } from '../../../contracts/http/setup.ts';
import type { WaitingSide } from '../../../contracts/onboarding.ts';

/** What a set-up is judged by. */
export interface SetupFacts {
  /** Steps that open or used set-up links ask for. */
  wanted: readonly SetupStep[];
  connections: readonly { kind: string; state: string; verified: boolean }[];
  /** Tools that are on. */
  tools: readonly { agreed: boolean }[];
  /** The institution has agreed by a link, and nobody else has confirmed it yet. */
  isUnconfirmed: boolean;
}

export interface SetupProgress {
  step: SetupStep;
  wanted: boolean;
  state: SetupState;
  waitingOn: WaitingSide | null;
}

/** How far each step has come and whose turn it is. Where no link asks for steps, all are wanted. */
export function decideProgress({ wanted, connections, tools, isUnconfirmed }: SetupFacts): SetupProgress[] {
  return setupSteps.map((step) => {
    const isWanted = wanted.length === 0 || wanted.includes(step);
    const state = step === 'sharing' ? decideSharing(tools) : decideConnected(step, connections);
    // The hub's staff switch tools on; before that there is nothing to agree to.
    const side = step === 'sharing' && (tools.length === 0 || isUnconfirmed) ? 'us' : 'school';
    return { step, wanted: isWanted, state, waitingOn: isWanted && state !== 'done' ? side : null };
  });
}

/** One connection that works is enough: an institution may have others that it still tries. */
function decideConnected(kind: SetupStep, connections: SetupFacts['connections']): SetupState {
  const own = connections.filter((each) => each.kind === kind && each.state !== 'disabled');
  if (own.some(({ verified }) => verified)) return 'done';
  return own.length > 0 ? 'connected' : 'open';
}

function decideSharing(tools: SetupFacts['tools']): SetupState {
  if (tools.length === 0) return 'open';
  return tools.every(({ agreed }) => agreed) ? 'done' : 'connected';
}
