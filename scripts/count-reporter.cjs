const { writeFileSync } = require('node:fs')
const process = require('node:process')
const { setTimeout } = require('node:timers')
const { reporters } = require('mocha')

/** How long the process may live on after its last test before that counts as a leak, in milliseconds. */
const LINGER_MS = 10_000
const LEAKED = 70

/** mocha's own report for people; for the runner the counts and what failed, in the file that TEST_COUNTS names. */
module.exports = class CountReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const failures = []
    runner.on('fail', (test) => failures.push(test.fullTitle()))
    runner.once('end', () => {
      const { passes, failures: failed, pending } = runner.stats
      writeFileSync(
        process.env.TEST_COUNTS,
        JSON.stringify({ passed: passes, failed, skipped: pending, failures }),
      )
      setTimeout(endLeak, LINGER_MS).unref()
    })
  }
}

/** Something was left open by a test: the tests are done, but the process does not end. */
function endLeak() {
  process.stderr.write(`Tests left something open: ${process.getActiveResourcesInfo().join(', ')}\n`)
  // mocha sets its own code, in a listener that was there before.
  process.on('exit', () => (process.exitCode = LEAKED))
  process.exit()
}
