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
export function explainFinding(code: string): FindingText {
  for (const texts of Object.values(findingGroups)) {
    const text = Object.hasOwn(texts, code) ? texts[code] : undefined;
    if (text !== undefined) return text;
  }
  return {
    happened: `The run found ${code}.`,
    advice: 'Look the code up in the documentation of your version.',
  };
}
