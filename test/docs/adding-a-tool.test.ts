import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOutbound } from '../../server/infra/outbound/index.ts'
import { checkParametersSchema } from '../../server/tools/catalogue/parameters-schema.ts'
import { createWebhookSecret } from '../../server/tools/n8n/sign.ts'
import { createWebhooks } from '../../server/tools/n8n/webhooks.ts'
import { wordOutcome } from '../../server/tools/words.ts'

const page = await readFile(join(import.meta.dirname, '../../docs/adding-a-tool.md'), 'utf8')

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1] ?? ''
}

describe('The page about adding a tool', () => {
  it('describes a tool that can be saved', () => {
    const { parameters_schema } = JSON.parse(block('json')) as { parameters_schema: unknown }
    assert.equal(checkParametersSchema(parameters_schema).ok, true)
  })

  describe('shows an endpoint that', () => {
    const secret = createWebhookSecret()
    let folder: string
    let endpoint: ChildProcess
    let port: string
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parlor-endpoint-'))
      await writeFile(join(folder, 'endpoint.mjs'), block('js'))
      const env = { ...process.env, PARLOR_WEBHOOK_SECRET: secret, PORT: '0' }
      endpoint = spawn(process.execPath, ['endpoint.mjs'], { cwd: folder, env })
      const [said] = (await once(endpoint.stdout!, 'data')) as [Buffer]
      port = /\d+/.exec(said.toString())![0]
    })
    after(async () => {
      endpoint.kill()
      await once(endpoint, 'exit')
      await rm(folder, { recursive: true })
    })

    /** What a model reads of a call for an order, signed with `by`. */
    async function called(order: string, by = secret) {
      const address = `127.0.0.1:${port}`
      const webhooks = createWebhooks({ outbound: createOutbound({ allow: [address] }) })
      const body = JSON.stringify({ arguments: { order } })
      const about = { url: `http://${address}/get_order_status`, key: 'c.1.0.0', secrets: [by], body }
      const call = { ...about, idempotent: true, timeLeft: 30_000 }
      return wordOutcome(await webhooks.call(call, new AbortController().signal), { writes: false })
    }

    it('answers what Parlor signs', async () => {
      const { content, failed } = await called('1001')
      assert.equal(failed, false)
      assert.equal((JSON.parse(content) as { status: string }).status, 'on its way')
    })

    it('says what does not work', async () => {
      assert.match((await called('9999')).content, /HTTP 404\): There is no order 9999\./)
    })

    it('refuses what others sign', async () => {
      assert.match((await called('1001', createWebhookSecret())).content, /HTTP 401\): The signature is/)
    })
  })
})
