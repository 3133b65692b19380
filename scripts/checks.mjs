import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { outputOf, ROOT, say } from './run-step.mjs'

/**
 * A check is the program of a package, or a script of ours, with what it is given. `sizes` wants a build, which has found
 * the types of the server and the client in order. The longest comes first, for the others run beside it.
 */
const CHECKS = [
  { name: 'lint', package: 'eslint', program: 'eslint', parameters: ['--max-warnings=0', '.'] },
  {
    name: 'types of the tests',
    package: 'typescript',
    program: 'tsc',
    parameters: ['-p', 'tsconfig.test.json'],
  },
  {
    name: 'types of the widget',
    package: 'svelte-check',
    program: 'svelte-check',
    parameters: ['--tsconfig', 'widget/tsconfig.json', '--fail-on-warnings'],
  },
  {
    name: 'types of the dashboard',
    package: 'svelte-check',
    program: 'svelte-check',
    parameters: ['--tsconfig', 'dashboard/tsconfig.json', '--fail-on-warnings'],
  },
  { name: 'sizes of the widget', script: 'scripts/sizes.mjs', parameters: [] },
  {
    name: 'format',
    package: 'prettier',
    program: 'prettier',
    parameters: ['--check', '--log-level=warn', '.'],
  },
]

/**
 * Runs all checks, so many at a time, and tells what those that fail have to say. Resolves with the number of those and
 * their names. `types`: whether lint asks for types (eslint.config.js says what that costs).
 */
export async function runChecks({ atOnce, types = true }) {
  const waiting = [...CHECKS]
  const failures = []
  async function work() {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (!(await run(check, { LINT_TYPES: types ? 'on' : 'off' }))) failures.push(`- ${check.name}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return { passed: 0, failed: failures.length, failures }
}

async function run(check, settings) {
  const began = Date.now()
  const child = spawn(process.execPath, [programOf(check), ...check.parameters], {
    cwd: ROOT,
    env: { ...process.env, ...settings },
  })
  const { code, output } = await outputOf(child)
  say(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  if (code !== 0) say(output)
  return code === 0
}

/** The file behind a package's program: run directly, it needs neither a shell nor npx. */
function programOf(check) {
  if (check.script) return join(ROOT, check.script)
  const file = join(ROOT, 'node_modules', check.package, 'package.json')
  const { bin } = createRequire(import.meta.url)(file)
  return join(dirname(file), typeof bin === 'string' ? bin : bin[check.program])
}
