import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { checkParametersSchema } from '../../server/tools/catalogue/parameters-schema.ts'
import { holds, readSignature } from '../../server/tools/callbacks/verify.ts'
import { createWebhookSecret, webhookHeaders } from '../../server/tools/n8n/sign.ts'

type Sign = (
  brought: object,
  secret: string,
  id: string,
) => { body: string; headers: Record<string, string> }
type Verify = (headers: Record<string, string>, rawBody: string, secret: string) => boolean

describe('The page about tools', () => {
  let page: string
  before(async () => {
    page = await readFile(join(import.meta.dirname, '../../docs/tools.md'), 'utf8')
  })
  const block = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1] ?? ''

  it('verifies what we sign, and nothing that was altered, is old, or is signed by others', () => {
    const context = createContext({ require: createRequire(import.meta.url), Buffer })
    const verify = runInContext(`${block('js')}\nverify`, context) as Verify
    const secret = createWebhookSecret()
    const body = '{"tool":"get_order_status","arguments":{"order":"שלום"}}'
    const seconds = Math.floor(Date.now() / 1_000)
    const headers = webhookHeaders({ id: 'a_1_0_0', seconds, body }, secret)
    assert.equal(verify(headers, body, secret), true)
    assert.equal(verify(headers, body.replace('order"', 'orders"'), secret), false)
    assert.equal(verify({ ...headers, 'webhook-id': 'a_1_0_1' }, body, secret), false)
    assert.equal(verify(headers, body, createWebhookSecret()), false)
    const old = webhookHeaders({ id: 'a_1_0_0', seconds: seconds - 400, body }, secret)
    assert.equal(verify(old, body, secret), false)
  })

  it('signs late results as they are checked', () => {
    const context = createContext({ require: createRequire(import.meta.url), Buffer })
    const [, , code = ''] = page.split('```js\n').map((part) => part.split('```')[0])
    const sign = runInContext(`${code}\nsign`, context) as Sign
    const secret = createWebhookSecret()
    const { body, headers } = sign({ result: 'נשלח' }, secret, 'result-1001')
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers
    const claim = readSignature({ id, timestamp, signature }, Date.now())
    assert.ok(claim)
    assert.equal(holds(claim, Buffer.from(body), [secret]), true)
  })

  it('describes a tool that can be saved', () => {
    const { parameters_schema } = JSON.parse(block('json')) as { parameters_schema: unknown }
    assert.equal(checkParametersSchema(parameters_schema).ok, true)
  })
})
