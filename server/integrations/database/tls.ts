import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'

/** How much a connection is protected: encrypted and the server's name checked; encrypted; not at all. */
export type TlsMode = 'verify-full' | 'require' | 'disable'

/** `authority`: PEM of who issues the server's certificate; null: one that everybody trusts. */
export interface TlsWish {
  mode: Exclude<TlsMode, 'disable'>
  authority: string | null
}

/** The server does not encrypt, or answers something else than whether it does. */
export class NotEncrypted extends Error {
  override readonly name = 'NotEncrypted'
}

/** Encrypts a connection on which both sides are ready for that. Rejects with what Node says of certificates. */
export function encrypt(socket: Socket, host: string, { mode, authority }: TlsWish): Promise<TLSSocket> {
  const name = isIP(host) === 0 ? { servername: host } : {}
  const trusted = authority === null ? {} : { ca: authority }
  return new Promise((resolve, reject) => {
    const options = { socket, host, ...name, ...trusted, rejectUnauthorized: mode === 'verify-full' }
    const secured = connect(options, () => {
      resolve(secured)
    })
    secured.on('error', reject)
  })
}

/** SSLRequest, to which one byte is the answer. https://www.postgresql.org/docs/current/protocol-message-formats.html */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/** Asks a Postgres to encrypt, before anything else is said. Rejects with `NotEncrypted`, and as `encrypt` does. */
export async function encryptPostgres(socket: Socket, host: string, wish: TlsWish): Promise<TLSSocket> {
  socket.write(SSL_REQUEST)
  const answer = await firstPiece(socket)
  // More than the one byte would have been said by somebody in between, and be taken for encrypted.
  if (answer.length !== 1 || answer[0] !== 'S'.charCodeAt(0)) throw new NotEncrypted('it does not encrypt')
  return encrypt(socket, host, wish)
}

function firstPiece(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('data', resolve)
    socket.once('error', reject)
    socket.once('close', () => {
      reject(new Error('it hung up'))
    })
  })
}

/** What is wrong with a certificate or with encrypting, as a sentence for a person; null: something else is wrong. */
export function tlsProblem(found: unknown): string | null {
  // mysql2 writes a code of its own over that of the error which it is given.
  const error = found instanceof Error && found.cause instanceof Error ? found.cause : found
  if (error instanceof NotEncrypted) return 'It does not encrypt: turn TLS on there.'
  const { code = '' } = error as NodeJS.ErrnoException
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'Its certificate was issued by nobody who is trusted here: enter the certificate of its authority (ca).'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'Its certificate is for another name: enter the host as the certificate names it.'
    case 'CERT_HAS_EXPIRED':
      return 'Its certificate has expired.'
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return 'It does not encrypt: turn TLS on there.'
  }
  return /^(?:ERR_SSL_|ERR_TLS_|CERT_|EPROTO$)/.test(code)
    ? 'Encrypting failed: it speaks no TLS that is spoken here, or its certificate is broken.'
    : null
}
