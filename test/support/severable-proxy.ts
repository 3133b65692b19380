import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Transform, type TransformCallback } from 'node:stream'

/** A network between a browser and a server that a test can break in every way that networks break. */
export interface SeverableProxy {
  /** The server's address as seen through the proxy. It stays, wherever the server goes. */
  url: string
  /** Connections that are open now. */
  readonly connections: number
  /** Cuts every connection, and each new one, until `mend`. */
  sever(): void
  /** Lets nothing pass any more on the connections that are open now; both ends still believe in them. */
  stall(): void
  /** Lets only what the browser says pass on the connections that are open now: it hears nothing any more. */
  deafen(): void
  /** Cuts each connection, now and from now on, after so many more bytes from the server; null: no more. */
  cutAfter(draw: (() => number) | null): void
  /** Serves new connections again, of the server at `url` where one is given. */
  mend(url?: string): void
  close(): Promise<void>
}

/**
 * A proxy of TCP connections on a free port of this machine, in front of the server at `to`; or of those that it gives
 * when asked, one for each connection, and null where there is none.
 */
export async function startSeverableProxy(to: string | (() => string | null)): Promise<SeverableProxy> {
  const pairs = new Set<Pair>()
  let route = typeof to === 'string' ? () => to : to
  let severed = false
  let draw: (() => number) | null = null

  const server = createServer((near) => {
    const url = severed ? null : route()
    if (url === null) {
      near.resetAndDestroy()
      return
    }
    const { port, hostname } = new URL(url)
    const pair = join(near, connect(Number(port), hostname))
    pairs.add(pair)
    pair.counter.limit(draw)
    near.once('close', () => pairs.delete(pair))
  })
  server.listen(0, HOST)
  await once(server, 'listening')

  const cutAll = () => {
    for (const { near, far } of pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
  }
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    get connections() {
      return pairs.size
    },
    sever() {
      severed = true
      cutAll()
    },
    stall() {
      for (const { near, far } of pairs) {
        near.unpipe().pause()
        far.unpipe().pause()
      }
    },
    deafen() {
      for (const { far } of pairs) far.unpipe().pause()
    },
    cutAfter(drawn) {
      draw = drawn
      for (const { counter } of pairs) counter.limit(draw)
    },
    mend(elsewhere) {
      severed = false
      if (elsewhere !== undefined) route = () => elsewhere
    },
    async close() {
      cutAll()
      server.close()
      await once(server, 'close')
    },
  }
}

const HOST = '127.0.0.1'

/** The two connections that look like one: to the browser and to the server. */
interface Pair {
  near: Socket
  far: Socket
  counter: ByteCounter
}

/** Lets bytes through up to a limit, and cuts the connection there. */
class ByteCounter extends Transform {
  readonly #cut: () => void
  #left = Infinity

  constructor(cut: () => void) {
    super()
    this.#cut = cut
  }

  limit(draw: (() => number) | null): void {
    this.#left = draw === null ? Infinity : draw()
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.push(chunk.subarray(0, Math.min(chunk.length, this.#left)))
    this.#left -= chunk.length
    if (this.#left < 0) setImmediate(this.#cut)
    else done()
  }
}

function join(near: Socket, far: Socket): Pair {
  near.setNoDelay()
  far.setNoDelay()
  const counter = new ByteCounter(() => near.destroy())
  near.pipe(far).pipe(counter).pipe(near)
  // A broken end breaks the other one: that one is broken is all there is to know.
  near.on('error', () => far.destroy())
  far.on('error', () => near.destroy())
  near.once('close', () => far.destroy())
  far.once('close', () => near.destroy())
  return { near, far, counter }
}
