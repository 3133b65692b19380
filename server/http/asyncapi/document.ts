import type { TSchema } from 'typebox'
import { CHAT_EVENTS, STREAM_EVENTS } from '../../../protocol/chat.ts'
import { WIDGET_EVENTS, WIDGET_NAMESPACE } from '../../../protocol/widget.ts'
import { createReferences, type Refer } from '../references.ts'
import { socketMessages, socketOperations } from './socket.ts'

const DESCRIPTION = `What Parlor tells and is asked event by event. The requests of plain HTTP are in
[/openapi.json](/openapi.json).

Sockets speak Socket.IO protocol 5 at \`/socket.io/\`, WebSocket transport only. Streams are server-sent events, read
with \`fetch\`; the id of an event is \`seq.turn.attempt.offset\`, and \`Last-Event-ID\` goes on after it.`

/** The AsyncAPI 3.0 document of everything that is told as events. The same version makes the same document. */
export function asyncApiDocument(version: string): object {
  const references = createReferences('#/components/schemas/')
  const channels = { widget: widget(references.refer), ...streams(references.refer) }
  const told = Object.keys(WIDGET_EVENTS)
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
    channels,
    operations: {
      ...socketOperations(told),
      chat: tells('chat', Object.keys(CHAT_EVENTS)),
      events: tells('events', Object.keys(STREAM_EVENTS)),
    },
    components: { schemas: references.components() },
  }
}

const HOST = { default: 'localhost:3000', description: 'Where the server is.' }

function widget(refer: Refer): object {
  return {
    address: WIDGET_NAMESPACE,
    title: 'The namespace of visitors',
    servers: [{ $ref: '#/servers/sockets' }],
    messages: { ...socketMessages(refer), ...messages(WIDGET_EVENTS, refer) },
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
