import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** How often a step that takes long says that it is still at it, in milliseconds. */
const STILL_MS = 15_000

/** A failure that has been explained: to be told by its message alone. */
export class ToldError extends Error {
  isTold = true
}

/**
 * Runs npm as a step of the preparation: says when it begins, that it goes on, and how long it took. Its output is
 * shown when it fails. Throws `ToldError` then.
 *
 * @param {string} what as in "Building"
 * @param {string[]} parameters
 */
export async function runNpmStep(what, parameters) {
  const began = Date.now()
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`
  say(`${what} ...`)
  const still = setInterval(() => say(`${what}: ${seconds()} so far`), STILL_MS)
  try {
    const { code, output } = await runNpm(parameters)
    if (code !== 0) {
      process.stderr.write(output)
      throw new ToldError(`${what} failed (npm ${parameters.join(' ')}); the reason is above.`)
    }
  } finally {
    clearInterval(still)
  }
  say(`${what}: done in ${seconds()}`)
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** @param {string[]} parameters */
function runNpm(parameters) {
  const { npm_execpath: npm } = process.env
  // The npm that runs us when there is one: it need not be on PATH, and on Windows only a shell could find it.
  const child = npm?.endsWith('.js')
    ? spawn(process.execPath, [npm, ...parameters], { cwd: ROOT })
    : spawn('npm', parameters, { cwd: ROOT, shell: process.platform === 'win32' })
  return outputOf(child)
}

/**
 * Waits for a child and collects what it says.
 *
 * @param {import('node:child_process').ChildProcess} child what it says where its output is not piped is not collected
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function outputOf(child) {
  child.stdin.end()
  let output = ''
  for (const stream of [child.stdout, child.stderr].filter((stream) => stream !== null)) {
    stream.setEncoding('utf8')
    stream.on('data', (text) => (output += text))
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: `${error.message}\n` }))
    child.on('close', (code) => resolve({ code, output }))
  })
}
