import { createServer } from 'node:net'
import { uServer } from 'engine.io'
import type { Logger } from 'pino'
import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js'
import { bridgeToUws } from '../../server/http/uws-bridge.ts'
import type { Engine } from './engine.ts'
import { ENGINE_OPTIONS, SOCKET_PATH } from './limits.ts'
import type { UwsModule } from './load-uws.ts'
import { closeSlowReaders } from './uws-slow-readers.ts'

/**
 * HTTP and Socket.IO on one uWebSockets.js application. Not by `io.attachApp`: that patches the adapter of every
 * Socket.IO server in the process, so that two of them would deliver each other's messages.
 */
export function createUwsEngine(parts: { uws: UwsModule; log: Logger; sharesPort: boolean }): Engine {
  const { uws, log, sharesPort } = parts
  const app = uws.App()
  let listening: us_listen_socket | null = null
  let open = true

  function stopListening(): void {
    if (listening !== null) uws.us_listen_socket_close(listening)
    listening = null
  }

  return {
    kind: 'uws',
    attach(io) {
      const engine = new uServer(ENGINE_OPTIONS)
      engine.attach(closeSlowReaders(app), { path: SOCKET_PATH })
      io.bind(engine)
    },
    serve(fetch) {
      app.any('/*', bridgeToUws(fetch, log))
    },
    async listen(host, port) {
      listening = listenAs(sharesPort ? SHARED_PORT : EXCLUSIVE_PORT, app, host, port)
      if (listening !== null) return { port: uws.us_socket_local_port(listening) }
      throw await reasonNotToListen(host, port)
    },
    stopListening,
    close() {
      stopListening()
      if (open) app.close()
      open = false
      return Promise.resolve()
    },
  }
}

/** LIBUS_LISTEN_EXCLUSIVE_PORT, without which uWebSockets.js silently shares a port with another such process. */
const EXCLUSIVE_PORT = 1
/** LIBUS_LISTEN_DEFAULT: SO_REUSEPORT, by which Linux spreads connections over all who listen. */
const SHARED_PORT = 0

function listenAs(how: number, app: TemplatedApp, host: string, port: number): us_listen_socket | null {
  let socket: us_listen_socket | null = null
  // This overload is there, but missing from the types.
  const listen = app.listen.bind(app) as unknown as (
    host: string,
    port: number,
    options: number,
    listened: (socket: us_listen_socket | false) => void,
  ) => void
  listen(host, port, how, (token) => (socket = token === false ? null : token))
  return socket
}

/** uWebSockets.js tells nothing but failure: node:net finds out why. */
function reasonNotToListen(host: string, port: number): Promise<Error> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen({ host, port, exclusive: true }, () => {
      const reason = new Error(`listen EADDRINUSE: address already in use ${host}:${port}`)
      probe.close(() => resolve(Object.assign(reason, { code: 'EADDRINUSE' })))
    })
  })
}
