import assert from 'node:assert/strict'
import type { SessionReady } from '../../protocol/widget.ts'
import { setScriptedStage } from './scripted-stage.ts'

describe('GET /api/v1/sessions/:session_id/sync', () => {
  const stage = setScriptedStage()

  it('says once what events begins with, from the same cursors, and the running answer', async () => {
    const visitor = await stage.newcomer()
    const path = `/api/v1/sessions/${visitor.session.session_id}/sync`
    const sync = (query = '', lastId = '') =>
      visitor.ask<SessionReady>('GET', path + query, undefined, { 'last-event-id': lastId })
    const stream = visitor.listen()
    assert.deepEqual((await sync()).body, await stream.next('session:ready'))
    await visitor.post('messages', { client_message_id: 's1', text: 'Hello' })
    const call = await stage.model.calls.take()
    call.say('Good ')
    await stream.next('reply:delta')
    call.say('morning')
    await stream.next('reply:delta')
    const { messages, reply, conversation } = (await sync('?last_seq=0')).body
    assert.deepEqual([messages.map(({ seq }) => seq), reply?.text], [[1], 'Good morning'])
    const rest = (await sync('', `1.1.1.5.${conversation?.id}`)).body
    assert.deepEqual([rest.messages, rest.reply?.offset, rest.reply?.text], [[], 5, 'morning'])
    assert.equal((await sync('', 'x')).status, 400)
    call.end()
  })
})
