import assert from 'node:assert/strict'
import { RATES } from '../../protocol/limits.ts'
import { ask } from './raw-http.ts'
import { startApp } from './start-app.ts'

describe('Bringing results', () => {
  it('is limited by the address, before anything is read or looked up', async () => {
    const asked: unknown[] = []
    const app = await startApp(() => ({
      limits: {
        take: (key, rate) => {
          asked.push([key, rate])
          return Promise.resolve({ allowed: false, retryAfterMs: 12_000 })
        },
      },
    }))
    try {
      const target = '/api/v1/callbacks/5a1d7c9e-3f42-4a7b-9c55-0d2c8e6b7f10'
      const headers = { 'x-forwarded-for': '2001:db8::7' }
      const answer = await ask(app.port, target, { method: 'POST', body: '{}', headers })
      assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '12'])
      assert.deepEqual(asked, [['callbacks:2001:db8:0:0::/64', RATES.addressCallbacks]])
    } finally {
      await app.close()
    }
  })
})
