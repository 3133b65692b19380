import assert from 'node:assert/strict'
import type { AgentTools } from '../../server/agent/run-agent.ts'
import { ProviderError } from '../../server/llm/provider.ts'
import { eventually } from '../support/eventually.ts'
import { makeSession } from '../support/factories.ts'
import { keptHandoff, setRules, setHandoffStage } from './stage.ts'

describe('The rules of handing over', () => {
  const stage = setHandoffStage({ looks: false })
  const ended = () =>
    stage.node.told.told.take(({ to, event }) => to.session_id === stage.visitor.id && event === 'reply:end')
  let sent = 0
  const turn = async (goes: 'well' | 'wrong' | 'stopped') => {
    await stage.node.conversations.receive(stage.visitor, {
      client_message_id: `m${++sent}`,
      text: 'Where is my order?',
    })
    const call = await stage.nextCall()
    if (goes === 'well') {
      call.say('On its way.')
      call.end()
    } else if (goes === 'wrong') {
      call.fail(new ProviderError('rejected', 'no'))
    } else {
      const { turn_open, turn } = (await keptHandoff(stage.database, stage.visitor)) as unknown as {
        turn_open: boolean
        turn: number
      }
      assert.ok(turn_open)
      await stage.node.conversations.stop(stage.visitor, { turn })
    }
    await ended()
  }
  const isRequested = () =>
    eventually(async () => {
      const { handoff, handoff_by } = await stage.kept()
      assert.deepEqual([handoff, handoff_by], ['requested', 'rule'])
    })
  /** Whatever the rules make of it has been made. */
  const settled = async () => {
    await stage.node.handing.stop()
    return (await stage.kept()).handoff
  }

  it('ask for a person after two failed answers in a row, and tell the visitor', async () => {
    await turn('wrong')
    await turn('wrong')
    await isRequested()
    assert.equal((await stage.kept()).handoff_reason, 'Answers failed one after the other.')
    assert.deepEqual((await stage.node.told.next('handoff:changed'))[0], { state: 'requested', position: 1 })
  })

  it('ask for nobody after one, nor where an answer lies between', async () => {
    for (const goes of ['wrong', 'well', 'wrong'] as const) await turn(goes)
    assert.equal(await settled(), 'none')
  })

  it('let a stopped answer count for nothing', async () => {
    for (const goes of ['wrong', 'stopped', 'wrong'] as const) await turn(goes)
    await isRequested()
  })

  it('begin to count anew after somebody was asked for', async () => {
    await turn('wrong')
    await turn('wrong')
    await isRequested()
    await stage.node.handing.handoffs.withdraw(stage.visitor)
    await turn('wrong')
    assert.equal(await settled(), 'none')
  })

  it('count as the business wants, or not at all', async () => {
    await setRules(stage.database, stage.client.id, { failed_answers: 1 })
    await turn('wrong')
    await isRequested()
    for (const rules of [{ failed_answers: 0 }, { offered: false }]) {
      stage.visitor = await makeSession(stage.database, stage.client)
      await setRules(stage.database, stage.client.id, rules)
      for (const goes of ['wrong', 'wrong', 'wrong'] as const) await turn(goes)
      assert.equal((await stage.kept()).handoff, 'none')
    }
    assert.equal(await settled(), 'none')
  })

  describe('about tools', () => {
    const broken: AgentTools = {
      definitions: [
        { name: 'find_order', description: 'Finds an order.', parameters: { type: 'object' } },
        { name: 'find_shop', description: 'Finds a shop.', parameters: { type: 'object' } },
      ],
      run: ({ id, name }) =>
        Promise.resolve({ call_id: id, name, content: 'The shop is closed', failed: true }),
    }
    const turnCalling = async (...names: string[]) => {
      await stage.node.conversations.receive(stage.visitor, {
        client_message_id: `m${++sent}`,
        text: 'Where is it?',
      })
      for (const name of names) {
        const call = await stage.nextCall()
        call.end({ calls: [{ id: 'c', name, arguments: {} }], stop: 'tools' })
      }
      const last = await stage.nextCall()
      last.say('I could not find out.')
      last.end()
      await ended()
    }
    beforeEach(async () => {
      await stage.node.stop()
      stage.node = await stage.start({ tools: broken })
    })

    it('ask for a person when one of them fails twice in a turn', async () => {
      await turnCalling('find_order', 'find_order')
      await isRequested()
      assert.equal((await stage.kept()).handoff_reason, 'A tool failed again and again.')
    })

    it('ask for nobody when each fails once, nor where the business does not want it', async () => {
      await turnCalling('find_order', 'find_shop')
      await setRules(stage.database, stage.client.id, { failed_calls: 0 })
      await turnCalling('find_order', 'find_order')
      assert.equal(await settled(), 'none')
    })
  })
})
