import assert from 'node:assert/strict'
import { createWebhookSecret, isSignedWith, webhookHeaders } from '../../../server/tools/n8n/sign.ts'

describe('The signature of a webhook', () => {
  it('is the one that libraries of Standard Webhooks expect', () => {
    const webhook = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      seconds: 1_614_265_330,
      body: '{"test": 2432232314}',
    }
    assert.deepEqual(webhookHeaders(webhook, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('is one of several where several secrets count, and one that fits is enough', () => {
    const [old = '', current = '', foreign = ''] = [1, 2, 3].map(() => createWebhookSecret())
    const webhook = { id: 'msg_1', seconds: 1_614_265_330, body: '{"a":"שלום"}' }
    const { 'webhook-signature': both } = webhookHeaders(webhook, current, old)
    assert.match(both, /^v1,\S{44} v1,\S{44}$/)
    const isGood = (secrets: string[], signatures = both, changed = {}) =>
      isSignedWith({ ...webhook, ...changed }, signatures, secrets)
    assert.deepEqual([isGood([old]), isGood([current]), isGood([foreign, old])], [true, true, true])
    assert.ok(isGood([old], `v1a,AAAA v2,x v1, ${both}`))
    assert.ok(isGood([old], both, { body: Buffer.from(webhook.body) }))
    for (const signatures of ['', 'v1,', 'v1', both.replaceAll('v1,', ''), both.replaceAll('v1,', 'v2,')])
      assert.ok(!isGood([old, current], signatures), signatures)
    assert.ok(!isGood([foreign]))
    assert.ok(!isGood([]))
    for (const changed of [{ id: 'msg_2' }, { seconds: 1_614_265_331 }, { body: '{"a":"שלומ"}' }])
      assert.ok(!isGood([old, current], both, changed))
    assert.ok(!isGood([old, current], `${'v1,AAAA '.repeat(10)}${both}`))
  })

  it('is made with a secret of 256 bits, another one each time', () => {
    const secrets = [createWebhookSecret(), createWebhookSecret()]
    for (const secret of secrets) {
      assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
      assert.equal(Buffer.from(secret.slice(6), 'base64').length, 32)
    }
    assert.notEqual(secrets[0], secrets[1])
  })
})
