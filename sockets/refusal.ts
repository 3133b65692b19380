import { ERRORS, type ErrorCode } from '../protocol/errors.ts'
import type { HandshakeRefusal } from '../protocol/widget.ts'

/** Refuses a handshake: Socket.IO sends `data` to the client in its CONNECT_ERROR packet. */
export class RefusedHandshake extends Error {
  override readonly name = 'RefusedHandshake'
  readonly data: HandshakeRefusal

  constructor(code: ErrorCode, message: string = ERRORS[code].message, retryAfterMs?: number) {
    super(message)
    const { retryable } = ERRORS[code]
    this.data = { code, retryable, ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }) }
  }
}
