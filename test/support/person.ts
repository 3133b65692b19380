import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import {
  ADMIN_EVENTS,
  ADMIN_REQUESTS,
  type AdminData,
  type AdminEvents,
  type AdminPayload,
  type AdminRequest,
  type AdminRequestHandlers,
} from '../../protocol/admin.ts'
import type { Result } from '../../protocol/result.ts'
import type { HandshakeRefusal } from '../../protocol/widget.ts'
import type { AdminRole } from '../../protocol/roles.ts'
import { createAccessTokens } from '../../server/auth/admins/access-tokens.ts'
import type { Database, Statement } from '../../server/infra/database.ts'
import { Inbox } from './inbox.ts'
import { assertFits } from './told-as-promised.ts'

/** What the servers of a test sign tokens with: give it as `JWT_SECRET`. */
export const JWT_SECRET = 'a secret that only this suite knows'

type EventName = keyof AdminEvents

/** One event as it came over the wire. */
export type HeardByPerson = { [E in EventName]: { event: E; args: Parameters<AdminEvents[E]> } }[EventName]

interface Acking {
  emitWithAck(event: string, payload: unknown): Promise<unknown>
}

/** One socket of a person of the business, as a test drives it. */
export class Person {
  readonly heard = new Inbox<HeardByPerson>('event of a person')
  readonly refused = new Inbox<HandshakeRefusal>('refusal')
  readonly closed = new Inbox<string>('close')
  readonly connected: Promise<void>
  readonly socket: Socket<AdminEvents, AdminRequestHandlers>

  constructor(url: string, auth: Record<string, unknown>, headers: Record<string, string> = {}) {
    this.socket = io(`${url}/admin`, {
      ...{ transports: ['websocket'], reconnection: false, forceNew: true },
      ...{ auth, extraHeaders: headers },
    })
    this.connected = new Promise((resolve) => this.socket.on('connect', resolve))
    this.socket.onAny((event: EventName, ...args: unknown[]) => {
      assertFits(ADMIN_EVENTS[event], event === 'reply:delta' ? args : args[0], event)
      this.heard.put({ event, args } as HeardByPerson)
    })
    this.socket.on('connect_error', (error) => {
      if ('data' in error) this.refused.put(error.data as HandshakeRefusal)
    })
    this.socket.io.on('close', (reason) => this.closed.put(reason))
  }

  /** The arguments of the next event of this name. */
  async next<E extends EventName>(event: E): Promise<Parameters<AdminEvents[E]>> {
    const heard = await this.heard.take((one) => one.event === event)
    return heard.args as Parameters<AdminEvents[E]>
  }

  async ask<R extends AdminRequest>(request: R, payload: AdminPayload<R>): Promise<Result<AdminData<R>>> {
    const socket = this.socket as unknown as { timeout(ms: number): Acking }
    const answer = (await socket.timeout(8_000).emitWithAck(request, payload)) as Result<AdminData<R>>
    if (answer.ok) assertFits(ADMIN_REQUESTS[request].data, answer.data, `ack of ${request}`)
    return answer
  }

  /** What a request gives; throws when it is refused. */
  async get<R extends AdminRequest>(request: R, payload: AdminPayload<R>): Promise<AdminData<R>> {
    const answer = await this.ask(request, payload)
    if (!answer.ok) throw new Error(`${request} was refused: ${answer.error.code}`)
    return answer.data
  }

  /** The text of a turn as it is put together from what it `knew` and the pieces; throws on a hole. */
  streamed(conversationId: string, turn: number, knew = ''): string {
    let text = knew
    for (const { event, args } of this.heard.all) {
      if (event === 'reply:start' && args[0].conversation_id === conversationId && args[0].turn === turn)
        text = ''
      if (event !== 'reply:delta' || args[0] !== conversationId || args[1] !== turn) continue
      const [, , , offset, piece] = args
      if (offset !== text.length) throw new Error(`piece at ${offset}, but ${text.length} units were told`)
      text += piece
    }
    return text
  }

  close(): void {
    this.socket.disconnect()
  }
}

/** A person of the business, as kept, and how to sign in as that person. */
export interface KeptPerson {
  id: string
  family: string
  token: string
}

const ADD_PERSON: Statement = {
  name: 'test/add-person',
  text: `
    WITH p AS (
      INSERT INTO admins (id, client_id, email, name, password_hash, role) VALUES ($1, $2, $3, $4, 'x', $5) RETURNING id
    )
    INSERT INTO admin_sessions (admin_id, family, refresh_hash, expires_at)
    SELECT id, $6, sha256($3::text::bytea), now() + interval '1 day' FROM p`,
}

const CLIENT_OF_KEY: Statement = {
  name: 'test/client-of-key',
  text: 'SELECT id FROM clients WHERE api_key = $1',
}

/** The client of the demo shop. */
export async function demoClient(database: Database): Promise<{ id: string }> {
  const [client] = await database.run<{ id: string }>(CLIENT_OF_KEY, ['pk_demo'])
  return client!
}

/** Adds a person: of a client, or of the installation where it is null. `holdsFor` is how long its token does, in ms. */
export async function addPerson(
  database: Database,
  {
    client,
    role = 'agent',
    name = 'Dana',
    ...more
  }: {
    client: { id: string } | null
    role?: AdminRole
    name?: string
    avatar_url?: string
    holdsFor?: number
  },
): Promise<KeptPerson> {
  const [id, family] = [randomUUID(), randomUUID()]
  const client_id = client?.id ?? null
  await database.run(ADD_PERSON, [id, client_id, `${id}@example.com`, name, role, family])
  return { id, family, token: await tokenFor({ id, family }, { client_id, role, name, ...more }) }
}

/** A token of such a person. */
export async function tokenFor(
  { id, family }: Pick<KeptPerson, 'id' | 'family'>,
  says: { client_id: string | null; role?: AdminRole; name?: string; avatar_url?: string; holdsFor?: number },
): Promise<string> {
  const { role = 'agent', name = 'Dana', holdsFor = 600_000, ...more } = says
  const tokens = createAccessTokens(JWT_SECRET, () => Date.now() - 600_000 + holdsFor)
  const { token } = await tokens.issue({ admin_id: id, name, role, family, ...more })
  return token
}
