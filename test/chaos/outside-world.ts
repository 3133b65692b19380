import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Effect } from './truth.ts'

/** Where tools have their effects: it writes down each, as often as it is asked for. */
export interface OutsideWorld {
  url: string
  effects: readonly Effect[]
  close(): void
}

export async function openOutsideWorld(): Promise<OutsideWorld> {
  const effects: Effect[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    request.once('end', () => {
      effects.push(JSON.parse(text) as Effect)
      response.end()
    })
    // Who asked may be killed in the middle.
    request.on('error', () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    effects,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
