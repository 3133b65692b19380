import { text as readAll } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import type { Admin } from '../../models/admin.ts'
import { ADMIN_ROLES, type AdminRole } from '../../protocol/roles.ts'
import { defineModels } from '../../models/index.ts'
import type { Result } from '../../protocol/result.ts'
import { makePassword } from '../auth/admins/make-password.ts'
import { createAdmins, type Admins } from '../auth/admins/keep-admins.ts'
import { createPasswords } from '../auth/admins/passwords.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withDatabase } from './with-database.ts'

/** The people of the business, who sign in. */
export const admin: Command = {
  help: [
    [
      'admin create EMAIL [--name NAME] [--role owner|admin|agent|analyst] [--client KEY] [--password-stdin]',
      'let somebody sign in, with a password from stdin or a random one that is told once',
    ],
    ['admin list', 'list them'],
    ['admin disable EMAIL', 'shut somebody out; whatever is open is cut within a second'],
    ['admin enable EMAIL', 'let somebody in again'],
    ['admin password EMAIL [--password-stdin]', 'give somebody another password, and sign out everywhere'],
    ['admin unlock EMAIL', 'end a lock after wrong passwords'],
    ['admin sign-out EMAIL', 'sign somebody out everywhere'],
  ],
  async run(args) {
    const asked = read(args)
    const verb = asked && VERBS.get(asked.verb)
    if (!verb) return complainOfUse(`"admin ${args.join(' ')}" is not known.`, admin)
    return withAdmins((admins) => verb(admins, asked))
  },
}

interface Asked {
  verb: string
  email: string
  name: string | undefined
  role: AdminRole
  clientKey: string | null
  /** From stdin; null: to be made up. */
  readPassword: () => Promise<string | null>
}

type Verb = (admins: Admins, asked: Asked) => Promise<number>

const VERBS: ReadonlyMap<string, Verb> = new Map(
  Object.entries<Verb>({
    async create(admins, { email, name = nameFrom(email), role, clientKey, readPassword }) {
      const client = clientKey === null ? null : { api_key: clientKey }
      const { password, told } = await choosePassword(readPassword)
      const made = await admins.create({ email, name, role, client, password })
      return tell(made, () => `${email} can sign in as ${role}.${told}`)
    },
    list: async (admins) => say(describe(await admins.list())),
    disable: async (admins, { email }) =>
      tell(await admins.disable({ email }), () => `${email} is shut out.`),
    enable: async (admins, { email }) => tell(await admins.enable({ email }), () => `${email} can sign in.`),
    async password(admins, { email, readPassword }) {
      const { password, told } = await choosePassword(readPassword)
      return tell(
        await admins.setPassword({ email }, password),
        () => `${email} has another password.${told}`,
      )
    },
    unlock: async (admins, { email }) =>
      tell(await admins.unlock({ email }), () => `${email} is not locked.`),
    'sign-out': async (admins, { email }) =>
      tell(
        await admins.signOut({ email }),
        (count) => `${email} is signed out; sign-ins that ended: ${count}.`,
      ),
  }),
)

/** Null for what cannot be understood. */
function read(args: readonly string[]): Asked | null {
  try {
    const text = { type: 'string' } as const
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { name: text, role: text, client: text, 'password-stdin': { type: 'boolean' } },
    })
    const [verb = '', email = '', ...more] = positionals
    const role = ADMIN_ROLES.find((one) => one === (values.role ?? 'agent'))
    if (role === undefined || more.length > 0 || (email === '') !== (verb === 'list')) return null
    const readPassword = async () => (values['password-stdin'] ? readLine() : null)
    return { verb, email, name: values.name, role, clientKey: values.client ?? null, readPassword }
  } catch {
    return null
  }
}

/** Arguments are seen by everybody on the machine; stdin is not. */
async function readLine(): Promise<string> {
  return (await readAll(process.stdin)).replace(/\r?\n$/, '')
}

async function choosePassword(
  readPassword: Asked['readPassword'],
): Promise<{ password: string; told: string }> {
  const given = await readPassword()
  if (given !== null) return { password: given, told: '' }
  const password = makePassword()
  return { password, told: ` The password, which is not shown again:\n\n${password}` }
}

function nameFrom(email: string): string {
  return email.split('@')[0] ?? email
}

function withAdmins(work: (admins: Admins) => Promise<number>): Promise<number> {
  return withDatabase((database) => {
    const models = defineModels(database.sequelize)
    return work(createAdmins({ database, passwords: createPasswords() }, models))
  })
}

function tell<T>(result: Result<T>, words: (data: T) => string): number {
  return result.ok ? say(words(result.data)) : complain(result.error.message)
}

function describe(admins: Awaited<ReturnType<Admins['list']>>): string {
  if (admins.length === 0) return 'Nobody can sign in.'
  return admins
    .map(({ admin: one, clientKey }) => {
      const { id, email, name, role, created_at } = one
      const made = `made ${created_at.toISOString()}`
      return [id, email, role, clientKey ?? 'installation', made, stateOf(one), name].join('  ')
    })
    .join('\n')
}

function stateOf(one: Admin): string {
  if (one.isDisabled) return 'disabled'
  return one.isLocked() ? `locked until ${String(one.locked_until?.toISOString())}` : 'enabled'
}
