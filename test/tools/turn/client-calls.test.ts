import assert from 'node:assert/strict'
import { createClientCalls } from '../../../server/tools/turn/client-calls.ts'
import { TOOL_TIME } from '../../../server/tools/turn/tool-time.ts'
import type { UsableTool } from '../../../server/tools/usable-tool.ts'

describe('The time for tools', () => {
  it('is a minute for all calls of a turn together, and what would begin at its end is not made', async () => {
    let clock = 0
    const timesLeft: number[] = []
    const look: UsableTool = {
      definition: { name: 'look', description: 'Looks.', parameters: { type: 'object' } },
      ...{ policy: 'read', idempotent: false, label: 'Look', returnsOthersWords: false },
      check: () => null,
      call({ timeLeft }) {
        timesLeft.push(timeLeft)
        clock += 29_500
        return Promise.resolve({ status: 200, kind: 'empty', body: null })
      },
    }
    const calls = await createClientCalls({
      sources: [{ of: () => Promise.resolve([look]) }],
      executions: {
        begin: () =>
          Promise.resolve({
            state: 'begun',
            execution_id: 'e',
            for: { user_identifier: null, proven: false },
          }),
        finish: () => Promise.resolve(),
      },
      now: () => clock,
    })(
      { to: { client_id: 'c', session_id: 's', conversation_id: 'v' }, turn: 1, attempt: 1, node: 'n' },
      { started: () => undefined, ended: () => undefined },
      { confirm: () => Promise.resolve(null), waiting: () => undefined },
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
