import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

describe('the count of a test run', () => {
  let folder: string
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'parlor-count-'))))
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('tells what passed, failed and was skipped, and what failed by its name', async () => {
    const { counts, code } = await run(`
      it('passes', () => {})
      it('passes too', () => {})
      it('fails', () => { throw new Error('on purpose') })
      it.skip('is skipped', () => {})`)
    assert.deepEqual(counts, { passed: 2, failed: 1, skipped: 1, failures: ['fails'] })
    assert.equal(code, 1)
  })

  it('is good only if nothing is left open', async () => {
    const { counts, code, said } = await run(`it('leaks', () => void setInterval(() => {}, 1000))`)
    assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 0, failures: [] })
    assert.equal(code, 70)
    assert.match(said, /Tests left something open: .*Timeout/)
  })

  async function run(source: string) {
    const file = join(folder, 'some.test.cjs')
    const counts = join(folder, 'counts.json')
    await writeFile(file, source)
    const mocha = join(ROOT, 'node_modules/mocha/bin/mocha.js')
    const reporter = join(ROOT, 'scripts/count-reporter.cjs')
    const child = spawn(process.execPath, [mocha, '--no-config', '--reporter', reporter, file], {
      env: { ...process.env, TEST_COUNTS: counts },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const [code] = (await once(child, 'close')) as [number]
    return { code, said, counts: JSON.parse(await readFile(counts, 'utf8')) as unknown }
  }
})
