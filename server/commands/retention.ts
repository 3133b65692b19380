import { parseArgs } from 'node:util'
import { openArchive } from '../jobs/archive/open-archive.ts'
import { COUNTED, type Counts } from '../jobs/retention/counts.ts'
import { retain, type RetentionOutcome } from '../jobs/retention/retention.ts'
import { createSecrets } from '../infra/secrets.ts'
import { complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** One pass of retention (docs/retention.md). */
export const retention: Command = {
  help: [
    [
      'retention [--dry-run]',
      'set and close usage, archive, and remove what is due; --dry-run: only count what would be removed',
    ],
  ],
  run(args) {
    const asked = read(args)
    if (asked === null)
      return Promise.resolve(complainOfUse(`"retention ${args.join(' ')}" is not known.`, retention))
    return withDatabase(async (database, config) => {
      const archive = openArchive(config.archive, { database, secrets: createSecrets(config.secrets) })
      const show = process.stderr.isTTY ? showProgress() : () => undefined
      const outcome = await retain({ database, archive, dryRun: asked.dryRun, onProgress: show })
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
      return say(describe(outcome, asked.dryRun))
    })
  },
}

function read(args: readonly string[]): { dryRun: boolean } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { 'dry-run': { type: 'boolean', default: false } },
    })
    return { dryRun: values['dry-run'] }
  } catch {
    return null
  }
}

function showProgress(): (what: string, count: number) => void {
  let removed = 0
  return (what, count) => {
    removed += count
    process.stderr.write(`\r\x1b[K${what}: ${String(count)} (${String(removed)} in all)`)
  }
}

function describe(outcome: RetentionOutcome, dryRun: boolean): string {
  if (outcome.state === 'busy') return 'Another pass is running: nothing was done.'
  const { counts, partitions, ms } = outcome
  const lines = COUNTED.filter((what) => counts[what] !== undefined).map((what) => line(what, counts))
  const days = partitions.length > 0 ? [`days of messages dropped whole: ${partitions.join(', ')}`] : []
  const nothing = lines.length === 0 ? ['Nothing was due.'] : []
  const title = dryRun ? 'It would remove:' : `Done in ${(ms / 1_000).toFixed(1)} s.`
  return [title, ...nothing, ...lines, ...days].join('\n')
}

function line(what: keyof Counts, counts: Counts): string {
  return `${String(counts[what]).padStart(12)}  ${what.replaceAll('_', ' ')}`
}
