import type { Database, Statement } from '../../infra/database.ts'
import type { Logger } from '../../infra/logger.ts'
import type { DueLooks } from './due-looks.ts'

/** Milliseconds between looks for servers that are due; seconds after which one that nobody uses is. */
const EVERY = 300_000
const IDLE_SECONDS = 3_600

/** Servers that are looked at each time. */
const AT_ONCE = 50

export interface McpWatchParts {
  database: Pick<Database, 'run'>
  dueLooks: DueLooks
  log: Logger
  /** Milliseconds. */
  every?: number
}

/** Looks at servers of which something is approved, also where nobody uses them: whoever approved hears of changes soon. */
export class McpWatch {
  readonly #parts: McpWatchParts
  #timer: NodeJS.Timeout | null = null

  constructor(parts: McpWatchParts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      void this.#askForIdle()
    }, this.#parts.every ?? EVERY)
  }

  /** Breaks off what runs. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    await this.#parts.dueLooks.stop()
  }

  async #askForIdle(): Promise<void> {
    const { database, dueLooks, log } = this.#parts
    try {
      const rows = await database.run<{ id: string }>(IDLE, [IDLE_SECONDS, AT_ONCE])
      for (const { id } of rows) dueLooks.ask(id)
    } catch (error) {
      log.warn({ code: 'mcp_watch_failed', err: error }, 'servers were not looked at')
    }
  }
}

/** $1 seconds $2 servers */
const IDLE: Statement = {
  name: 'tools/idle-mcp-servers',
  text: `
    SELECT s.id FROM mcp_servers s
    WHERE s.enabled AND (s.looked_at IS NULL OR s.looked_at < now() - make_interval(secs => $1::float8))
      AND EXISTS (SELECT FROM mcp_tools t WHERE t.server_id = s.id AND t.approved_hash IS NOT NULL)
    ORDER BY s.looked_at NULLS FIRST LIMIT $2::int`,
}
