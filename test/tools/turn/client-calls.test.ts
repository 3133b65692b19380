import assert from 'node:assert/strict'
import { createClientCalls, TOOL_TIME } from '../../../server/tools/turn/client-calls.ts'

describe('The time for tools', () => {
  it('is a minute for all calls of a turn together, and what would begin at its end is not made', async () => {
    let clock = 0
    const timesLeft: number[] = []
    const calls = await createClientCalls({
      directory: {
        of: () =>
          Promise.resolve([
            {
              definition: { name: 'look', description: 'Looks.', parameters: { type: 'object' } },
              check: () => null,
              ...{ url: 'https://n8n.example/', secret: 'whsec_', config: {}, label: 'Look' },
              ...{ policy: 'read' as const, idempotent: false },
            },
          ]),
      },
      executions: {
        begin: () => Promise.resolve({ state: 'begun', for: { user_identifier: null, proven: false } }),
        finish: () => Promise.resolve(),
      },
      webhooks: {
        call({ timeLeft }) {
          timesLeft.push(timeLeft)
          clock += 29_500
          return Promise.resolve({ status: 200, kind: 'empty', body: null })
        },
      },
      now: () => clock,
    })(
      { to: { client_id: 'c', session_id: 's', conversation_id: 'v' }, turn: 1, attempt: 1, node: 'n' },
      { started: () => undefined, ended: () => undefined },
    )
    const { signal } = new AbortController()
    const run = (key: string) => calls.run({ id: key, name: 'look', arguments: {} }, key, signal)
    assert.deepEqual([(await run('0.0')).failed, (await run('1.0')).failed], [false, false])
    clock += 100
    const late = await run('2.0')
    assert.deepEqual(timesLeft, [TOOL_TIME, TOOL_TIME - 29_500])
    assert.match(late.content, /time for tools is used up/)
  })
})
