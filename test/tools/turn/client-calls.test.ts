import assert from 'node:assert/strict'
import { createClientCalls } from '../../../server/tools/turn/client-calls.ts'
import { TOOL_TIME } from '../../../server/tools/turn/tool-time.ts'
import type { Executions } from '../../../server/tools/turn/executions.ts'
import type { UsableTool } from '../../../server/tools/usable-tool.ts'

const OWNER = {
  ...{ to: { client_id: 'c', session_id: 's', conversation_id: 'v' }, turn: 1, attempt: 1, node: 'n' },
}
const nobodyHears = { started: () => undefined, ended: () => undefined }
const executions: Executions = {
  begin: () =>
    Promise.resolve({ state: 'begun', execution_id: 'e', for: { user_identifier: null, proven: false } }),
  finish: () => Promise.resolve(),
}

describe('What strangers wrote', () => {
  it('makes writes ask from the first step on where a call brought it before', async () => {
    const tool = (name: string, rest: Pick<UsableTool, 'policy' | 'returnsOthersWords'>): UsableTool => ({
      definition: { name, description: name, parameters: { type: 'object' } },
      ...{ idempotent: false, label: name, check: () => null, ...rest },
      call: () => Promise.resolve({ status: 200, kind: 'empty', body: null }),
    })
    const reviews = tool('reviews', { policy: 'read', returnsOthersWords: true })
    const book = tool('book', { policy: 'write', returnsOthersWords: false })
    const make = createClientCalls({ sources: [{ of: () => Promise.resolve([reviews, book]) }], executions })
    const asksAfter = async (read: string[]) => {
      let asked = 0
      const confirm = () => {
        asked++
        return Promise.resolve(null)
      }
      const calls = await make(OWNER, nobodyHears, { confirm, waiting: () => undefined }, read)
      await calls.run({ id: 'c', name: 'book', arguments: {} }, '0.0', new AbortController().signal)
      return asked
    }
    assert.deepEqual(
      [await asksAfter(['book']), await asksAfter(['reviews']), await asksAfter([])],
      [0, 1, 0],
    )
  })
})

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
      executions,
      now: () => clock,
    })(OWNER, nobodyHears, { confirm: () => Promise.resolve(null), waiting: () => undefined })
    const { signal } = new AbortController()
    const run = (key: string) => calls.run({ id: key, name: 'look', arguments: {} }, key, signal)
    assert.deepEqual([(await run('0.0')).failed, (await run('1.0')).failed], [false, false])
    clock += 100
    const late = await run('2.0')
    assert.deepEqual(timesLeft, [TOOL_TIME, TOOL_TIME - 29_500])
    assert.match(late.content, /time for tools is used up/)
  })

  it('stands still while the visitor is asked, and the turn says that it only waits', async () => {
    let clock = 0
    const timesLeft: number[] = []
    const waits: boolean[] = []
    const pay: UsableTool = {
      definition: { name: 'pay', description: 'Pays.', parameters: { type: 'object' } },
      ...{ policy: 'confirm', idempotent: false, label: 'Pay', returnsOthersWords: false },
      check: () => null,
      call({ timeLeft }) {
        timesLeft.push(timeLeft)
        clock += 1_000
        return Promise.resolve({ status: 200, kind: 'empty', body: null })
      },
    }
    const answers: (() => void)[] = []
    const calls = await createClientCalls({
      sources: [{ of: () => Promise.resolve([pay]) }],
      executions,
      now: () => clock,
    })(OWNER, nobodyHears, {
      confirm: () =>
        new Promise((resolve) => answers.push(() => resolve({ approved: true, how: 'visitor' }))),
      waiting: (isWaiting) => waits.push(isWaiting),
    })
    const { signal } = new AbortController()
    const run = (key: string) => calls.run({ id: key, name: 'pay', arguments: {} }, key, signal)
    const both = [run('0.0'), run('0.1')]
    assert.deepEqual(waits.at(-1), true)
    clock += 500_000
    answers[0]?.()
    await both[0]
    clock += 50_000
    answers[1]?.()
    await both[1]
    assert.deepEqual(timesLeft, [TOOL_TIME, TOOL_TIME])
    const third = run('1.0')
    answers[2]?.()
    await third
    assert.deepEqual(timesLeft.at(-1), TOOL_TIME - 1_000)
    assert.deepEqual(waits.at(-1), false)
    assert.match(calls.definitions[0]?.description ?? '', /^Pays\. .*asked for a yes/)
  })
})
