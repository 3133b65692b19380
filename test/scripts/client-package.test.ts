import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')

const PROGRAM = `
import { forServer, forVisitors, type ChatEvent } from 'parlor/client'
const server = forServer({ url: 'http://localhost:3000', secretKey: 'sk_' })
const reply = await server.chat({ message: 'Hello?' })
if (reply.ok) reply.data.tool_calls_made satisfies number
else reply.error.retryable satisfies boolean
for await (const told of server.streamChat({ message: 'Hello?' }) satisfies AsyncIterable<ChatEvent>) {
  if (told.event === 'reply:delta') told.data.text satisfies string
}
const page = await server.call('GET /api/v1/sessions/:session_id/history', { params: { session_id: '1' }, query: { limit: 3 } })
if (page.ok) page.data.messages[0]?.content satisfies string | undefined
forVisitors({ url: '', clientKey: 'pk_' }).session({ session_id: '1', session_token: '2' }).stop(1)
`

/** Each of these lines must not compile. */
const MISTAKES = [
  `await server.chat({ text: 'Hello?' })`,
  `await server.call('GET /api/v1/nowhere', {})`,
  `await server.call('GET /api/v1/sessions/:session_id/history', {})`,
  `await server.call('POST /api/v1/chat', { body: { message: 1 } })`,
  `if (reply.ok) reply.data.response.length`,
]

describe('The package of the client', function () {
  // It compiles a program that uses the client; the client itself is built already.
  this.timeout(90_000)
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'parlor-client-'))
    const parlor = join(folder, 'node_modules/parlor')
    for (const part of ['client', 'protocol'])
      cpSync(join(ROOT, 'dist', part), join(parlor, 'dist', part), { recursive: true })
    cpSync(join(ROOT, 'package.json'), join(parlor, 'package.json'))
    symlinkSync(join(ROOT, 'node_modules/typebox'), join(folder, 'node_modules/typebox'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('types what programs ask and are told, and refuses what is wrong', () => {
    writeFileSync(join(folder, 'right.ts'), PROGRAM)
    const settings = {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      types: [],
      noEmit: true,
      skipLibCheck: true,
    }
    const lib = ['es2023', 'dom', 'dom.asynciterable']
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...settings, lib } }))
    const marked = MISTAKES.map((line) => `// @ts-expect-error\n${line}`)
    writeFileSync(join(folder, 'wrong.ts'), [PROGRAM, ...marked].join('\n'))
    const { status, stdout } = run(TSC, '-p', folder)
    assert.equal(status, 0, stdout)
  })

  it('runs by itself: no package comes along', () => {
    rmSync(join(folder, 'node_modules/typebox'))
    mkdirSync(join(folder, 'alone'))
    const program = join(folder, 'alone', 'run.mjs')
    writeFileSync(program, `import * as client from 'parlor/client'; console.log(Object.keys(client).join())`)
    const { status, stdout, stderr } = run(program)
    assert.equal(status, 0, stderr)
    assert.equal(stdout.trim(), 'forServer,forVisitors')
    assert.doesNotMatch(
      readFileSync(join(folder, 'node_modules/parlor/dist/client/call.js'), 'utf8'),
      /node:/,
    )
  })

  function run(...parameters: string[]) {
    return spawnSync(process.execPath, parameters, { encoding: 'utf8' })
  }
})
