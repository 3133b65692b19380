import Type, { type TSchema } from 'typebox'
import { HandshakeRefusal } from '../../../protocol/widget.ts'
import type { Refer } from '../references.ts'

/** A namespace of Socket.IO, as it is described. */
export interface Namespace {
  /** Its channel in the document. */
  channel: string
  /** Its address. */
  name: string
  title: string
  handshake: { summary: string; auth: TSchema }
  /** The first event of every connection, where there is one. */
  welcome?: string
  requests: Readonly<Record<string, { summary: string; payload: TSchema; data: TSchema }>>
  events: Readonly<Record<string, TSchema>>
}

/** What a request is refused with. */
const Refusal = Type.Object({ ...HandshakeRefusal.properties, message: Type.String() })

/** The messages of a namespace that are no events: the handshake, and each request with its ack. */
export function socketMessages({ handshake, requests }: Namespace, refer: Refer): Record<string, object> {
  const made = Object.entries(requests).flatMap(([name, { summary, payload, data }]) => [
    [name, { name, summary, payload: refer(payload) }] as const,
    [ackOf(name), { name, title: `Ack of ${name}`, payload: ack(data, refer) }] as const,
  ])
  return {
    connect: { name: 'connect', summary: handshake.summary, payload: refer(handshake.auth) },
    connect_error: {
      name: 'connect_error',
      summary: 'A handshake that is refused, as `error.data` tells it; the connection is closed.',
      payload: refer(HandshakeRefusal),
    },
    ...(Object.fromEntries(made) as object),
  }
}

/**
 * What the server is asked and what it tells in a namespace, from the server's side. Names are those of the events,
 * after the channel's own: `widget.connect`.
 */
export function socketOperations({ channel, welcome, requests, events }: Namespace): Record<string, object> {
  const place = { $ref: `#/channels/${channel}` }
  const message = (name: string): object => ({ $ref: `#/channels/${channel}/messages/${name}` })
  const receives = (name: string) => ({ action: 'receive', channel: place, messages: [message(name)] })
  const made = Object.entries(requests).map(([name, { summary }]) => [
    `${channel}.${name}`,
    { summary, ...receives(name), reply: { channel: place, messages: [message(ackOf(name))] } },
  ])
  const greeted = [...(welcome === undefined ? [] : [message(welcome)]), message('connect_error')]
  return {
    [`${channel}.connect`]: {
      summary: 'Enter the namespace',
      ...receives('connect'),
      reply: { channel: place, messages: greeted },
    },
    ...(Object.fromEntries(made) as object),
    [`${channel}.tell`]: { action: 'send', channel: place, messages: Object.keys(events).map(message) },
  }
}

function ackOf(request: string): string {
  return `${request}.ack`
}

function ack(data: TSchema, refer: Refer): object {
  return {
    oneOf: [
      refer(Type.Object({ ok: Type.Literal(true), data })),
      refer(Type.Object({ ok: Type.Literal(false), error: Refusal })),
    ],
  }
}
