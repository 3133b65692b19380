import type { TSchema } from 'typebox'
import { CHAT_EVENTS, STREAM_EVENTS } from '../../../protocol/chat.ts'
import { createReferences, type Refer } from '../references.ts'
import { NAMESPACES } from './namespaces.ts'
import { socketMessages, socketOperations, type Namespace } from './socket.ts'

const DESCRIPTION = `What Parlor tells and is asked event by event. The requests of plain HTTP are in
[/openapi.json](/openapi.json).

Sockets speak Socket.IO protocol 5 at \`/socket.io/\`, WebSocket transport only. Streams are server-sent events, read
with \`fetch\`; the id of an event is \`seq.turn.attempt.offset\`, and \`Last-Event-ID\` goes on after it.`

/** The AsyncAPI 3.0 document of everything that is told as events. The same version makes the same document. */
export function asyncApiDocument(version: string): object {
  const references = createReferences('#/components/schemas/')
  const { refer } = references
  const sockets = NAMESPACES.map((namespace) => [namespace.channel, describe(namespace, refer)])
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parlor',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    defaultContentType: 'application/json',
    servers: {
      sockets: { host: '{host}', protocol: 'wss', pathname: '/socket.io/', variables: { host: HOST } },
      streams: { host: '{host}', protocol: 'https', variables: { host: HOST } },
    },
    channels: { ...(Object.fromEntries(sockets) as object), ...streams(refer) },
    operations: {
      ...Object.fromEntries(NAMESPACES.flatMap((namespace) => Object.entries(socketOperations(namespace)))),
      chat: tells('chat', Object.keys(CHAT_EVENTS)),
      events: tells('events', Object.keys(STREAM_EVENTS)),
    },
    components: { schemas: references.components() },
  }
}

const HOST = { default: 'localhost:3000', description: 'Where the server is.' }

function describe(namespace: Namespace, refer: Refer): object {
  const { name, title, events } = namespace
  return {
    address: name,
    title,
    servers: [{ $ref: '#/servers/sockets' }],
    messages: { ...socketMessages(namespace, refer), ...messages(events, refer) },
  }
}

function streams(refer: Refer): object {
  const servers = [{ $ref: '#/servers/streams' }]
  return {
    chat: {
      address: '/api/v1/chat',
      title: 'One answer as it is written',
      description: 'The answer to a POST that asks for `text/event-stream`.',
      servers,
      messages: messages(CHAT_EVENTS, refer),
    },
    events: {
      address: '/api/v1/sessions/{session_id}/events',
      title: 'Everything that a visitor is told',
      parameters: { session_id: { description: 'The session, as it was told when it started.' } },
      servers,
      messages: messages(STREAM_EVENTS, refer),
    },
  }
}

function messages(events: Readonly<Record<string, TSchema>>, refer: Refer): Record<string, object> {
  const made = Object.entries(events).map(([name, schema]) => {
    const { description } = schema as { description?: string }
    return [name, { name, ...(description && { summary: description }), payload: refer(schema) }] as const
  })
  return Object.fromEntries(made)
}

function tells(channel: string, names: readonly string[]): object {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${channel}` },
    messages: names.map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` })),
  }
}
