import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Message } from '../../protocol/records.ts'
import { startServer, type ServerProcess } from '../support/server-process.ts'
import { returning, Visitor } from '../support/visitor.ts'

const QUESTION = 'How long does shipping take, and how do returns work?'

describe('A server killed in mid-answer', function () {
  this.timeout(60_000)
  let folder: string
  let server: ServerProcess
  let tabs: Visitor[]

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-killed-'))
    server = await start()
  })
  after(async () => {
    await server.kill()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    tabs = []
  })
  afterEach(() => {
    for (const tab of tabs) tab.close()
  })

  const start = () => startServer({ DATA_DIR: folder, RATE_LIMITS: 'off', SOCKET_ENGINE: 'auto' })
  const open = (auth: Record<string, unknown> = {}) => {
    const tab = new Visitor(server.url, auth)
    tabs.push(tab)
    return tab
  }
  const restart = async () => {
    await server.kill()
    server = await start()
  }
  /** The transcript of a session once nothing runs in it any more. */
  const settled = async (auth: Record<string, unknown>): Promise<Message[]> => {
    for (;;) {
      const tab = open(auth)
      const { messages, reply } = await tab.ready()
      const last = messages.at(-1)
      if (!reply && last?.role === 'assistant') return messages
      await tab.next('reply:end')
      tab.close()
    }
  }

  it('gives the one answer after it was started again, without the message being sent again', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', QUESTION)
    await tab.next('reply:delta')
    await restart()
    const messages = await settled(returning(ready))
    assert.deepEqual(
      messages.map((message) => [message.role, message.answers_to, message.status]),
      [
        ['user', undefined, undefined],
        ['assistant', 1, 'complete'],
      ],
    )
  })

  it('streams the whole answer again under a higher attempt, equal to what is kept', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', QUESTION)
    const [turn, attempt] = await tab.next('reply:delta')
    await restart()
    const again = open({ ...returning(ready), last_seq: 1, reply: { turn, attempt, offset: 5 } })
    const [{ message }] = await again.next('reply:end')
    const deltas = again.heard.all.flatMap((one) => (one.event === 'reply:delta' ? [one.args[1]] : []))
    assert.ok(deltas.every((of) => of > attempt))
    assert.equal(again.streamed(turn), message.content)
    assert.deepEqual((await settled(returning(ready))).at(-1), message)
  })

  it('keeps a stop that it had acked: the answer is not run again', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', QUESTION)
    const [{ turn }] = await tab.next('reply:start')
    const stopped = tab.ask('reply:stop', { turn })
    const answer = await stopped
    await restart()
    const messages = await settled(returning(ready))
    assert.equal(answer.ok && answer.data.stopped, true)
    assert.deepEqual(
      messages.filter((message) => message.role === 'assistant').map((message) => message.status),
      ['stopped'],
    )
  })

  it('answers every message that it had acked exactly once, whenever it was killed', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', QUESTION)
    await tab.send('m2', 'And where are your shops?')
    await restart()
    const back = open(returning(ready))
    await back.ready()
    const resent = await back.send('m2', 'And where are your shops?')
    assert.equal(resent.seq, 2)
    const messages = await settled(returning(ready))
    const answered = messages.flatMap((message) => message.answers_to ?? [])
    assert.equal(new Set(answered).size, answered.length)
    assert.equal(Math.max(...answered), 2)
    assert.equal(messages.filter((message) => message.role === 'user').length, 2)
  })

  it('drains on SIGTERM: a running answer ends first, then the process does', async () => {
    const tab = open()
    await tab.ready()
    await tab.send('m1', QUESTION)
    await tab.next('reply:delta')
    const code = server.terminate()
    const [{ message }] = await tab.next('reply:end')
    assert.equal(message.status, 'complete')
    await tab.next('server:draining')
    assert.equal(await code, 0)
    server = await start()
  })
})
