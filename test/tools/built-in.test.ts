import assert from 'node:assert/strict'
import type { AgentTools } from '../../server/agent/run-agent.ts'
import { createBuiltIns, type BuiltIn } from '../../server/tools/built-in.ts'

describe('Built-in functions', () => {
  const ran: unknown[] = []
  beforeEach(() => ran.splice(0))
  const { signal } = new AbortController()

  const fold: BuiltIn = {
    definition: { name: 'fold', description: 'Folds a tent.', parameters: { type: 'object' } },
    run: (given, key) => {
      ran.push([given, key])
      return Promise.resolve(
        given['broken'] ? { content: 'It broke.', failed: true } : { content: 'Folded.' },
      )
    },
  }
  const tools: AgentTools = createBuiltIns([fold])

  it('are offered to the agent as they are listed', () => {
    assert.deepEqual(tools.definitions, [fold.definition])
  })

  it('get what the model gave and the call’s key, and answer under its id', async () => {
    const call = { id: 'c1', name: 'fold', arguments: { size: 2 } }
    assert.deepEqual(await tools.run(call, '0.1', signal), {
      call_id: 'c1',
      name: 'fold',
      content: 'Folded.',
      failed: false,
    })
    assert.deepEqual(ran, [[{ size: 2 }, '0.1']])
  })

  it('tell the model what failed', async () => {
    const result = await tools.run({ id: 'c1', name: 'fold', arguments: { broken: true } }, '0.0', signal)
    assert.deepEqual([result.content, result.failed], ['It broke.', true])
  })

  it('tell the model that it wrote broken JSON, or a name that there is not', async () => {
    const broken = await tools.run({ id: 'c1', name: 'fold', arguments: null }, '0.0', signal)
    assert.deepEqual([broken.failed, /JSON/.test(broken.content)], [true, true])
    for (const name of ['unfold', '__proto__', 'constructor', '']) {
      const unknown = await tools.run({ id: 'c2', name, arguments: {} }, '0.1', signal)
      assert.deepEqual(unknown, {
        call_id: 'c2',
        name,
        content: 'There is no function of this name.',
        failed: true,
      })
    }
    assert.deepEqual(ran, [])
  })

  it('do not begin once the turn is broken off', async () => {
    const gone = AbortSignal.abort(new Error('gone'))
    await assert.rejects(tools.run({ id: 'c1', name: 'fold', arguments: {} }, '0.0', gone), /gone/)
    assert.deepEqual(ran, [])
  })
})
