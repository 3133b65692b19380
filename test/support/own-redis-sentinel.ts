import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { eventually } from './eventually.ts'
import { end, freePort, run, startOwnRedis, type OwnRedis } from './own-redis.ts'

/** A Redis, a replica of it, and a sentinel that makes the replica the master when the master dies. */
export interface OwnSentinel {
  url: string
  master: OwnRedis
  replica: OwnRedis
  close(): Promise<void>
}

/** Starts them. Resolves when the sentinel knows of the replica, and the replica follows. */
export async function startOwnSentinel(): Promise<OwnSentinel> {
  const folder = mkdtempSync(join(tmpdir(), 'parlor-sentinel-'))
  const hasty = ['--repl-diskless-sync-delay', '0']
  const master = await startOwnRedis({ settings: hasty })
  const replica = await startOwnRedis({
    settings: [...hasty, '--replicaof', '127.0.0.1', String(master.port)],
  })
  const port = await freePort()
  const settings = join(folder, 'sentinel.conf')
  writeFileSync(
    settings,
    `port ${port}
bind 127.0.0.1
dir ${folder}
sentinel monitor main 127.0.0.1 ${master.port} 1
sentinel down-after-milliseconds main 300
sentinel failover-timeout main 3000
`,
  )
  const sentinel = await run([settings, '--sentinel'])
  const asked = new Redis(port, '127.0.0.1')
  const follower = new Redis(replica.port, '127.0.0.1')
  await eventually(async () => {
    const known = JSON.stringify(await asked.call('SENTINEL', ['REPLICAS', 'main']))
    if (!known.includes(String(replica.port))) throw new Error(`no replica in ${known}`)
    const told = await follower.info('replication')
    if (!told.includes('master_link_status:up')) throw new Error(told)
  })
  asked.disconnect()
  follower.disconnect()
  return {
    ...{ master, replica, url: `redis+sentinel://127.0.0.1:${port}/main` },
    async close() {
      await end(sentinel)
      await replica.close()
      await master.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
