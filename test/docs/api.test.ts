import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { defineModels } from '../../models/index.ts'
import { OPERATIONS } from '../../protocol/operations/index.ts'
import { createSecretKeys } from '../../server/auth/secret-keys.ts'
import type { Provider } from '../../server/llm/provider.ts'
import { startApp, type TestApp } from '../support/app.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/api.md'), 'utf8')

/** curl's own word for that it hung up after the time given. */
const HUNG_UP = 28

/** One example of the page, and what it shows to come of it. */
interface Example {
  code: string
  shown: string | null
  language: string
}

const THINKS_MS = 300

const polite: Provider = {
  name: 'polite',
  defaultModel: 'polite-1',
  smallModel: null,
  async ask(_request, onText) {
    // As models do: whoever answers at once may be done before a stream of the answer is there.
    await new Promise((resolve) => setTimeout(resolve, THINKS_MS))
    onText('Welcome!')
    return { text: 'Welcome!', calls: [], stop: 'end', usage: { input: 1, output: 1, cached: 0 } }
  },
}

describe('docs/api.md', () => {
  let app: TestApp
  let env: NodeJS.ProcessEnv
  before(async () => {
    app = await startApp({ provider: polite })
    const { database } = app.place
    const issued = await createSecretKeys(database, defineModels(database.sequelize)).create({ api_key: 'pk_demo' }, 'docs')
    assert.ok(issued.ok)
    env = { PATH: process.env['PATH'], PARLOR_URL: app.url, SECRET_KEY: issued.data.key }
  })
  after(() => app.close())

  for (const { code, shown, language } of examplesOf(PAGE)) {
    const [title = ''] = code.split('\n').filter((line) => /curl|api\/v1/.test(line))
    it(`tells the truth: ${title.trim()}`, async () => {
      const output = await run(code, env)
      remember(output, env)
      if (shown === null) assert.notEqual(output, '')
      else if (language === 'json') assertAlike(JSON.parse(output), JSON.parse(shown), 'it')
      else assert.deepEqual(eventsOf(output), eventsOf(shown))
      if (shown === null) assert.ok(!output.includes('"code":'), output)
    })
  }

  it('leads to docs/protocol.md, which names every operation', () => {
    const protocol = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8')
    for (const operation of Object.keys(OPERATIONS)) assert.ok(protocol.includes(`\`${operation}\``), operation)
  })

  it('shows a program that runs', async () => {
    const [, program = ''] = /```ts\n([^]*?)```/.exec(PAGE) ?? []
    const folder = mkdtempSync(join(tmpdir(), 'parlor-docs-'))
    try {
      const file = join(folder, 'program.mts')
      writeFileSync(file, program.replace("'parlor/client'", JSON.stringify(join(ROOT, 'client/index.ts'))))
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file], { cwd: ROOT, env })
      assert.equal(stdout, 'Welcome!\ntrue\n')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** Every block of shell that asks something, with the block right after it, if there is one. */
function examplesOf(page: string): Example[] {
  const blocks = [...page.matchAll(/```sh\n([^]*?)```\n(?:\n```(json|text)\n([^]*?)```\n)?/g)]
  return blocks
    .map(([, code = '', language = '', shown]) => ({ code, language, shown: shown ?? null }))
    .filter(({ code }) => code.includes('curl'))
}

async function run(code: string, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    return (await promisify(execFile)('bash', ['-euc', code], { env })).stdout
  } catch (error) {
    const { code: ended, stdout = '' } = error as { code?: number; stdout?: string }
    if (ended !== HUNG_UP) throw error
    return stdout
  }
}

/** What the page says that later examples stand for. */
function remember(output: string, env: NodeJS.ProcessEnv): void {
  for (const [name, key] of [['SESSION_ID', 'session_id'], ['SESSION_TOKEN', 'session_token']] as const) {
    const value = new RegExp(`"${key}":"([^"]+)"`).exec(output)?.[1]
    if (value !== undefined) env[name] = value
  }
}

/** The same names, and values of the same kind; words that stand for a code or a state are the same words. */
function assertAlike(real: unknown, shown: unknown, place: string): void {
  assert.equal(Array.isArray(real), Array.isArray(shown), place)
  assert.equal(real === null ? 'null' : typeof real, shown === null ? 'null' : typeof shown, place)
  if (typeof real !== 'object' || real === null) {
    if (/\.(code|status|state|role|handled_by|handoff|title)$/.test(place)) assert.equal(real, shown, place)
    return
  }
  assert.deepEqual(Object.keys(real).sort(), Object.keys(shown as object).sort(), place)
  for (const [name, value] of Object.entries(real)) {
    assertAlike(value, (shown as Record<string, unknown>)[name], `${place}.${name}`)
  }
}

/** Each event's name, id and the names in its data. */
function eventsOf(text: string): (string | undefined)[][] {
  return text
    .trim()
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const data = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '') as object
      return [/^event: (.*)$/m.exec(block)?.[1], /^id: (.*)$/m.exec(block)?.[1], ...Object.keys(data)]
    })
}
