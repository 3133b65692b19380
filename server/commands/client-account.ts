import { parseArgs } from 'node:util'
import type { Client } from '../../models/client.ts'
import { defineModels } from '../../models/index.ts'
import { succeed, type Result } from '../../protocol/result.ts'
import { snippetFor } from '../../protocol/snippet.ts'
import { createClientAccounts, type ClientAccounts } from '../auth/client-accounts.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** The part of `client` that says who may have a widget: clients, their sites and their keys. */
export const clientAccount: Command = {
  help: [
    [
      'client create --name NAME --origin https://shop.example [--origin ...] [--domain D] [--locale L]',
      'make a client, and tell what to paste into its pages',
    ],
    ['client origins --client KEY --origin O [...]', 'let these sites speak for it, and no others any more'],
    ['client deactivate --client KEY', 'shut its widget and API; open connections are cut within a second'],
    ['client activate --client KEY', 'open them again'],
    ['client rotate-key --client KEY', 'give it another key; the old one stops within 5 seconds'],
  ],
  async run(args) {
    const asked = read(args)
    const work = asked && workOf(asked)
    if (!work) return complainOfUse(`"client ${args.join(' ')}" is not known.`, clientAccount)
    return withDatabase(async (database, { http }) => {
      const accounts = createClientAccounts(database, defineModels(database.sequelize))
      const done = await work(accounts, http.publicUrl ?? 'https://YOUR-PARLOR')
      return done.ok ? say(done.data) : complain(done.error.message)
    })
  },
}

/** Whether the word after `client` is one of this part. */
export function isAccountVerb(verb: string | undefined): boolean {
  return clientAccount.help.some(([form]) => form.split(' ')[1] === verb)
}

interface Asked {
  verb: string
  client?: string | undefined
  name?: string | undefined
  domain?: string | undefined
  locale?: string | undefined
  origin: string[]
}

function read(args: readonly string[]): Asked | null {
  const text = { type: 'string' } as const
  const options = {
    ...{ client: text, name: text, domain: text, locale: text },
    origin: { ...text, multiple: true },
  } as const
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
    const [verb = '', ...more] = positionals
    return more.length > 0 ? null : { verb, ...values, origin: values.origin ?? [] }
  } catch {
    return null
  }
}

/** Does something with the accounts, and tells of it; `url` is where browsers reach us. */
type Work = (accounts: ClientAccounts, url: string) => Promise<Result<string>>

/** Null where it is not known what is asked. */
function workOf(asked: Asked): Work | null {
  const { verb, client: api_key, name, origin: origins, domain, locale } = asked
  if (verb === 'create' && name !== undefined && origins.length > 0) {
    const wish = { name, allowed_origins: origins, ...(domain && { domain }), ...(locale && { locale }) }
    return (accounts, url) => told(accounts.create(wish), (client) => describeKey(client, url))
  }
  if (api_key === undefined) return null
  if (verb === 'origins' && origins.length > 0) {
    const list = `Widget and API are open to ${origins.join(', ')}.`
    return (accounts) => told(accounts.change({ api_key }, { allowed_origins: origins }), () => list)
  }
  if (verb === 'deactivate') {
    return (accounts) => told(accounts.setActive({ api_key }, false), ({ name }) => `${name} is shut.`)
  }
  if (verb === 'activate') {
    return (accounts) => told(accounts.setActive({ api_key }, true), ({ name }) => `${name} is open.`)
  }
  if (verb !== 'rotate-key') return null
  return (accounts, url) => told(accounts.rotateKey({ api_key }), (rotated) => describeKey(rotated, url))
}

async function told(
  work: Promise<Result<Client>>,
  describe: (client: Client) => string,
): Promise<Result<string>> {
  const done = await work
  return done.ok ? succeed(describe(done.data)) : done
}

function describeKey({ name, api_key }: Client, url: string): string {
  return `${name} has the key ${api_key}. Into its pages goes:

  ${snippetFor({ origin: url, clientKey: api_key })}`
}
