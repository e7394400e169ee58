// Prints the closing line from vitest's JSON reports, all of them together. A file that could not be loaded counts as one
// failure, and so does a run that wrote no report.
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

const counts = process.argv.slice(2).map((file) => count(readFileSync(file, 'utf8')));
const passed = counts.reduce((sum, each) => sum + each.passed, 0);
const failed = counts.reduce((sum, each) => sum + each.failed, 0);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
