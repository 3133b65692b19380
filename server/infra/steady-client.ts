import pg from 'pg'
import { isConnectionFault } from './database-fault.ts'

/**
 * A connection as Sequelize's pool makes it, that hangs up by itself once it has failed. Without that, one that
 * fails while Sequelize is still preparing it is forgotten open, and an error that comes before Sequelize listens
 * ends the process: a server that goes away may say so in the very packet that lets us in.
 */
class SteadyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    this.on('error', () => {
      this.#hangUp()
    })
  }

  /** Called in all ways that `pg` knows, with a callback or without one. */
  override query(...asked: unknown[]): never {
    const callback = asked.at(-1)
    const parameters = isCallback(callback) ? [...asked.slice(0, -1), this.#watching(callback)] : asked
    const answer: unknown = super.query(...(parameters as [string]))
    if (answer instanceof Promise) answer.catch((error: unknown) => this.#hangUpAfter(error))
    return answer as never
  }

  #watching(callback: Callback): Callback {
    return (error, result) => {
      this.#hangUpAfter(error)
      callback(error, result)
    }
  }

  #hangUpAfter(error: unknown): void {
    if (isConnectionFault(error)) this.#hangUp()
  }

  #hangUp(): void {
    void this.end().catch(() => undefined)
  }
}

/** What Sequelize takes from `pg`, with connections of ours. */
export const steadyPg = { Client: SteadyClient, types: pg.types }

type Callback = (error: unknown, result: unknown) => void

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function'
}
