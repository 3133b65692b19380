import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from './checks.mjs'
import { compileTests } from './compile-tests.mjs'
import { CHECKS, LANES } from './passes.mjs'
import { prepare } from './prepare.mjs'
import { countOf, runPass } from './run-pass.mjs'
import { say } from './run-step.mjs'
import { installServices, SERVICES, startServices } from './services.mjs'

/** Runs checks and all passes and prints the count. Resolves with the exit code. */
export async function runTests() {
  // Both wait for the network.
  await Promise.all([installServices(), prepare()])
  await compileTests()
  const { env, missing, stop } = await startServices()
  const folder = mkdtempSync(join(tmpdir(), 'parlor-count-'))
  const running = new Set()
  const end = async () => {
    for (const child of running) child.kill('SIGINT')
    rmSync(folder, { recursive: true, force: true })
    await stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void end().then(() => process.exit(130)))
  const total = { passed: 0, failed: 0, failures: [] }
  try {
    const run = async (pass, isShown) => {
      if (pass === CHECKS) return runChecks({ atOnce: 1, types: false })
      return runPass(pass, { env, missing, folder, running, isShown })
    }
    // Side by side, since tests wait more than they work.
    const runLane = async (lane, index) => {
      for (const pass of lane) add(total, await run(pass, index === 0))
    }
    await Promise.all(LANES.map(runLane))
    for (const name of missing) total.failed += await tellMissing(name)
  } finally {
    await end()
  }
  if (total.failures.length > 0) say(`\nFailed:\n${total.failures.join('\n')}\n`)
  say(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 ? 0 : 1
}

function add(total, { passed, failed, failures }) {
  total.passed += passed
  total.failed += failed
  total.failures.push(...failures)
}

/** Says how many tests were left out for want of a service. Returns what that counts as failed: all, in CI. */
async function tellMissing(name) {
  const count = await countOf(name)
  if (count === 0) return 0
  say(`\n${count} tests were left out: they need ${SERVICES[name].wants}.`)
  return process.env.CI === 'true' ? count : 0
}
