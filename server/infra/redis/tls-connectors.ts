import { connect, type ConnectionOptions } from 'node:tls'
import type * as Library from 'ioredis'
import type { RedisOptions } from 'ioredis'

type Connector = NonNullable<RedisOptions['Connector']>
type Stream = Awaited<ReturnType<Library.AbstractConnector['connect']>>
type Report = Parameters<Library.AbstractConnector['connect']>[0]

/**
 * How ioredis gets its encrypted connections, in place of its own ways, which hear one error of a connection only. One
 * that was refused for its certificate may have another when the server hangs up, and that would end the process.
 */
export function tlsConnectors({ AbstractConnector, SentinelConnector }: typeof Library): {
  direct: Connector
  sentinel: Connector
} {
  class Direct extends AbstractConnector {
    readonly #options: RedisOptions

    constructor(options: unknown) {
      const known = options as RedisOptions
      super(known.disconnectTimeout ?? 2_000)
      this.#options = known
    }

    connect(): Promise<Stream> {
      const { host, port, tls } = this.#options
      this.connecting = true
      const place: ConnectionOptions = { ...tls, host: host ?? 'localhost', port: port ?? 6379 }
      this.stream = hearErrors(connect(place), (error) => (this.firstError ??= error))
      return Promise.resolve(this.stream)
    }
  }

  class ThroughSentinel extends SentinelConnector {
    constructor(options: unknown) {
      super(options as ConstructorParameters<typeof SentinelConnector>[0])
    }

    override async connect(report: Report): Promise<Stream> {
      return hearErrors(await super.connect(report), () => undefined)
    }
  }

  return { direct: Direct, sentinel: ThroughSentinel }
}

function hearErrors(stream: Stream, hear: (error: Error) => void): Stream {
  return stream.on('error', hear)
}
