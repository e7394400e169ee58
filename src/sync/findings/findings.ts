import { fileFindings } from './file.ts';
import type { FindingGroup, FindingText, FindingTexts } from './finding.ts';
import { headerFindings } from './header.ts';
import { identityFindings } from './identity.ts';
import { referenceFindings } from './reference.ts';
import { setFindings } from './set.ts';
import { valueFindings } from './value.ts';

/** Every code that a run can find, by what it is about. */
export const findingGroups: Readonly<Record<FindingGroup, FindingTexts>> = {
  file: fileFindings,
  header: headerFindings,
  value: valueFindings,
  identity: identityFindings,
  reference: referenceFindings,
  set: setFindings,
};

/** A finding in plain words; one that a newer version has written is named by its code. */
export function explainFinding(code: string): Pick<FindingText, 'happened' | 'advice'> {
  const text = findText(code);
  if (text !== undefined) return { happened: text.happened, advice: text.advice };
  return {
    happened: `The run found ${code}.`,
    advice: 'Look the code up in the documentation of your version.',
  };
}

/** Whether there are words for a code. */
export function isKnownFinding(code: string): boolean {
  return findText(code) !== undefined;
}

/** Whether the strict profile refuses a source that has it. */
export function isForbidden(code: string): boolean {
  return findText(code)?.isForbidden === true;
}

function findText(code: string): FindingText | undefined {
  for (const texts of Object.values(findingGroups)) if (Object.hasOwn(texts, code)) return texts[code];
  return undefined;
}
