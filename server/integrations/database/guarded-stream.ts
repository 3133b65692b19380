import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** The other side has sent more than is taken. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch'
}

/**
 * A connection that stands, as drivers take one: of what it brings, no more than `mostBytes` are taken, and what a driver
 * throws over it ends the connection, not the process. A server that a tenant names may send anything, and drivers read
 * what they hear where nobody else could catch it.
 */
export class GuardedStream extends Duplex {
  #under: Socket
  #left: number

  constructor(under: Socket, mostBytes: number) {
    super({ autoDestroy: true })
    this.#left = mostBytes
    this.#under = under
    this.#listen()
  }

  /** Goes on over what `encrypt` makes of the connection. Nothing may be written until it has. Rejects as `encrypt` does. */
  async secure(encrypt: (plain: Socket) => Promise<Socket>): Promise<void> {
    const plain = this.#under
    this.#leave()
    // Whoever encrypts tells of it.
    plain.on('error', () => undefined)
    this.#under = await encrypt(plain)
    this.#listen()
  }

  /** Drivers connect their streams themselves; this one is connected already, and says so. */
  connect(): this {
    process.nextTick(() => this.emit('connect'))
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  override emit(event: string | symbol, ...given: unknown[]): boolean {
    try {
      return super.emit(event, ...given)
    } catch (error) {
      this.destroy(error as Error)
      return true
    }
  }

  override _read(): void {
    this.#under.resume()
  }

  override _write(piece: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#under.write(piece, encoding, done)
  }

  override _final(done: () => void): void {
    this.#under.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#under.destroy()
    done(error)
  }

  #listen(): void {
    this.#under
      .on('data', this.#onData)
      .on('end', this.#onEnd)
      .on('error', this.#onError)
      .on('close', this.#onClose)
  }

  #leave(): void {
    this.#under.off('data', this.#onData).off('end', this.#onEnd)
    this.#under.off('error', this.#onError).off('close', this.#onClose)
  }

  readonly #onData = (piece: Buffer) => {
    this.#left -= piece.length
    if (this.#left < 0) this.destroy(new TooMuch('more was sent than is taken'))
    else if (!this.push(piece)) this.#under.pause()
  }
  readonly #onEnd = () => this.push(null)
  readonly #onError = (error: Error) => this.destroy(error)
  readonly #onClose = () => this.destroy()
}
