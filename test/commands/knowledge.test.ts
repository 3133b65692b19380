import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findFiles, MOST_FILES, readFile } from '../../server/commands/find-files.ts'
import { importFiles, type Imported } from '../../server/commands/import-files.ts'
import { describeFound, describeImported, summarizeImported } from '../../server/commands/knowledge-report.ts'
import { listDocuments } from '../../server/knowledge/documents.ts'
import { IMPORT_LIMITS } from '../../server/knowledge/import/limits.ts'
import {
  makeDataFolder,
  openAgain,
  openTestDatabase,
  testDatabaseKind,
  type TestDatabase,
} from '../support/databases.ts'
import { makeClient } from '../support/factories.ts'
import { runParlor } from '../support/parlor-process.ts'

describe('The knowledge command', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-files-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  async function put(files: Record<string, string | Buffer>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), content)
    }
  }

  async function find(path = folder) {
    const found = await findFiles(path)
    assert.ok(found)
    return found
  }

  it('finds what can be imported in a folder and below, in order', async () => {
    const names = ['b.md', 'a.txt', 'sub/deep/c.html', 'sub/d.pdf', 'e.docx', '.hidden.md', '.git/f.md']
    await put(Object.fromEntries(names.map((name) => [name, 'x'])))
    await symlink(join(folder, 'b.md'), join(folder, 'link.md'))
    const { files, isFolder } = await find()
    assert.equal(isFolder, true)
    assert.deepEqual(
      files.map(({ name }) => name),
      ['a.txt', 'b.md', 'sub/d.pdf', 'sub/deep/c.html'],
    )
  })

  it('takes a file that is named, whatever it is, and nothing where there is none', async () => {
    await put({ 'e.docx': 'x' })
    assert.deepEqual(
      (await find(join(folder, 'e.docx'))).files.map(({ name }) => name),
      ['e.docx'],
    )
    assert.equal(await findFiles(join(folder, 'no.md')), null)
  })

  it('stops looking where there are too many', async () => {
    await put(Object.fromEntries(Array.from({ length: MOST_FILES + 3 }, (_, index) => [`${index}.md`, ''])))
    assert.equal((await find()).files.length, MOST_FILES + 1)
  })

  it('reads no more of a file than shows that it is too large', async () => {
    await put({ 'a.txt': Buffer.alloc(IMPORT_LIMITS.bytes + 500), 'b.txt': 'text' })
    const [large, small] = (await find()).files
    assert.equal((await readFile(large!)).length, IMPORT_LIMITS.bytes + 1)
    assert.equal((await readFile(small!)).length, 4)
  })

  describe('importing', () => {
    let test: TestDatabase
    let client_id: string
    before(async () => {
      test = await openTestDatabase()
    })
    beforeEach(async () => {
      client_id = (await makeClient(test.database)).id
    })
    after(() => test.close())

    async function run(url?: string, path = folder): Promise<Imported[]> {
      const done: Imported[] = []
      const told: Imported[] = []
      await importFiles(test.database, client_id, { ...(await find(path)), url, done }, (one) =>
        told.push(one),
      )
      assert.deepEqual(told, done)
      return done
    }

    it('says of each file what became of it, and of all how many', async () => {
      await put({ 'a.md': '# Returns\nThirty days.', 'b.txt': 'Text', 'c.pdf': 'no pdf', 'd.md': ' ' })
      const lines = (await run()).map(describeImported).map((line) => line.replaceAll(`${folder}/`, ''))
      assert.deepEqual(lines, [
        'added      a.md: "Returns", 1 passage',
        'added      b.txt: "b", 1 passage',
        'refused    c.pdf: This file is no PDF, or a broken one.',
        'refused    d.md: The document is empty.',
      ])
      await put({ 'a.md': '# Returns\nSixty days.', 'e.txt': 'New' })
      assert.equal(summarizeImported(await run()), '5 files: 1 added, 1 replaced, 1 unchanged, 2 refused')
      assert.equal(summarizeImported([]), 'There is nothing to import: no Markdown, text, HTML or PDF.')
    })

    it('keeps files of one title apart', async () => {
      await put({ 'a.md': '# FAQ\nOne.', 'sub/a.md': '# FAQ\nTwo.' })
      await run()
      const changes = (await run()).map(({ result }) => result.ok && result.data.change)
      assert.deepEqual(changes, ['unchanged', 'unchanged'])
      const titles = (await listDocuments(test.database, client_id)).documents.map(({ title }) => title)
      assert.deepEqual(titles.sort(), ['FAQ', 'FAQ (sub/a.md)'])
    })

    it('gives files the address at which people read them', async () => {
      await put({ 'a.md': 'One.', 'sub/b c.md': 'Two.' })
      const urls = async () =>
        (await listDocuments(test.database, client_id)).documents.map(({ url }) => url).sort()
      await run('https://shop.example/help/')
      assert.deepEqual(await urls(), [
        'https://shop.example/help/a.md',
        'https://shop.example/help/sub/b%20c.md',
      ])
      client_id = (await makeClient(test.database)).id
      await run('https://shop.example/faq', join(folder, 'a.md'))
      assert.deepEqual(await urls(), ['https://shop.example/faq'])
    })

    it('writes nothing into the terminal but text', async () => {
      await put({ 'a.html': '<title>&#27;[31mred&#7;</title>x' })
      const [one] = await run()
      assert.match(describeImported(one!), /: "\[31mred", 1 passage$/)
    })
  })

  it('shows what is found, how well it fits, and what goes into a prompt', () => {
    const passage = {
      title: 'Returns',
      content: 'Thirty\n\ndays.',
      url: 'https://shop.example/',
      score: 2.345,
    }
    assert.equal(
      describeFound([passage, { title: 'Sizes', content: 'x'.repeat(500), score: 0.5 }], [passage]),
      '*   2.35  Returns\n          Thirty days.\n          https://shop.example/\n' +
        `    0.50  Sizes\n          ${'x'.repeat(160)}\n\n* goes into the prompt of a model`,
    )
    assert.equal(describeFound([], []), 'Nothing is found.')
  })

  it('imports for the client that is named, and ends with 1 where a file was refused', async () => {
    await put({ 'a.md': '# Returns\nThirty days.', 'b.pdf': 'no pdf' })
    const place = await makePlace()
    try {
      const { code, out } = await runParlor(
        ['knowledge', 'import', folder, '--client', 'pk_files'],
        place.env,
      )
      assert.equal(code, 1)
      assert.match(
        out,
        /^added .*a\.md: "Returns", 1 passage\nrefused .*b\.pdf: .*\n\n2 files: 1 added, 1 refused\n$/,
      )
      const unknown = await runParlor(['knowledge', 'list', '--client', 'pk_nobody'], place.env)
      assert.deepEqual([unknown.code, unknown.err], [1, 'There is no client with the key pk_nobody.\n'])
    } finally {
      await place.remove()
    }
  }).timeout(60_000)

  it('says how it is called', async () => {
    const { code, err } = await runParlor(['knowledge', 'import', '--client', 'pk_demo'], {})
    assert.equal(code, 1)
    assert.match(err, /^"knowledge import --client pk_demo" is not known\.\n\n {2}knowledge import PATH/)
  }).timeout(60_000)
})

/** A database with a client that no process holds. */
async function makePlace(): Promise<{ env: Record<string, string>; remove: () => Promise<void> }> {
  if (testDatabaseKind() === 'postgres') {
    const made = await openTestDatabase()
    await makeClient(made.database, { api_key: 'pk_files' })
    return {
      env: { DATABASE_URL: made.url!, JWT_SECRET: 'x'.repeat(32), ENCRYPTION_KEY: '0'.repeat(64) },
      remove: () => made.close(),
    }
  }
  const { dir, remove } = await makeDataFolder()
  const database = await openAgain({ dir })
  await makeClient(database, { api_key: 'pk_files' })
  await database.close()
  return { env: { DATA_DIR: dir }, remove }
}
