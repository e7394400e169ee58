// Prints the closing line from vitest's JSON report. A file that could not be loaded counts as one failure,
// and so does a run that wrote no report.
import { readFileSync } from 'node:fs';

function count(text) {
  if (text === '') return { passed: 0, failed: 1 };
  const { testResults, numPassedTests, numFailedTests } = JSON.parse(text);
  const unloaded = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}

const { passed, failed } = count(readFileSync(process.argv[2], 'utf8'));
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
