import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import type { Env } from '../../server/config/env.ts'
import type { Finding } from '../../server/doctor/finding.ts'
import { examine } from '../../server/doctor/index.ts'
import { examineBuild, examineNode, type LoadEngine } from '../../server/doctor/machine.ts'
import { makeDataFolder } from '../support/databases.ts'
import { runParlor, startParlor } from '../support/parlor-process.ts'

const loads: LoadEngine = () => ({ ok: true })

async function findings(env: Env, loadEngine = loads): Promise<Finding[]> {
  const told: Finding[] = []
  const found = await examine({ env, online: false, loadEngine, tell: (finding) => told.push(finding) })
  assert.deepEqual(told, found)
  return found
}

/** The findings about one part, as `state: text`. */
async function about(part: string, env: Env, loadEngine = loads): Promise<string[]> {
  return (await findings(env, loadEngine))
    .filter((finding) => finding.part === part)
    .map(({ state, text }) => `${state}: ${text}`)
}

describe('The doctor', function () {
  this.timeout(60_000)
  let scratch: string
  let fresh: Record<string, string>

  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'parlor-doctor-'))
    fresh = { DATA_DIR: join(scratch, 'new', 'data'), PORT: '0' }
  })
  after(() => rm(scratch, { recursive: true }))

  it('tells every fault of the configuration, and what can be told without one', async () => {
    const found = await findings({
      PORT: 'eighty',
      SOCKET_ENGINE: 'horse',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
    })
    assert.deepEqual(
      found.map(({ state, part }) => [state, part]),
      [...[1, 2, 3].map(() => ['problem', 'Configuration']), ['ok', 'Node'], ['ok', 'Engine']],
    )
    for (const variable of ['PORT', 'SOCKET_ENGINE', 'DATABASE_URL'])
      assert.ok(found.some(({ text }) => text.startsWith(`${variable} `)))
    assert.doesNotMatch(JSON.stringify(found), /hunter2/)
  })

  it('warns where nobody is limited, and where all visitors would count as one', async () => {
    assert.match(
      (await about('Configuration', { ...fresh, RATE_LIMITS: 'off' })).join(),
      /warning: RATE_LIMITS=off/,
    )
    const behind = { ...fresh, PUBLIC_URL: 'https://chat.example' }
    assert.match((await about('Proxy', behind)).join(), /warning: .*20 sockets in all\. Set TRUSTED_PROXIES/)
    assert.match((await about('Proxy', { ...behind, TRUSTED_PROXIES: '10.0.0.0/8' })).join(), /^ok: /)
    assert.deepEqual(await about('Proxy', fresh), [])
  })

  it('knows which Node is old enough', () => {
    const states = ['18.20.4', '20.18.9', '20.19.0', '22.0.0', '24.1.0'].map(
      (version) => examineNode(version).state,
    )
    assert.deepEqual(states, ['problem', 'problem', 'ok', 'ok', 'ok'])
  })

  it('says why uWebSockets.js does not load: a problem only where it is demanded', async () => {
    const fails: LoadEngine = () => ({ ok: false, reason: 'no binary for this libc.' })
    const told = (SOCKET_ENGINE: string) => about('Engine', { ...fresh, SOCKET_ENGINE }, fails)
    assert.match((await told('auto')).join(), /^warning: .*\(no binary for this libc\)/)
    assert.match((await told('uws')).join(), /^problem: .*no binary for this libc\. Install it/)
    assert.match((await told('node')).join(), /^ok: /)
  })

  it('knows a whole build from one that lacks a file', async () => {
    const folder = join(scratch, 'public')
    await mkdir(join(folder, 'assets'), { recursive: true })
    assert.equal((await examineBuild(folder)).state, 'problem')
    await writeFile(join(folder, 'widget.js'), 'x')
    const entry = { file: 'assets/main.js', css: ['assets/main.css'] }
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ 'widget/frame/main.ts': entry }))
    await writeFile(join(folder, 'assets/main.js'), 'x')
    assert.equal((await examineBuild(folder)).state, 'problem')
    await writeFile(join(folder, 'assets/main.css'), 'x')
    assert.equal((await examineBuild(folder)).state, 'ok')
    await writeFile(join(folder, 'manifest.json'), '{')
    assert.match((await examineBuild(folder)).text, /Run npm run build/)
  })

  it('makes nothing where nothing is yet', async () => {
    const found = await findings(fresh)
    assert.match(JSON.stringify(found), /will be made at the first start/)
    assert.ok(!existsSync(join(scratch, 'new')))
  })

  it('names a data folder that cannot be written', async () => {
    await writeFile(join(scratch, 'file'), '')
    const DATA_DIR = join(scratch, 'file', 'data')
    assert.match(
      (await about('Data folder', { ...fresh, DATA_DIR })).join(),
      /^problem: .*cannot be written \(ENOTDIR\)/,
    )
  })

  it('finds a healthy database in a folder, and leaves the folder free', async () => {
    const { dir, remove } = await makeDataFolder()
    const told = await about('Database', { ...fresh, DATA_DIR: dir })
    assert.deepEqual(
      told.map((line) => line.split(':')[0]),
      ['ok', 'ok', 'ok'],
      told.join(),
    )
    assert.match(told.join(), /Embedded Postgres \d+.*up to date.*partitions/)
    assert.deepEqual(await readdir(join(dir, 'lock')), [])
    await remove()
  })

  it('names an embedded database that is broken', async () => {
    const { dir, remove } = await makeDataFolder()
    await rm(join(dir, 'postgres', 'global'), { recursive: true })
    assert.match(
      (await about('Database', { ...fresh, DATA_DIR: dir })).join(),
      /^problem: .*cannot be opened/,
    )
    await remove()
  })

  it('finds a server that runs on the same data and port in order, and does not disturb it', async () => {
    const { dir, remove } = await makeDataFolder()
    const server = startParlor(['start'], { DATA_DIR: dir, PORT: '0' })
    const [, port = ''] = await server.says(/Health\s+http:\/\/127\.0\.0\.1:(\d+)/)
    const { code, out } = await runParlor(['doctor'], { DATA_DIR: dir, PORT: port })
    assert.match(out, new RegExp(`ok +Database +Another Parlor \\(process ${server.child.pid}\\) is running`))
    assert.match(out, new RegExp(`ok +Port +Parlor \\S+ is running on 127\\.0\\.0\\.1:${port} and serves`))
    assert.doesNotMatch(out, /problem /)
    assert.equal(code, 0)
    assert.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 200)
    server.child.kill('SIGTERM')
    await server.ended
    await remove()
  })

  describe('on a port', () => {
    let other: Server
    before(async () => {
      other = createServer((socket) => socket.on('error', () => undefined).end('220 not HTTP\r\n'))
      other.listen(0, '127.0.0.1')
      await new Promise((resolve) => other.once('listening', resolve))
    })
    after(() => other.close())

    it('tells what has taken it from a Parlor, and names an address that is not ours', async () => {
      const PORT = String((other.address() as AddressInfo).port)
      assert.match((await about('Port', { ...fresh, PORT })).join(), /^problem: .*taken by something else/)
      const elsewhere = { ...fresh, HOST: '192.0.2.1', PORT: '3000' }
      assert.match((await about('Port', elsewhere)).join(), /^problem: .*\(EADDRNOTAVAIL\)/)
    })
  })

  it('ends with code 1 and a count when there is a problem, with 0 when there is none', async () => {
    const bad = await runParlor(['doctor'], { ...fresh, PORT: 'eighty' })
    assert.equal(bad.code, 1)
    assert.match(bad.out, /^problem +Configuration +PORT is "eighty"; expected .+\n/)
    assert.match(bad.out, /\n\n1 problem, 0 warnings\.\n$/)
    const unknown = await runParlor(['doctor', '--offline'], fresh)
    assert.equal(unknown.code, 1)
    assert.match(unknown.err, /"doctor --offline" is not known/)
  })
})
