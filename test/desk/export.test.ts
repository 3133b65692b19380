import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { defineModels } from '../../models/index.ts'
import { ExportedConversation } from '../../protocol/conversations.ts'
import { csvRow } from '../../server/desk/export/csv.ts'
import { exportConversations } from '../../server/desk/export/export-conversations.ts'
import { makeClient } from '../support/factories.ts'
import { assertFits } from '../support/told-as-promised.ts'
import { makeConversations, makeLongConversation } from './made-conversations.ts'
import { deskStage } from './stage.ts'

/** The rows of a file of RFC 4180 in which all texts stand in quotes. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
  }
  return rows.filter((row) => row.length > 1)
}

describe('A row for spreadsheets', () => {
  it('has no formula in it, however it is dressed', () => {
    const hostile = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '\n=1',
      ' =1',
      '\u200b=1',
      '\ufeff=1',
      '＝1',
      '\u202e=1',
    ]
    for (const text of hostile) assert.equal(csvRow([text]), `"'${text}"\r\n`, JSON.stringify(text))
    assert.equal(csvRow(['|', 'a=1', '', '1-2']), '"|","a=1","","1-2"\r\n')
  })

  it('keeps quotes, commas and lines in their cell, and numbers as they are', () => {
    assert.equal(
      csvRow(['He said "no", twice\nand left', -1.5, null]),
      '"He said ""no"", twice\nand left",-1.5,\r\n',
    )
  })
})

describe('An export', function () {
  this.timeout(60_000)
  const stage = deskStage()
  let count = 0
  let long = ''
  before(async () => {
    count = (await makeConversations(stage.database, stage.bakery, 120)).length + 1
    long = await makeLongConversation(stage.database, stage.bakery, 2_500)
    await stage.database.sequelize.query(
      `UPDATE messages SET content = '=HYPERLINK("https://evil.example")' WHERE conversation_id = '${long}' AND seq = 1`,
    )
  })

  it('as JSON holds all that was said and what it took, each conversation once', async () => {
    const response = await stage.fetch(`conversations/export?format=json&client_id=${stage.bakery.id}`)
    assert.match(
      response.headers.get('content-disposition') ?? '',
      /attachment; filename="conversations.json"/,
    )
    const exported = (await response.json()) as ExportedConversation[]
    assert.equal(new Set(exported.map(({ id }) => id)).size, count)
    for (const one of exported.slice(0, 3)) assertFits(ExportedConversation, one, 'an exported conversation')
    const whole = exported.find(({ id }) => id === long)
    assert.deepEqual([whole?.messages.length, whole?.turns.length], [2_500, 1_250])
    assert.equal(whole?.turns[9]?.calls[0]?.name, 'order_status')
  })

  it('as CSV has a row for each message, and no formulas', async () => {
    const response = await stage.fetch(`conversations/export?format=csv&conversation_id=${long}`)
    assert.match(response.headers.get('content-type') ?? '', /^text\/csv/)
    const bytes = Buffer.from(await response.arrayBuffer())
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
    const [header = [], ...rows] = rowsOf(bytes.toString('utf8').slice(1))
    assert.equal(rows.length, 2_500)
    const cell = (row: number, name: string) => rows[row]?.[header.indexOf(name)]
    assert.equal(cell(0, 'content'), `'=HYPERLINK("https://evil.example")`)
    assert.deepEqual(
      [cell(19, 'model'), cell(19, 'tokens_input'), cell(19, 'tools')],
      ['claude-haiku-5-5', '100', 'order_status (failed)'],
    )
  })

  it('is empty and whole where nothing fits', async () => {
    const nothing = (await makeClient(stage.database)).id
    assert.deepEqual(await stage.ask(`conversations/export?format=json&client_id=${nothing}`), [])
  })

  it('reads no more than was taken', async () => {
    let reads = 0
    const { database } = stage
    const counting = { run: (...asked: Parameters<typeof database.run>) => (reads++, database.run(...asked)) }
    const pieces = exportConversations(counting as typeof database, stage.bakery.id, { format: 'json' })
    for (let n = 0; n < 4; n++) await pieces.next()
    const soFar = reads
    assert.ok(soFar < 10, `${soFar} statements`)
    await pieces.return()
    assert.equal(reads, soFar)
  })

  it('is told in the audit log, and of one’s own client alone', async () => {
    const keeper = await stage.somebody('admin')
    await (await stage.fetch('conversations/export?format=csv', { by: keeper })).text()
    const { AuditEntry } = defineModels(stage.database.sequelize)
    const entry = await AuditEntry.findOne({
      where: { action: 'conversations.exported', actor_id: keeper.id },
    })
    assert.deepEqual([entry?.client_id, entry?.details], [stage.bakery.id, { format: 'csv' }])
    const stranger = await stage.somebody('admin', await makeClient(stage.database))
    const asked = { by: stranger }
    assert.equal(
      await stage.codeOf(`conversations/export?format=json&client_id=${stage.bakery.id}`, asked),
      'not_found',
    )
    assert.deepEqual(await stage.ask(`conversations/export?format=json&conversation_id=${long}`, asked), [])
  })
})
