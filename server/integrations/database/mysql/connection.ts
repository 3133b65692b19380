import type { Connection } from 'mysql2'
import type { Link, Login } from '../engine.ts'
import { GuardedStream } from '../guarded-stream.ts'
import { DATABASE_LIMITS } from '../limits.ts'
import { encrypt } from '../tls.ts'

/** A connection that has its limits. `serverVersion`: what the server says of itself. */
export type Work<T> = (connection: Connection, serverVersion: string) => Promise<T>

/** Logs in, sets limits, lets `work` be done, and hangs up. Rejects with whatever goes wrong. */
export async function withConnection<T>(link: Link, login: Login, work: Work<T>): Promise<T> {
  // It takes a while to load, and most servers never need it.
  const { createConnection } = await import('mysql2')
  const { socket, host, port, timeLeft } = link
  const { user, password, database, tls } = login
  const stream = new GuardedStream(socket, DATABASE_LIMITS.received)
  const connection = createConnection({
    ...{ host, port, user, password, database, stream },
    ...(tls ? { ssl: {} } : {}),
    ...VALUES,
    charset: 'utf8mb4',
    // A server may ask for files of ours, and for as many results as it likes.
    flags: ['-LOCAL_FILES', '-MULTI_RESULTS'],
    // Names of columns come from the server; nothing is compiled of them.
    disableEval: true,
    connectTimeout: timeLeft(),
  })
  if (tls) encryptBy(connection, () => stream.secure((plain) => encrypt(plain, host, tls)))
  const broken = new Promise<never>((_, reject) => {
    connection.on('error', reject)
  })
  try {
    return await Promise.race([broken, begin()])
  } finally {
    connection.destroy()
  }

  async function begin(): Promise<T> {
    const serverVersion = await handshakeOf(connection)
    await run(connection, limitsFor(serverVersion, timeLeft()))
    return work(connection, serverVersion)
  }
}

/** Asks for nothing of which a value is part. */
export function run(connection: Connection, text: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    connection.query(text, (error, rows) => {
      if (error) reject(error)
      else resolve(rows as unknown[])
    })
  })
}

/** `5.5.5-10.11.6-MariaDB-0+deb12u1`: it says that it is an old MySQL first. */
export function isMariadb(serverVersion: string): boolean {
  return /mariadb/i.test(serverVersion)
}

/** How values come: times as they are written there, numbers that JavaScript has none for as text. */
const VALUES = { dateStrings: true, supportBigNumbers: true, jsonStrings: true, rowsAsArray: true } as const

/**
 * Has the library's place taken by `secure`: it would check no certificate for an address, lose what is wrong with one,
 * and read what comes encrypted where nobody can catch what it throws over it.
 */
function encryptBy(connection: Connection, secure: () => Promise<void>): void {
  const startTLS = (done: (error?: Error) => void) => {
    secure().then(
      () => {
        done()
      },
      (cause: unknown) => {
        done(new Error('encrypting failed', { cause }))
      },
    )
  }
  Object.assign(connection, { startTLS })
}

function handshakeOf(connection: Connection): Promise<string> {
  return new Promise((resolve) => {
    connection.on('connect', ({ serverVersion }: { serverVersion: string }) => {
      resolve(serverVersion)
    })
  })
}

function limitsFor(serverVersion: string, timeLeft: number): string {
  const time = isMariadb(serverVersion)
    ? `max_statement_time = ${(timeLeft / 1_000).toFixed(3)}`
    : `max_execution_time = ${String(timeLeft)}`
  const lock = String(DATABASE_LIMITS.lock / 1_000)
  return `SET SESSION ${time}, lock_wait_timeout = ${lock}, innodb_lock_wait_timeout = ${lock}`
}
