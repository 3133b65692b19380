import assert from 'node:assert/strict'
import { createOutbound } from '../../../server/infra/outbound/index.ts'
import { WEBHOOK_LIMITS, type WebhookLimits } from '../../../server/tools/n8n/limits.ts'
import { createWebhookSecret, webhookHeaders } from '../../../server/tools/n8n/sign.ts'
import { createWebhooks, type WebhookCall } from '../../../server/tools/n8n/webhooks.ts'
import { wordOutcome } from '../../../server/tools/words.ts'
import * as n8n from '../../support/stand-in-n8n.ts'

describe('A workflow of n8n', () => {
  const secret = createWebhookSecret()
  const { signal } = new AbortController()
  let standIn: n8n.StandIn
  let clock: number
  beforeEach(async () => {
    standIn = await n8n.startStandIn()
    clock = 1_000_000
  })
  afterEach(() => standIn.close())

  const webhooks = (limits: Partial<WebhookLimits> = {}) =>
    createWebhooks({
      outbound: createOutbound({ allow: [standIn.hostAndPort] }),
      limits: { ...WEBHOOK_LIMITS, pauses: [1, 1], ...limits },
      breaker: { now: () => clock, random: () => 0.5 },
    })
  const callOf = (changes: Partial<WebhookCall> = {}): WebhookCall => ({
    url: `${standIn.url}/orders`,
    secrets: [secret],
    key: '5b0a.3.0.1',
    body: '{"tool":"get_order_status","arguments":{"order":"1001"}}',
    idempotent: false,
    timeLeft: 60_000,
    ...changes,
  })
  /** What the model reads of a workflow that answers so. */
  const said = async (
    answer: Parameters<n8n.StandIn['on']>[1],
    writes = false,
    changes: Partial<WebhookCall> = {},
  ) => {
    standIn.on('/orders', answer)
    return wordOutcome(await webhooks().call(callOf(changes), signal), { writes })
  }

  it('gets a signed POST under the call’s key', async () => {
    standIn.on('/orders', n8n.json({}))
    const before = Math.floor(Date.now() / 1_000)
    await webhooks().call(callOf(), signal)
    const { method, text, headers } = await standIn.calls.take()
    assert.deepEqual([method, text], ['POST', callOf().body])
    assert.deepEqual([headers['idempotency-key'], headers['webhook-id']], ['5b0a.3.0.1', '5b0a_3_0_1'])
    assert.equal(headers['content-type'], 'application/json')
    const seconds = Number(headers['webhook-timestamp'])
    assert.ok(seconds >= before && seconds <= before + 5)
    const expected = webhookHeaders({ id: '5b0a_3_0_1', seconds, body: text }, secret)
    assert.equal(headers['webhook-signature'], expected['webhook-signature'])
  })

  it('answers with JSON, or with text, which n8n calls text/html', async () => {
    const order = { order: '1001', status: 'נשלח', items: [{ name: 'Tent' }] }
    assert.deepEqual(await said(n8n.json(order)), { content: JSON.stringify(order), failed: false })
    const text = n8n.raw('It is on its way.', { 'content-type': 'text/html; charset=utf-8' })
    assert.deepEqual(await said(text), { content: 'It is on its way.', failed: false })
    const plain = n8n.raw('{"a":1}', { 'content-type': 'text/plain' })
    assert.deepEqual(await said(plain), { content: '{"a":1}', failed: false })
  })

  it('has its secrets masked', async () => {
    const { content } = await said(n8n.json({ order: 1, api_key: 'abc', note: 'sk_live_0123456789abcdef' }))
    assert.equal(content, '{"order":1,"api_key":"[hidden]","note":"[hidden]"}')
  })

  it('is said to be in progress when it answers 202, or has only been started', async () => {
    for (const answer of [n8n.json({ id: 7 }, 202), n8n.json({ message: 'Workflow was started' })]) {
      const { content, failed } = await said(answer)
      assert.equal(failed, false)
      assert.match(content, /in progress/)
    }
  })

  it('is said to have failed in n8n’s own words', async () => {
    const broke = await said(n8n.WORKFLOW_BROKE)
    assert.equal(broke.failed, true)
    assert.match(
      broke.content,
      /^The tool failed \(HTTP 500\): Error in workflow\. There is no result: .*apologise/,
    )
    const unknown = await said(n8n.NOT_REGISTERED)
    assert.match(unknown.content, /HTTP 404\): The requested webhook "POST orders" is not registered\./)
    assert.match(
      (await said(n8n.json({ error: { message: 'No such order' } }, 422))).content,
      /: No such order\./,
    )
    assert.ok((await said(n8n.json({ error: 'x'.repeat(5_000) }, 400))).content.length < 800)
  })

  it('is said to have failed when it answers with a page, broken JSON or a picture', async () => {
    const html = { 'content-type': 'text/html' }
    for (const [answer, words] of [
      [n8n.raw('<!DOCTYPE html><title>Sign in</title>', html), /web page/],
      [n8n.raw('{"order":', { 'content-type': 'application/json' }), /cannot be read/],
      [n8n.raw(Buffer.from([0x89, 0x50, 0x4e, 0x47]), { 'content-type': 'image/png' }), /cannot be read/],
    ] as const) {
      const { content, failed } = await said(answer)
      assert.equal(failed, true)
      assert.match(content, words)
    }
  })

  it('is said to have failed where it answers 200 without a word, as n8n does for one that broke; a write may have happened', async () => {
    const wordless = (status: number) => n8n.raw('', {}, status)
    assert.match(
      (await said(wordless(200))).content,
      /^The tool failed: it answered without a word. There is no/,
    )
    const write = await said(wordless(200), true)
    assert.equal(write.failed, true)
    assert.match(write.content, /whether it took effect is not known/i)
    assert.deepEqual(await said(wordless(204)), { content: 'Done. The tool gave no details.', failed: false })
  })

  it('is said to have failed when it is huge, sends us elsewhere, hangs, or breaks off', async () => {
    const redirect = n8n.raw('', { location: 'http://169.254.169.254/' }, 302)
    for (const [answer, words, changes] of [
      [n8n.raw('x'.repeat(65_537), { 'content-type': 'text/plain' }), /too large/, {}],
      [redirect, /another address/, {}],
      [n8n.silent, /in time/, { timeLeft: 100 }],
      [n8n.reset, /connection broke/, {}],
      [n8n.resetInBody, /connection broke/, {}],
    ] as const) {
      const { content, failed } = await said(answer, false, changes)
      assert.equal(failed, true)
      assert.match(content, words)
    }
    assert.equal(standIn.calls.all.length, 5)
    assert.equal((await said(n8n.raw('x'.repeat(65_536), { 'content-type': 'text/plain' }))).failed, false)
  })

  it('is said to have perhaps happened when a write goes wrong halfway', async () => {
    for (const answer of [n8n.reset, n8n.WORKFLOW_BROKE])
      assert.match((await said(answer, true)).content, /not known/)
    assert.match((await said(n8n.silent, true, { timeLeft: 50 })).content, /not known/)
    assert.match((await said(n8n.json({ message: 'No such day' }, 400), true)).content, /There is no result/)
  })

  it('is not called twice where the call may have had an effect', async () => {
    for (const answer of [n8n.reset, n8n.resetInBody, n8n.json({}, 503), n8n.WORKFLOW_BROKE])
      await said(answer)
    assert.equal(standIn.calls.all.length, 4)
  })

  it('is called again, under the same key, where twice does no harm', async () => {
    let times = 0
    standIn.on('/orders', (response, request) => {
      const answer = [n8n.reset, n8n.json({}, 503), n8n.json({ fine: true })][times++]
      answer?.(response, request)
    })
    const outcome = await webhooks().call(callOf({ idempotent: true }), signal)
    assert.deepEqual(outcome, { status: 200, kind: 'json', body: { fine: true } })
    const keys = standIn.calls.all.map(({ headers }) => headers['idempotency-key'])
    assert.deepEqual(keys, ['5b0a.3.0.1', '5b0a.3.0.1', '5b0a.3.0.1'])
  })

  it('is tried again where it could not be reached, whatever it does', async () => {
    let tries = 0
    const outbound = createOutbound({
      allow: [standIn.hostAndPort],
      open: (_, callback) => {
        tries++
        callback(new Error('refused'), null)
      },
    })
    const limits = { ...WEBHOOK_LIMITS, pauses: [1, 1] }
    const outcome = await createWebhooks({ outbound, limits }).call(callOf(), signal)
    assert.deepEqual([outcome, tries], [{ fault: 'unreachable', sent: false }, 3])
  })

  it('is left alone after five failures in a row, and asked again after a pause', async () => {
    const calling = webhooks()
    standIn.on('/orders', n8n.WORKFLOW_BROKE)
    standIn.on('/other', n8n.json({ fine: true }))
    for (let failures = 0; failures < 5; failures++) await calling.call(callOf(), signal)
    const paused = await calling.call(callOf(), signal)
    assert.deepEqual(paused, { fault: 'paused', sent: false })
    assert.match(wordOutcome(paused, { writes: true }).content, /left alone.* There is no result/)
    assert.equal(standIn.calls.all.length, 5)
    const other = await calling.call(callOf({ url: `${standIn.url}/other` }), signal)
    assert.ok('status' in other)

    clock += 10_000
    standIn.on('/orders', n8n.json({ well: true }))
    for (let calls = 0; calls < 2; calls++) assert.ok('status' in (await calling.call(callOf(), signal)))
    assert.equal(standIn.calls.all.length, 8)
  })

  it('is not left alone for answering no', async () => {
    const calling = webhooks()
    standIn.on('/orders', n8n.json({ message: 'No such order' }, 404))
    for (let calls = 0; calls < 7; calls++) await calling.call(callOf(), signal)
    assert.equal(standIn.calls.all.length, 7)
  })

  it('is broken off with the turn', async () => {
    const turn = new AbortController()
    standIn.on('/orders', () => {
      turn.abort(new Error('stopped'))
    })
    await assert.rejects(webhooks().call(callOf(), turn.signal), /stopped/)
  })
})
