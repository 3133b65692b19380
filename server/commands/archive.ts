import { parseArgs } from 'node:util'
import { createSecrets } from '../infra/secrets.ts'
import { isUuid } from '../infra/uuid.ts'
import { openArchive } from '../jobs/archive/open-archive.ts'
import { restoreVisitor } from '../jobs/archive/restore.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** What was archived before it was removed (docs/retention.md). */
export const archive: Command = {
  help: [
    [
      'archive restore --visitor ID',
      'bring back what was archived of a visitor, under legal hold; a pass removes it again once that is released',
    ],
  ],
  run(args) {
    const visitor = read(args)
    if (visitor === null)
      return Promise.resolve(complainOfUse(`"archive ${args.join(' ')}" is not known.`, archive))
    return withDatabase(async (database, config) => {
      const opened = openArchive(config.archive, { database, secrets: createSecrets(config.secrets) })
      if (opened === null) return complain('ARCHIVE_URL does not say where the archive is.')
      const signal = new AbortController().signal
      const { conversations, messages } = await restoreVisitor({ database, archive: opened }, visitor, signal)
      return say(`Restored ${String(conversations)} conversations and ${String(messages)} messages.`)
    })
  },
}

function read(args: readonly string[]): string | null {
  try {
    const options = { visitor: { type: 'string' } } as const
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
    const { visitor } = values
    return positionals.join(' ') === 'restore' && visitor !== undefined && isUuid(visitor)
      ? visitor.toLowerCase()
      : null
  } catch {
    return null
  }
}
