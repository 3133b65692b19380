import { parseArgs } from 'node:util'
import { defineModels } from '../../models/index.ts'
import { createIdentitySecrets, type IdentitySecrets } from '../auth/identity/identity-secrets.ts'
import { createSecrets } from '../infra/secrets.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** How clients prove who their visitors are. */
export const identity: Command = {
  help: [
    [
      'identity secret --client KEY',
      'make the secret with which a client signs who its visitors are, and tell it once',
    ],
    ['identity require --client KEY', 'let only visitors write who have proved who they are'],
    ['identity waive --client KEY', 'let all visitors write'],
  ],
  async run(args) {
    const asked = read(args)
    const work = asked && WORK[asked.verb]
    if (!work || asked.client === undefined) {
      return complainOfUse(`"identity ${args.join(' ')}" is not known.`, identity)
    }
    const { client } = asked
    return withDatabase((database, config) => {
      const models = defineModels(database.sequelize)
      return work(createIdentitySecrets(database, models, createSecrets(config.secrets)), client)
    })
  },
}

const WORK: Record<string, (secrets: IdentitySecrets, client: string) => Promise<number>> = {
  async secret(secrets, client) {
    const issued = await secrets.issue({ api_key: client })
    if (!issued.ok) return complain(issued.error.message)
    return say(
      `${issued.data.secret}\n\nIt is not shown again. What the one before has signed is refused now.`,
    )
  },
  require: (secrets, client) => require(secrets, client, true),
  waive: (secrets, client) => require(secrets, client, false),
}

async function require(secrets: IdentitySecrets, client: string, required: boolean): Promise<number> {
  const changed = await secrets.require({ api_key: client }, required)
  if (!changed.ok) return complain(changed.error.message)
  return say(
    required
      ? 'Visitors have to prove who they are before they may write, within 5 seconds.'
      : 'Visitors need not prove who they are, within 5 seconds.',
  )
}

function read(args: readonly string[]): { verb: string; client: string | undefined } | null {
  try {
    const options = { client: { type: 'string' } } as const
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
    const [verb = '', ...more] = positionals
    return more.length > 0 ? null : { verb, client: values.client }
  } catch {
    return null
  }
}
