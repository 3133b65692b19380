import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ToldError } from './run-step.mjs'

const READY_MS = 30_000

/** Fast rather than safe, and able to serve several processes of tests at once. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200']

/**
 * Makes a throwaway Postgres in a temporary folder, open to everybody on a free port of the loopback. Postgres
 * refuses to be run by root: then it is run by the user `postgres`.
 *
 * @param {string} bin the folder of initdb and postgres
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startPostgres(bin) {
  const cluster = await makePostgres(bin, SETTINGS)
  try {
    const server = await cluster.run()
    return {
      url: cluster.url,
      stop: async () => {
        // SIGINT is a fast shutdown: it does not wait for clients.
        await end(server, 'SIGINT')
        cluster.remove()
      },
    }
  } catch (error) {
    cluster.remove()
    throw error
  }
}

/**
 * The same, for who starts and ends it himself, any number of times on the same port.
 *
 * @param {string} bin
 * @param {string[]} settings as postgresql.conf has them
 * @returns {Promise<{
 *   url: string,
 *   data: string,
 *   user: { uid?: number, gid?: number },
 *   run: () => Promise<import('node:child_process').ChildProcess>,
 *   remove: () => void,
 * }>} `data` is its folder, and `user` whom its files must belong to
 */
export async function makePostgres(bin, settings) {
  const folder = mkdtempSync(join(tmpdir(), 'parlor-pg-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const user = postgresUser()
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
    const data = join(folder, 'data')
    makeCluster(join(bin, 'initdb'), data, user)
    const port = await freePort()
    const all = [...settings, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
    const parameters = ['-D', data, '-p', String(port), ...all.flatMap((setting) => ['-c', setting])]
    const run = async () => {
      const stdio = ['ignore', 'ignore', 'pipe']
      const server = spawn(join(bin, 'postgres'), parameters, { ...user, cwd: folder, stdio })
      await ready(server)
      return server
    }
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, data, user, run, remove }
  } catch (error) {
    remove()
    throw error
  }
}

function makeCluster(initdb, data, user) {
  const parameters = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  const { status, stderr, error } = spawnSync(initdb, parameters, {
    ...user,
    encoding: 'utf8',
    cwd: tmpdir(),
  })
  if (status !== 0) throw new ToldError(`initdb failed: ${error?.message ?? stderr}`)
}

function postgresUser() {
  if (process.getuid?.() !== 0) return {}
  const id = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

function ready(server) {
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(() => reject(new ToldError(`Postgres did not start in time: ${said}`)), READY_MS)
    const fail = () => reject(new ToldError(`Postgres did not start: ${said}`))
    server.once('error', fail)
    server.once('exit', fail)
    server.stderr.setEncoding('utf8')
    server.stderr.on('data', (text) => {
      if (said.length < 20_000) said += text
      if (!said.includes('ready to accept connections')) return
      clearTimeout(timer)
      resolve()
    })
  })
}

/**
 * Ends a server with one of its signals and waits for it.
 *
 * @param {import('node:child_process').ChildProcess} server
 * @param {'SIGINT' | 'SIGQUIT'} signal
 * @returns {Promise<void>}
 */
export function end(server, signal) {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve()
    server.once('exit', () => resolve())
    server.kill(signal)
  })
}
