import Type, { type TSchema } from 'typebox'
import { HandshakeRefusal, WIDGET_REQUESTS, WidgetHandshake } from '../../../protocol/widget.ts'
import type { Refer } from '../references.ts'

/** What a request is refused with. */
const Refusal = Type.Object({ ...HandshakeRefusal.properties, message: Type.String() })

const requests = Object.entries(WIDGET_REQUESTS)

/** The messages of the namespace that are no events: the handshake, and each request with its ack. */
export function socketMessages(refer: Refer): Record<string, object> {
  const made = requests.flatMap(([name, { summary, payload, data }]) => [
    [name, { name, summary, payload: refer(payload) }] as const,
    [ackOf(name), { name, title: `Ack of ${name}`, payload: ack(data, refer) }] as const,
  ])
  return {
    connect: {
      name: 'connect',
      summary: 'The `auth` of the handshake. Without a session, one is made.',
      payload: refer(WidgetHandshake),
    },
    connect_error: {
      name: 'connect_error',
      summary: 'A handshake that is refused, as `error.data` tells it; the connection is closed.',
      payload: refer(HandshakeRefusal),
    },
    ...(Object.fromEntries(made) as object),
  }
}

/** What the server is asked and what it tells, from the server's side. `told` are the names of its events. */
export function socketOperations(told: readonly string[]): Record<string, object> {
  const made = requests.map(([name, { summary }]) => [
    name,
    { summary, ...receives(name), reply: { channel: CHANNEL, messages: [message(ackOf(name))] } },
  ])
  return {
    connect: {
      summary: 'Enter the namespace',
      ...receives('connect'),
      reply: { channel: CHANNEL, messages: [message('session:ready'), message('connect_error')] },
    },
    ...(Object.fromEntries(made) as object),
    tell: { action: 'send', channel: CHANNEL, messages: told.map(message) },
  }
}

const CHANNEL = { $ref: '#/channels/widget' }

function receives(name: string): object {
  return { action: 'receive', channel: CHANNEL, messages: [message(name)] }
}

function message(name: string): object {
  return { $ref: `#/channels/widget/messages/${name}` }
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
