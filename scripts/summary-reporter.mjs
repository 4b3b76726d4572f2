/** Ends a run with each skipped test and the line `N passed, N failed, N skipped`, so that nothing skipped goes unseen. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults
        .filter((test) => test.status === 'pending' || test.status === 'todo')
        .map((test) => test.fullName),
    );
    for (const name of skipped) process.stdout.write(`skipped: ${name}\n`);
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped\n`);
  }
}
