import assert from 'node:assert/strict'
import { createWebhookSecret, webhookHeaders } from '../../../server/tools/n8n/sign.ts'

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

  it('is made with a secret of 256 bits, another one each time', () => {
    const secrets = [createWebhookSecret(), createWebhookSecret()]
    for (const secret of secrets) {
      assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
      assert.equal(Buffer.from(secret.slice(6), 'base64').length, 32)
    }
    assert.notEqual(secrets[0], secrets[1])
  })
})
