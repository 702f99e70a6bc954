// Prints "N passed, N failed" from vitest's JSON report, alone on the last line. Whatever was skipped counts as failed,
// except tests whose name says that they need a real PowerShell.
import { readFile } from 'node:fs/promises';

const report = JSON.parse(await readFile(process.argv[2], 'utf8'));
const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
const passed = tests.filter((test) => test.status === 'passed');
const excused = tests.filter(
  (test) => test.status !== 'passed' && test.status !== 'failed' && test.fullName.includes('[real PowerShell]'),
);
const failed = tests.filter((test) => test.status !== 'passed' && !excused.includes(test));
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
);

for (const test of failed) console.log(`${test.status}: ${test.file}: ${test.fullName}`);
for (const file of brokenFiles) console.log(`failed as a file: ${file.name}: ${file.message}`);
if (excused.length > 0) console.log(`${excused.length} tests that need a real PowerShell were not run`);
const failures = failed.length + brokenFiles.length;
console.log(`${passed.length} passed, ${failures} failed`);
process.exitCode = failures === 0 && passed.length > 0 ? 0 : 1;
