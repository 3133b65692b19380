import { parseArgs } from 'node:util'
import type { Database, Statement } from '../infra/database.ts'
import type { KeptDocument } from '../knowledge/document.ts'
import { listDocuments, removeDocument } from '../knowledge/documents.ts'
import { passagesFor } from '../knowledge/passages-for.ts'
import { createSearch } from '../knowledge/search.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { findFiles, MOST_FILES } from './find-files.ts'
import { importFiles, type Imported } from './import-files.ts'
import { describeDocuments, describeFound, describeImported, summarizeImported } from './knowledge-report.ts'
import { withDatabase } from './with-database.ts'

/** Passages shown for a question. */
const MOST_SHOWN = 5

/** What a client's agent may quote. */
export const knowledge: Command = {
  help: [
    [
      'knowledge import PATH... --client KEY [--url ADDRESS]',
      'read files, or folders of them, of Markdown, text, HTML and PDF; ADDRESS is where people read them',
    ],
    ['knowledge list --client KEY', 'list the documents of a client'],
    ['knowledge remove ID --client KEY', 'take a document away'],
    ['knowledge ask "QUESTION" --client KEY', 'show what is found for a question, and how well it fits'],
  ],
  async run(args) {
    const asked = read(args)
    const deed = asked && DEEDS[asked.verb]
    if (!asked || !deed || asked.words.length < deed.fewest || asked.words.length > deed.most) {
      return complainOfUse(`"${['knowledge', ...args].join(' ')}" is not known.`, knowledge)
    }
    return withDatabase(async (database) => {
      const [client] = await database.run<{ id: string }>(FIND_CLIENT, [asked.client])
      if (!client) return complain(`There is no client with the key ${asked.client}.`)
      return deed.run(database, client.id, asked)
    })
  },
}

interface Asked {
  verb: string
  words: string[]
  client: string
  url: string | undefined
}

interface Deed {
  fewest: number
  most: number
  run(database: Database, client_id: string, asked: Asked): Promise<number>
}

const DEEDS: Readonly<Record<string, Deed | undefined>> = {
  import: { fewest: 1, most: 100, run: importPaths },
  list: {
    fewest: 0,
    most: 0,
    run: list,
  },
  remove: { fewest: 1, most: 1, run: remove },
  ask: { fewest: 1, most: 100, run: ask },
}

const FIND_CLIENT: Statement = {
  name: 'commands/find-client',
  text: 'SELECT id FROM clients WHERE api_key = $1',
}

function read(args: readonly string[]): Asked | null {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { client: { type: 'string' }, url: { type: 'string' } },
    })
    const [verb, ...words] = positionals
    if (verb === undefined || values.client === undefined) return null
    return { verb, words, client: values.client, url: values.url }
  } catch {
    return null
  }
}

async function importPaths(database: Database, client_id: string, { words, url }: Asked): Promise<number> {
  if (url !== undefined && words.length > 1)
    return complain('With --url, import one file or folder at a time.')
  const done: Imported[] = []
  for (const path of words) {
    const found = await findFiles(path)
    if (found === null) return complain(`There is nothing at "${path}".`)
    if (found.files.length > MOST_FILES) return complain(`There are over ${MOST_FILES} files in "${path}".`)
    await importFiles(
      database,
      client_id,
      { ...found, url, done },
      (imported) => void say(describeImported(imported)),
    )
  }
  say(`\n${summarizeImported(done)}`)
  return done.length > 0 && done.every(({ result }) => result.ok) ? 0 : 1
}

async function list(database: Database, client_id: string): Promise<number> {
  const all: KeptDocument[] = []
  for (let before: string | null = null; ; before = all.at(-1)?.id ?? null) {
    const { documents, has_more } = await listDocuments(database, client_id, { before })
    all.push(...documents)
    if (!has_more) return say(describeDocuments(all))
  }
}

async function remove(database: Database, client_id: string, { words: [id = ''] }: Asked): Promise<number> {
  const removed = await removeDocument(database, client_id, id)
  return removed.ok ? say('The document is gone.') : complain(removed.error.message)
}

async function ask(database: Database, client_id: string, { words }: Asked): Promise<number> {
  const text = words.join(' ')
  const search = createSearch(database)
  const found = await search({ client_id, text, limit: MOST_SHOWN })
  return say(describeFound(found, await passagesFor(search, client_id, text)))
}
