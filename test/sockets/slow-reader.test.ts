import assert from 'node:assert/strict'
import type { Socket } from 'socket.io'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { Conversations } from '../../server/conversation/conversations.ts'
import type { Watcher } from '../../server/conversation/publisher.ts'
import { MERGE_LIMITS } from '../../server/conversation/merged-pieces.ts'
import { ConversationWatcher } from '../../sockets/admin/conversation-watcher.ts'
import type { AdminSocket } from '../../sockets/admin/socket-types.ts'
import { unreadBytes } from '../../sockets/engine/unread-bytes.ts'
import type { WidgetSocket } from '../../sockets/widget/socket-types.ts'
import { VisitorConnection } from '../../sockets/widget/visitor-connection.ts'
import { eventually } from '../support/eventually.ts'
import { saying, startEngine, type Running } from './engine-under-test.ts'
import { openRawWebSocket, type RawWebSocket } from './raw-websocket.ts'

const TO = { client_id: 'c1', session_id: 's1', conversation_id: 'v1' }
const NOTHING = {
  snapshot: () => Promise.resolve({ conversation: null, messages: [], has_more: false }),
} as unknown as Conversations
/** Fills what the system holds for a connection; less than what puts its reader's connection at risk. */
const FILLER = 32 * 1024
const WORDS = 3_000

type Reader = Pick<Watcher, 'tell'>

/** Who reads a conversation on a socket, once it was told where it stands. */
const READERS: Record<string, (socket: unknown) => Promise<Reader>> = {
  'visitor’s tab': async (socket) => {
    const connection = new VisitorConnection(socket as WidgetSocket)
    const introducing = {
      ...{ conversations: NOTHING, listeners: { toolsSeen: () => [] } },
      handoffs: { team: () => Promise.resolve({ available: false }) },
      telling: { contactGiven: () => Promise.resolve(false) },
    }
    await connection.introduce(introducing, { id: 's1' } as VisitorSession, { cursor: {} })
    return connection
  },
  'person who watches': async (socket) => {
    const watcher = new ConversationWatcher(socket as AdminSocket, { id: 'v1', session_id: 's1' })
    watcher.begin({ conversation: { epoch: 0 }, reply: {} } as Parameters<typeof watcher.begin>[0])
    await tick()
    return watcher
  },
}

const tick = () => new Promise((resolve) => setImmediate(resolve))

for (const [reader, open] of Object.entries(READERS))
  describe(`A ${reader} that is behind`, function () {
    this.timeout(60_000)
    let running: Running
    let raw: RawWebSocket
    let socket: Socket
    let listener: Reader
    let said: string

    beforeEach(async () => {
      running = await startEngine()
      const joined = saying<Socket>(running.io, 'connection')
      raw = await openRawWebSocket(running.port)
      raw.send('40')
      socket = await joined
      listener = await open(socket)
      said = ''
    })
    afterEach(() => running.close())

    const say = (text: string) => {
      listener.tell(TO, 'reply:delta', 1, 1, said.length, text)
      said += text
    }

    /** Stops reading, and is told more until that shows. */
    async function fallBehind(): Promise<void> {
      raw.socket.pause()
      while (unreadBytes(socket) <= MERGE_LIMITS.above) {
        say('x'.repeat(FILLER))
        await tick()
      }
    }

    it('is sent no word while it is, gets all of them together once it reads again, and none is missing', async () => {
      await fallBehind()
      const before = unreadBytes(socket)
      for (let word = 0; word < WORDS; word++) {
        say(`${word} `)
        if (word % 50 === 0) await tick()
      }
      const sent = unreadBytes(socket) - before
      assert.ok(sent <= FILLER * 2, `${sent} bytes were sent meanwhile`)
      raw.socket.resume()
      await eventually(() => assert.equal(deltas().at(-1)?.end, said.length))
      const read = deltas()
      assert.equal(read.map(({ text }) => text).join(''), said)
      const words = read.filter(({ text }) => text.includes(` ${WORDS - 1} `))
      assert.ok((words[0]?.text.length ?? 0) > 10_000, 'the words came together')
      assert.equal(unreadBytes(socket), 0)
      say('Now one by one. ')
      say('Again.')
      await eventually(() =>
        assert.deepEqual(
          deltas()
            .slice(-2)
            .map(({ text }) => text),
          ['Now one by one. ', 'Again.'],
        ),
      )
    })

    it('is told everything else after what was held for it', async () => {
      await fallBehind()
      say('held')
      listener.tell(TO, 'reply:end', { turn: 1, message: { id: 'm' } as never })
      raw.socket.resume()
      await raw.text((text) => text.includes('"reply:end"'))
      const names = raw.texts().flatMap((text) => /^42\["([a-z:]+)"/.exec(text)?.[1] ?? [])
      assert.equal(names.at(-1), 'reply:end')
      assert.equal(
        deltas()
          .map(({ text }) => text)
          .join(''),
        said,
      )
    })

    it('is closed when it never reads, and nothing is held for it any more', async () => {
      raw.socket.pause()
      while (socket.connected) {
        for (let word = 0; word < 100; word++)
          say('A hundred letters, so that it does not take for ever. '.repeat(2))
        await tick()
      }
      assert.equal(unreadBytes(socket), 0)
      raw.socket.resume()
      await raw.closed
      const text = deltas()
        .map((delta) => delta.text)
        .join('')
      assert.ok(text.length > 0 && said.startsWith(text))
    })

    /** The pieces that were read, which must follow one another without a hole. */
    function deltas(): { text: string; end: number }[] {
      let end = 0
      return raw.texts().flatMap((frame) => {
        if (!frame.startsWith('42["reply:delta"')) return []
        const [offset, text] = (JSON.parse(frame.slice(2)) as unknown[]).slice(-2) as [number, string]
        assert.equal(offset, end, 'a hole')
        end += text.length
        return [{ text, end }]
      })
    }
  })
