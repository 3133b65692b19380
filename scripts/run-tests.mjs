import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from './checks.mjs'
import { LANES } from './passes.mjs'
import { prepare } from './prepare.mjs'
import { outputOf, ROOT, say } from './run-step.mjs'
import { SERVICES, startServices } from './services.mjs'

/** Runs checks and all passes and prints the count. Resolves with the exit code. */
export async function runTests() {
  await prepare()
  const total = { passed: 0, failed: await runChecks() }
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
  try {
    // Side by side, since tests wait more than they work.
    const runLane = async (lane, index) => {
      for (const pass of lane) {
        const isShown = index === 0
        const { passed, failed } = await runPass(pass, { env, missing, folder, running, isShown })
        total.passed += passed
        total.failed += failed
      }
    }
    await Promise.all(LANES.map(runLane))
    for (const name of missing) total.failed += await tellMissing(name)
  } finally {
    await end()
  }
  say(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 ? 0 : 1
}

/** The report of a pass that is not shown while it runs is told when it has ended. */
async function runPass(pass, { env, missing, folder, running, isShown }) {
  const title = `\n== ${pass.name}`
  if (isShown) say(title)
  const counts = join(mkdtempSync(join(folder, 'pass-')), 'counts.json')
  const database = missing.includes('postgres') ? { TEST_DATABASE: 'pglite' } : {}
  const ignored = missing.flatMap((name) => ['--ignore', filesOf(name)])
  const child = mocha(
    [...pass.files, ...ignored, '--reporter', join(ROOT, 'scripts', 'count-reporter.cjs')],
    {
      stdio: isShown ? ['pipe', 'inherit', 'inherit'] : 'pipe',
      env: { ...process.env, ...env, ...pass.env, ...database, TEST_COUNTS: counts, TEST_BUILT: 'true' },
    },
  )
  running.add(child)
  const { code, output } = await outputOf(child)
  running.delete(child)
  if (!isShown) say(`${title}\n${output}`)
  const { passed, failed, skipped } = takeCounts(counts)
  // A run that broke off, or left something open, has failed even if no test of it has.
  const broken = code !== 0 && failed + skipped === 0 ? 1 : 0
  return { passed, failed: failed + skipped + broken }
}

function takeCounts(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  } finally {
    rmSync(path, { force: true })
  }
}

/** Says how many tests were left out for want of a service. Returns what that counts as failed: all, in CI. */
async function tellMissing(name) {
  const { output } = await outputOf(
    mocha([filesOf(name), '--dry-run', '--reporter', 'json'], { stdio: 'pipe' }),
  )
  const count = Number(/"tests": (\d+)/.exec(output)?.[1] ?? 0)
  if (count === 0) return 0
  say(`\n${count} tests were left out: they need ${SERVICES[name].wants}.`)
  return process.env.CI === 'true' ? count : 0
}

/** A file that needs two services is named `*.<one>.<other>.test.ts`. */
function filesOf(service) {
  return `test/**/*.${service}{,.*}.test.ts`
}

function mocha(parameters, settings) {
  const program = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js')
  const strict = ['--forbid-only', '--forbid-pending']
  return spawn(process.execPath, [program, ...strict, ...parameters], { cwd: ROOT, ...settings })
}
