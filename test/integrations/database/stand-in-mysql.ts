import { createHash, randomBytes } from 'node:crypto'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** What a prepared statement comes to: rows of texts, an error, or bytes that are sent as they are. */
export type MysqlAnswer =
  { columns: string[]; rows: Iterable<(string | null)[]> } | { error: number; text: string } | { raw: Buffer }

export interface MysqlStandIn {
  port: number
  /** Statements as they came, prepared or not. */
  said: string[]
  /** What was bound, of each execution. */
  bound: unknown[][]
  answer: (statement: string) => MysqlAnswer
  close(): Promise<void>
}

const NATIVE = 'mysql_native_password'
/** 4.1 protocol, transactions, secure connection, with a database, plugins of authentication. */
const CAPABILITIES = 0x00000001 | 0x00000008 | 0x00000200 | 0x00002000 | 0x00008000 | 0x00080000

/** Speaks the protocol of MySQL as far as logging in, statements and prepared statements go; knows one password. */
export async function startMysqlStandIn(password: string): Promise<MysqlStandIn> {
  const sockets = new Set<Socket>()
  const standIn: Omit<MysqlStandIn, 'port' | 'close'> = {
    said: [],
    bound: [],
    answer: () => ({ columns: [], rows: [] }),
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    serve(socket, password, standIn)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(standIn, {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  })
}

function serve(socket: Socket, password: string, standIn: Omit<MysqlStandIn, 'port' | 'close'>): void {
  const salt = randomBytes(20).map((byte) => (byte % 127) + 1)
  let prepared = ''
  let received = Buffer.alloc(0)
  let isIn = false
  send(socket, 0, greeting(salt))
  socket.on('data', (piece) => {
    received = Buffer.concat([received, piece])
    while (received.length >= 4 && received.length >= 4 + received.readUIntLE(0, 3)) {
      const length = received.readUIntLE(0, 3)
      const [sequence, body] = [received[3] ?? 0, received.subarray(4, 4 + length)]
      received = received.subarray(4 + length)
      if (isIn) hear(body)
      else logIn(body, sequence)
    }
  })

  function logIn(body: Buffer, sequence: number): void {
    isIn = body.includes(token(password, salt))
    send(socket, sequence + 1, isIn ? OK : failure(1045, 'Access denied'))
  }

  function hear(body: Buffer): void {
    const text = body.toString('utf8', 1)
    switch (body[0]) {
      case 0x03:
        standIn.said.push(text)
        if (text === 'SHOW GRANTS')
          reply({ columns: ['Grants'], rows: [['GRANT SELECT ON `shop`.* TO `r`']] }, 'text')
        else send(socket, 1, OK)
        return
      case 0x16:
        standIn.said.push(text)
        prepared = text
        prepare(text)
        return
      case 0x17:
        standIn.bound.push(valuesOf(body, prepared.split('?').length - 1))
        reply(standIn.answer(prepared), 'binary')
    }
  }

  /** `?` in literals are not looked for: who tests writes none. */
  function prepare(text: string): void {
    const count = text.split('?').length - 1
    const head = Buffer.from([0, 1, 0, 0, 0, 0, 0, count, 0, 0, 0, 0])
    const definitions = Array.from({ length: count }, () => column('?'))
    sendAll(socket, count === 0 ? [head] : [head, ...definitions, EOF])
  }

  function reply(answer: MysqlAnswer, form: 'text' | 'binary'): void {
    if ('raw' in answer) socket.write(answer.raw)
    else if ('error' in answer) send(socket, 1, failure(answer.error, answer.text))
    else replyRows(answer, form)
  }

  function replyRows(
    { columns, rows }: Extract<MysqlAnswer, { rows: unknown }>,
    form: 'text' | 'binary',
  ): void {
    let at = sendAll(socket, [Buffer.from([columns.length]), ...columns.map(column), EOF])
    const iterator = rows[Symbol.iterator]()
    const next = () => {
      if (socket.destroyed) return
      const one = iterator.next()
      if (one.done) {
        send(socket, at, EOF)
        return
      }
      send(socket, at++, rowOf(one.value, form))
      if (socket.writableNeedDrain) socket.once('drain', next)
      else setImmediate(next)
    }
    next()
  }
}

const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0])
const EOF = Buffer.from([0xfe, 0, 0, 2, 0])

function greeting(salt: Uint8Array): Buffer {
  const capabilities = Buffer.alloc(4)
  capabilities.writeUInt32LE(CAPABILITIES)
  return Buffer.concat([
    Buffer.from('\x0a8.4.0\0\x01\0\0\0', 'latin1'),
    salt.subarray(0, 8),
    Buffer.from([0]),
    capabilities.subarray(0, 2),
    Buffer.from([45, 2, 0]),
    capabilities.subarray(2),
    Buffer.from([21]),
    Buffer.alloc(10),
    salt.subarray(8),
    Buffer.from(`\0${NATIVE}\0`),
  ])
}

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods_native_password_authentication.html */
function token(password: string, salt: Uint8Array): Buffer {
  const sha1 = (...parts: (string | Uint8Array)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHash('sha1')).digest()
  const once = sha1(password)
  const mask = sha1(salt, sha1(once))
  return Buffer.from(once.map((byte, at) => byte ^ (mask[at] ?? 0)))
}

/** utf8mb4, VAR_STRING. */
function column(name: string): Buffer {
  const tail = Buffer.from([0x0c, 45, 0, 0, 4, 0, 0, 0xfd, 0, 0, 0, 0, 0])
  return Buffer.concat([text('def'), text(''), text(''), text(''), text(name), text(name), tail])
}

function rowOf(values: readonly (string | null)[], form: 'text' | 'binary'): Buffer {
  if (form === 'text') return Buffer.concat(values.map((value) => text(value ?? '')))
  const nulls = Buffer.alloc((values.length + 9) >> 3)
  values.forEach((value, at) => {
    if (value === null) nulls[(at + 2) >> 3] = (nulls[(at + 2) >> 3] ?? 0) | (1 << ((at + 2) & 7))
  })
  return Buffer.concat([
    Buffer.from([0]),
    nulls,
    ...values.flatMap((value) => (value === null ? [] : [text(value)])),
  ])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const head = bytes.length < 251 ? Buffer.from([bytes.length]) : Buffer.alloc(4, 0xfd)
  if (bytes.length >= 251) head.writeUIntLE(bytes.length, 1, 3)
  return Buffer.concat([head, bytes])
}

function failure(number: number, said: string): Buffer {
  const head = Buffer.from([0xff, 0, 0])
  head.writeUInt16LE(number, 1)
  return Buffer.concat([head, Buffer.from(`#42000${said}`)])
}

/** Values of COM_STMT_EXECUTE: texts, numbers, and nothing. */
function valuesOf(body: Buffer, count: number): unknown[] {
  const types = 10 + ((count + 7) >> 3) + 1
  let at = types + count * 2
  return Array.from({ length: count }, (_, index) => {
    const type = body[types + index * 2]
    if (type === 6) return null
    if (type === 5) return body.readDoubleLE((at += 8) - 8)
    if (type === 1) return body[at++] === 1
    const long = body[at] === 0xfc ? 3 : 1
    const length = long === 3 ? body.readUInt16LE(at + 1) : (body[at] ?? 0)
    at += long + length
    return body.toString('utf8', at - length, at)
  })
}

function send(socket: Socket, sequence: number, body: Buffer): void {
  const head = Buffer.alloc(4)
  head.writeUIntLE(body.length, 0, 3)
  head[3] = sequence & 0xff
  socket.write(Buffer.concat([head, body]))
}

function sendAll(socket: Socket, bodies: readonly Buffer[]): number {
  bodies.forEach((body, at) => send(socket, at + 1, body))
  return bodies.length + 1
}
