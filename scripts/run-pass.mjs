import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compiledOf } from './compile-tests.mjs'
import { outputOf, ROOT, say } from './run-step.mjs'

/** As a person who runs one file has it, but for the compiler. */
const { timeout, slow } = JSON.parse(readFileSync(join(ROOT, '.mocharc.json'), 'utf8'))

/** Runs mocha over the compiled files of a pass. The report of one that is not shown while it runs is told when it has ended. */
export async function runPass(pass, { env, missing, folder, running, isShown }) {
  const title = `\n== ${pass.name}`
  if (isShown) say(title)
  const counts = join(mkdtempSync(join(folder, 'pass-')), 'counts.json')
  const database = missing.includes('postgres') ? { TEST_DATABASE: 'pglite' } : {}
  const ignored = missing.flatMap((name) => ['--ignore', filesOf(name)])
  const child = mocha(
    [...pass.files.map(compiledOf), ...ignored, '--reporter', join(ROOT, 'scripts', 'count-reporter.cjs')],
    {
      stdio: isShown ? ['pipe', 'inherit', 'inherit'] : 'pipe',
      env: { ...process.env, ...env, ...pass.env, ...database, TEST_COUNTS: counts, TEST_BUILT: 'true' },
    },
  )
  running.add(child)
  const { code, output } = await outputOf(child)
  running.delete(child)
  if (!isShown) say(`${title}\n${output}`)
  const { passed, failed, skipped, failures } = takeCounts(counts)
  // A run that broke off, or left something open, has failed even if no test of it has.
  const broken = code !== 0 && failed + skipped === 0 ? [`all of it ended with code ${code}`] : []
  return {
    passed,
    failed: failed + skipped + broken.length,
    failures: [...failures, ...broken].map((test) => `- ${test} (${pass.name})`),
  }
}

/** How many tests need a service. */
export async function countOf(service) {
  const { output } = await outputOf(
    mocha([filesOf(service), '--dry-run', '--reporter', 'json'], { stdio: 'pipe' }),
  )
  return Number(/"tests": (\d+)/.exec(output)?.[1] ?? 0)
}

function takeCounts(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [] }
  } finally {
    rmSync(path, { force: true })
  }
}

/** A file that needs two services is named `*.<one>.<other>.test.ts`. */
function filesOf(service) {
  return compiledOf(`test/**/*.${service}{,.*}.test.ts`)
}

function mocha(parameters, settings) {
  const program = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js')
  const times = ['--timeout', String(timeout), '--slow', String(slow)]
  const strict = ['--no-config', ...times, '--forbid-only', '--forbid-pending']
  const options = ['--enable-source-maps', program, ...strict]
  return spawn(process.execPath, [...options, ...parameters], { cwd: ROOT, ...settings })
}
