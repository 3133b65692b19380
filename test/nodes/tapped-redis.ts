import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'

/** A way to a Redis on which all that Redis says can be read along. */
export interface TappedRedis {
  url: string
  /** All that Redis has said through it. */
  heard(): string
  close(): Promise<void>
}

export async function tapRedis(port: number): Promise<TappedRedis> {
  let heard = ''
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    far.on('data', (data) => (heard += data.toString('latin1')))
    near.pipe(far).pipe(near)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy())
      one.once('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => heard,
    async close() {
      server.close()
      await once(server, 'close')
    },
  }
}
