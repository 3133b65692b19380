import type { Outbound, OutboundAnswer, OutboundFault, OutboundRequest } from '../../infra/outbound/index.ts'
import { AnswerReader } from './answer-reader.ts'
import type { Message, Reply } from './message.ts'

/** Where a server is, and by what header it knows the client. */
export interface McpAddress {
  url: string
  credential: { header: string; value: string } | null
}

/** One message to a server. Without an id, nothing is answered to it. */
export interface Posting {
  id?: string
  method: string
  params: Message
  /** Beside those of the address. */
  headers: Record<string, string>
  timeout: number
  mostBytes: number
}

/**
 * Why there is no reply. `unauthorized`: our credential, or that there is none, is not accepted; `status`: no answer of
 * the protocol, but a status of HTTP; `rejected`: it will not speak with us; `unreadable`: none of this.
 */
export type McpFault = OutboundFault | 'unauthorized' | 'status' | 'rejected' | 'unreadable'

/** `sent`: the other side may have acted upon it. `detail` is for people who look at the server, not for a log. */
export interface McpFailure {
  ok: false
  fault: McpFault
  sent: boolean
  status: number | null
  detail: string
}

/** `sessionId`: the header by which a session begins. */
export type Posted = ({ ok: true; status: number; sessionId: string | null } & Reply) | McpFailure

/** Sends one message and reads what is answered to it. Rejects with the signal's reason. */
export type Post = (to: McpAddress, posting: Posting, signal: AbortSignal) => Promise<Posted>

/**
 * The protocol's HTTP: each message is a POST, and its answer JSON or a stream of events, which is left as soon as the
 * reply stands in it. What the server asks meanwhile is declined, `mostAnswers` times at most; what it tells is not heard.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export function createPost(outbound: Outbound, mostAnswers: number): Post {
  return async (to, posting, signal) => {
    const over = new AbortController()
    const declined: Promise<unknown>[] = []
    const reader = new AnswerReader(posting.id, (asked) => {
      if (declined.length < mostAnswers) declined.push(decline(asked))
    })
    try {
      const answer = await outbound.send(
        requestOf(to, posting, { body: messageOf(posting), isEnough: reader.take }),
        signal,
      )
      return readPosted(answer, reader)
    } finally {
      over.abort()
      await Promise.all(declined)
    }

    function decline(asked: Message): Promise<unknown> {
      const { id, method } = asked
      const body =
        method === 'ping' ? { result: {} } : { error: { code: -32_601, message: 'Not supported here.' } }
      const either = AbortSignal.any([signal, over.signal])
      const request = requestOf(to, posting, { body: { id, ...body }, isEnough: () => true })
      return outbound.send(request, either).catch(() => null)
    }
  }
}

function requestOf(
  { url, credential }: McpAddress,
  { headers, timeout, mostBytes }: Posting,
  { body, isEnough }: { body: Message } & Pick<Required<OutboundRequest>, 'isEnough'>,
): OutboundRequest {
  return {
    ...{ method: 'POST', url, timeout, mostBytes, isEnough },
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'user-agent': 'Parlor',
      ...headers,
      ...(credential && { [credential.header]: credential.value }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...body }),
  }
}

function messageOf({ id, method, params }: Posting): Message {
  return id === undefined ? { method, params } : { id, method, params }
}

function readPosted(answer: OutboundAnswer, reader: AnswerReader): Posted {
  if (!answer.ok)
    return { ok: false, fault: answer.fault, sent: answer.sent, status: null, detail: answer.detail }
  const { status, headers, body } = answer
  const failed = (fault: McpFault, sent: boolean, detail: string): McpFailure => {
    return { ok: false, fault, sent, status, detail }
  }
  if (status === 401 || status === 403) return failed('unauthorized', false, `HTTP ${String(status)}`)
  const reply = reader.end(status, headers, body)
  if (reply === null) {
    return status >= 400
      ? failed('status', status >= 500, `HTTP ${String(status)}`)
      : failed('unreadable', true, `no answer of the protocol (HTTP ${String(status)})`)
  }
  const { 'mcp-session-id': sessionId } = headers
  return { ok: true, status, sessionId: typeof sessionId === 'string' ? sessionId : null, ...reply }
}
