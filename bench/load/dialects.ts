import { randomUUID } from 'node:crypto'
import { PROTOCOL_VERSION } from '../../protocol/version.ts'
import { OTHER, READY, type Dialect } from './dialect.ts'
import { speakSocketIo } from './socket-io.ts'

export type DialectName = 'parlor' | 'usual' | 'raw'

/** How visitors speak with each kind of contender. */
export const DIALECTS: Readonly<Record<DialectName, () => Dialect>> = { parlor, usual, raw }

/** The widget's protocol (docs/protocol.md). */
function parlor(): Dialect {
  return speakSocketIo({
    namespace: '/widget',
    auth: { client_key: 'pk_demo', protocol: PROTOCOL_VERSION },
    readyWhenJoined: false,
    event(name, args) {
      switch (name) {
        case 'reply:delta': {
          const [, attempt, offset, text] = args as [number, number, number, string]
          return { kind: 'piece', text, offset, attempt }
        }
        case 'reply:end': {
          const [{ message }] = args as [{ message: { content: string; status: string } }]
          if (message.status !== 'complete') throw new Error(`An answer ended as ${message.status}`)
          return { kind: 'end', text: message.content }
        }
        case 'session:ready':
          return READY
        default:
          return OTHER
      }
    },
    ask: (text) => ['message:send', { client_message_id: randomUUID(), text }],
  })
}

/** What `peers/usual.ts` and `peers/bare.ts` speak. */
function usual(): Dialect {
  return speakSocketIo({
    namespace: '/',
    auth: {},
    readyWhenJoined: true,
    event(name, args) {
      switch (name) {
        case 'token': {
          const [{ text }] = args as [{ text: string }]
          return { kind: 'piece', text, offset: null, attempt: null }
        }
        case 'done': {
          const [{ content = null }] = args as [{ content?: string }]
          return { kind: 'end', text: content }
        }
        default:
          return OTHER
      }
    },
    ask: (text) => ['message', { text }],
  })
}

/** What `peers/limit.ts` speaks: a frame is a piece, and an empty one the end. */
function raw(): Dialect {
  let isReady = false
  return {
    path: '/',
    read(frame) {
      if (frame !== '') return isReady ? { kind: 'piece', text: frame, offset: null, attempt: null } : OTHER
      if (isReady) return { kind: 'end', text: null }
      isReady = true
      return READY
    },
    ask: (text) => text,
  }
}
