import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPTS = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'scripts')

const CANARY = 'canary-of-the-environment'
const SECRETS = [
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
  'JWT_SECRET',
  'ENCRYPTION_KEY',
  'DATABASE_URL',
  'ADMIN_PASSWORD',
]

describe("the widget's build", () => {
  let folder: string

  before(function () {
    this.timeout(60_000)
    folder = mkdtempSync(join(tmpdir(), 'parlor-widget-'))
    const { status, stderr } = run('build-widget.mjs')
    assert.equal(status, 0, stderr)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('gives the loader a lasting name, and the chat hashed ones that the manifest tells', () => {
    assert.ok(existsSync(join(folder, 'widget.js')))
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<
      string,
      { file: string; css: string[] }
    >
    const { file, css } = manifest['widget/frame/main.ts']!
    for (const path of [file, ...css]) {
      assert.match(path, /^assets\/.+-[\w-]{8}\.(js|css)$/)
      assert.ok(existsSync(join(folder, path)))
    }
  })

  it('brings no schemas along, and nothing that a strict policy forbids', () => {
    const scripts = ['widget.js', ...readdirSync(join(folder, 'assets')).map((name) => join('assets', name))]
    for (const name of scripts.filter((path) => path.endsWith('.js'))) {
      const code = readFileSync(join(folder, name), 'utf8')
      assert.doesNotMatch(code, /additionalProperties|\beval\(|new Function\(/, name)
    }
  })

  it('takes no secret of the environment along', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    for (const { parentPath, name } of files) {
      assert.ok(!readFileSync(join(parentPath, name), 'latin1').includes(CANARY), name)
    }
  })

  it('has the demo shop, without a script of its own or an inline style', () => {
    const page = readFileSync(join(folder, 'demo', 'index.html'), 'utf8')
    assert.deepEqual(page.match(/<script[^>]*>/g), ['<script src="/widget.js?key=pk_demo" async>'])
    assert.doesNotMatch(page, /<style|style=|https?:/)
  })

  it('keeps within its sizes, and says so when it does not', () => {
    assert.equal(run('sizes.mjs').status, 0)
    appendFileSync(join(folder, 'widget.js'), randomBytes(6 * 1024).toString('base64'))
    const { status, stdout } = run('sizes.mjs')
    assert.equal(status, 1)
    assert.match(stdout, /of 5\.00 KB: what the page loads/)
  })

  function run(script: string): { status: number | null; stdout: string; stderr: string } {
    const secrets = Object.fromEntries(SECRETS.map((name) => [name, CANARY]))
    const env = { ...process.env, ...secrets }
    return spawnSync(process.execPath, [join(SCRIPTS, script), folder], { encoding: 'utf8', env })
  }
})
