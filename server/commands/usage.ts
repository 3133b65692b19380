import { parseArgs } from 'node:util'
import { defineModels } from '../../models/index.ts'
import { checkUsage, type UsageDifference } from '../jobs/usage/check-usage.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** Whether what was counted is what was used. */
export const usage: Command = {
  help: [
    [
      'usage check [--client KEY]',
      'compare usage with the turns it was counted from, on all days that are not closed; tell each difference',
    ],
  ],
  run(args) {
    const asked = read(args)
    if (asked === null)
      return Promise.resolve(complainOfUse(`"usage ${args.join(' ')}" is not known.`, usage))
    return withDatabase(async (database) => {
      const { Client } = defineModels(database.sequelize)
      const { client: api_key } = asked
      const client = api_key === undefined ? null : await Client.findOne({ where: { api_key } })
      if (api_key !== undefined && client === null) return complain('There is no such client.')
      const differences = await checkUsage(database, { client_id: client?.id ?? null })
      if (differences.length === 0) return say('Usage agrees with what it was counted from.')
      return complain(differences.map(describe).join('\n'))
    })
  },
}

function read(args: readonly string[]): { client: string | undefined } | null {
  try {
    const options = { client: { type: 'string' } } as const
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
    return positionals.join(' ') === 'check' ? { client: values.client } : null
  } catch {
    return null
  }
}

function describe({ client_id, date, model, column, kept, computed }: UsageDifference): string {
  return `${date}  ${client_id}  ${model ?? 'all models'}  ${column}: ${kept} is kept, ${computed} was used`
}
