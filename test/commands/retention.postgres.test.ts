import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { seedHistory } from '../jobs/long-history.ts'
import { runCommands, type Ran } from './commands.ts'

/** A conversation, and who held it. */
interface Talk {
  id: string
  visitor_id: string
}

interface Planted {
  client_id: string
  date: string
  kept: string
  used: string
}

/** One installation, and one process that does with it what an operator may, in this order. */
describe('The command line, about what is kept', function () {
  this.timeout(60_000)
  let place: TestDatabase
  let folder: string
  let held: Talk
  let archived: Talk
  let recent: Talk
  let planted: Planted
  let model: Planted
  let ran: Record<string, Ran>

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-archive-'))
    place = await openTestDatabase({ pool: 2 })
    const { ids } = await seedHistory(place.database, { messages: 600, days: 40 })
    const talks = (client: string) =>
      run<Talk>(
        'talks',
        `SELECT c.id, s.visitor_id FROM conversations c JOIN sessions s ON s.id = c.session_id
         WHERE c.client_id = $1 ORDER BY c.started_at`,
        [client],
      )
    const [first, second] = [await talks(ids[0]!), await talks(ids[1]!)]
    ;[held, archived, recent] = [first[0]!, second[0]!, first.at(-1)!]
    await run('name', `UPDATE visitors SET user_identifier = 'customer-7' WHERE id = $1`, [recent.visitor_id])
    ;[planted, model] = await plant()

    const erase = 'visitor erase --client pk_1 --user customer-7'
    ran = await parlor({
      wrong: `usage check --client pk_${planted.client_id === ids[0] ? 1 : 2}`,
      differs: 'usage check',
      nobody: 'usage check --client pk_none',
      put: `hold put ${held.id.toUpperCase()} --reason Claim\n\u001b[31m7`,
      listed: 'hold list --client pk_1',
      dry: 'retention --dry-run',
      wet: 'retention',
      again: 'retention',
      agrees: 'usage check',
      released: `hold release ${held.id}`,
      twice: `hold release ${held.id}`,
      unheld: 'hold list',
      restored: `archive restore --visitor ${archived.visitor_id}`,
      exported: `visitor export --client pk_2 --visitor ${archived.visitor_id.toUpperCase()}`,
      refused: `visitor erase --client pk_2 --visitor ${archived.visitor_id} --yes`,
      foreign: `visitor export --client pk_1 --visitor ${archived.visitor_id}`,
      unsure: erase,
      erased: `${erase} --yes`,
      gone: `${erase} --yes`,
      receipts: `visitor receipts --client pk_1 --visitor ${recent.visitor_id}`,
      none: 'visitor receipts --client pk_3',
      ...Object.fromEntries(NOT_KNOWN.map((line) => [line, line])),
    })
  })
  after(async () => {
    await place.close()
    await rm(folder, { recursive: true })
  })

  const NOT_KNOWN = [
    'usage cheque',
    'hold put 7 --reason x',
    'hold list 7',
    'visitor erase --client pk_1 --yes',
    'visitor export --client pk_1 --user a --visitor b',
    'retention --now',
    'archive restore',
  ]

  const run = <Row extends object>(name: string, text: string, values: unknown[] = []) =>
    place.database.run<Row>({ name: `test/cli-${name}`, text }, values)

  async function parlor(commands: Record<string, string>): Promise<Record<string, Ran>> {
    const lines = Object.values(commands).map((line) => line.split(' '))
    const done = await runCommands(lines, { DATABASE_URL: place.url!, ARCHIVE_URL: folder })
    return Object.fromEntries(Object.keys(commands).map((name, index) => [name, done[index]!]))
  }

  /** A token too much on one day, and a turn too much of one model. */
  async function plant(): Promise<[Planted, Planted]> {
    const changed = (table: string, column: string) => `
      UPDATE ${table} SET ${column} = ${column} + 1
      WHERE ctid = (SELECT ctid FROM ${table} ORDER BY date, client_id LIMIT 1)
      RETURNING client_id, date::text, ${column}::text AS kept, (${column} - 1)::text AS used`
    const [day] = await run<Planted>('plant-day', changed('api_usage', 'tokens_output'))
    const [turns] = await run<Planted>('plant-model', changed('usage_by_model', 'turns'))
    return [day!, turns!]
  }

  it('tells where usage differs from what it was counted from, and nothing once that was set right', () => {
    const { differs, wrong, nobody, agrees } = ran
    const { client_id, date, kept, used } = planted
    const line = `${date}  ${client_id}  all models  tokens_output: ${kept} is kept, ${used} was used`
    assert.equal(differs!.code, 1)
    const [first, second, ...more] = differs!.err.trim().split('\n')
    assert.equal(first, line)
    assert.ok(second!.startsWith(`${model.date}  ${model.client_id}  claude:`), second)
    assert.ok(second!.endsWith(`  turns: ${model.kept} is kept, ${model.used} was used`), second)
    assert.deepEqual(more, [])
    assert.ok(wrong!.err.startsWith(line))
    assert.deepEqual([nobody!.code, nobody!.err], [1, 'There is no such client.\n'])
    assert.deepEqual(agrees, { code: 0, out: 'Usage agrees with what it was counted from.\n', err: '' })
  })

  it('makes a pass, says before what it would remove, and after that nothing is due', () => {
    const [, counted] = /^It would remove:\n([^]*)$/.exec(ran['dry']!.out)!
    assert.match(counted!, /^ +[1-9]\d* {2}messages held\n +[1-9]\d* {2}messages\n/)
    const [title, set, kept, ...removed] = ran['wet']!.out.split('\n')
    assert.match(title!, /^Done in \d+\.\d s\.$/)
    assert.match(`${set!}\n${kept!}`, /^ +[1-9]\d* {2}usage rows set\n +[1-9]\d* {2}messages archived$/)
    assert.equal(removed.join('\n'), counted)
    assert.match(ran['again']!.out, /^Done in .* s\.\nNothing was due\.\n$/)
  })

  it('puts a conversation under hold, lists what is, and releases it', () => {
    const { put, listed, released, twice, unheld } = ran
    assert.deepEqual([put!.code, put!.out], [0, 'It is under hold: Claim [31m7\n'])
    assert.match(listed!.out, new RegExp(`^${held.id}  client .*  held .*  Claim \\[31m7\\n$`))
    assert.deepEqual([released!.code, released!.out], [0, 'It is released.\n'])
    assert.deepEqual([twice!.code, twice!.err], [1, 'It is under no hold.\n'])
    assert.equal(unheld!.out, 'Nothing is under hold.\n')
  })

  it('brings a visitor back from the archive, and exports all of it', () => {
    const { restored, exported, foreign } = ran
    assert.match(restored!.out, /^Restored [1-9]\d* conversations and [1-9]\d* messages\.\n$/)
    const lines = exported!.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { table?: string; receipt?: object })
    assert.ok(lines.pop()?.receipt)
    const tables = new Set(lines.map(({ table }) => table))
    for (const table of ['visitors', 'sessions', 'conversations', 'messages_held', 'legal_holds'])
      assert.ok(tables.has(table), table)
    assert.deepEqual([foreign!.code, foreign!.out], [1, ''])
  })

  it('erases a visitor who is named by the client’s own id, once it is sure, and tells the receipt', async () => {
    const { refused, unsure, erased, gone, receipts, none } = ran
    assert.equal(refused!.code, 1)
    assert.match(refused!.err, /legal hold: Restored from the archive/)
    assert.deepEqual([unsure!.code, unsure!.err], [1, 'It cannot be undone: say --yes.\n'])
    const [receipt, cached] = erased!.out.split('\n')
    assert.match(receipt!, /^\S+ {2}erasure {2}\S+ {2}.*visitors 1$/)
    const until = Date.parse(/^Caches may know of it until (\S+)\.$/.exec(cached!)![1]!)
    assert.ok(until > Date.now() + 50 * 60_000, 'no command reaches the memory of servers')
    assert.match(gone!.err, /There is no such visitor/)
    assert.equal(receipts!.out, `${receipt!}\n`)
    assert.equal(none!.out, 'There are no receipts.\n')
    assert.deepEqual(await run('visitor', 'SELECT FROM visitors WHERE id = $1', [recent.visitor_id]), [])
  })

  it('answers what it does not understand with how it is called', () => {
    for (const line of NOT_KNOWN) {
      assert.equal(ran[line]!.code, 1)
      assert.match(ran[line]!.err, /is not known\.\n\n {2}/)
    }
  })
})
