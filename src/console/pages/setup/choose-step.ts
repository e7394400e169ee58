import type { SetupStep } from '../../../../contracts/http/roles.ts';

/** The step that the address names, else the first that is wanted and not done, else the first. */
export function chooseStep(
  steps: readonly { step: SetupStep; wanted: boolean; state: string }[],
  named: string | undefined,
): SetupStep {
  const chosen =
    steps.find(({ step }) => step === named) ??
    steps.find(({ wanted, state }) => wanted && state !== 'done') ??
    steps[0];
  return chosen?.step ?? 'lms';
}
