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
  const folder = mkdtempSync(join(tmpdir(), 'parlor-pg-'))
  const user = postgresUser()
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  try {
    makeCluster(join(bin, 'initdb'), data, user)
    const port = await freePort()
    const settings = [...SETTINGS, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
    const parameters = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
    const server = spawn(join(bin, 'postgres'), parameters, {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await ready(server)
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: () => stop(server, folder) }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
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

/** SIGINT is a fast shutdown: it does not wait for clients. */
function stop(server, folder) {
  return new Promise((resolve) => {
    const end = () => {
      rmSync(folder, { recursive: true, force: true })
      resolve()
    }
    if (server.exitCode !== null || server.signalCode !== null) return end()
    server.once('exit', end)
    server.kill('SIGINT')
  })
}
