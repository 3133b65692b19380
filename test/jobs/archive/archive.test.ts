import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { after, before, describe, it } from 'mocha'
import { createSecrets } from '../../../server/infra/secrets.ts'
import type { Archive } from '../../../server/jobs/archive/archive.ts'
import type { TableRow } from '../../../server/jobs/archive/block.ts'
import type { Manifest } from '../../../server/jobs/archive/manifest.ts'
import { openArchive } from '../../../server/jobs/archive/open-archive.ts'
import { retain } from '../../../server/jobs/retention/retention.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { SHARED_SECRETS } from '../../support/shared-secrets.ts'
import { S3_KEYS, S3_PLACE, startStandInS3, type StandInS3 } from '../../support/stand-in-s3.ts'
import { seedHistory } from '../long-history.ts'

const NEVER = new AbortController().signal

describe('An archive in a bucket', function () {
  this.timeout(60_000)
  let s3: StandInS3
  let place: TestDatabase
  let archive: Archive
  before(async () => {
    s3 = await startStandInS3()
    place = await openTestDatabase()
    await seedHistory(place.database, { messages: 600, days: 33 })
    const encryption = Buffer.from(SHARED_SECRETS.ENCRYPTION_KEY, 'hex')
    const secrets = createSecrets({ encryption, encryptionPrevious: null })
    const { endpoint } = s3
    const config = { kind: 's3', ...S3_PLACE, prefix: '', endpoint, credentials: S3_KEYS } as const
    archive = openArchive(config, { database: place.database, secrets })!
  })
  after(async () => {
    await place.close()
    await s3.close()
  })

  const run = <Row extends object>(name: string, text: string) =>
    place.database.run<Row>({ name: `test/archive-${name}`, text }, [])

  /** What clients that have no period of their own said before the days that stay. */
  const due = async () =>
    (
      await run<{ conversation_id: string; seq: number; visitor_id: string }>(
        'due',
        `SELECT m.conversation_id, m.seq, s.visitor_id FROM messages m JOIN conversations c ON c.id = m.conversation_id
           JOIN sessions s ON s.id = c.session_id JOIN clients k ON k.id = c.client_id
         WHERE k.settings = '{}' AND m."timestamp" < ((now() AT TIME ZONE 'UTC')::date - 30)::timestamp AT TIME ZONE 'UTC'
         ORDER BY 1, 2`,
      )
    ).map((row) => ({ ...row }))

  async function readAll(visitor: string): Promise<TableRow[]> {
    const rows: TableRow[] = []
    for await (const row of archive.read(visitor, NEVER)) rows.push(row)
    return rows
  }

  it('that cannot be reached keeps everything where it is, and the pass says why', async () => {
    const before = await due()
    s3.next = { times: 100, happens: 'cut off' }
    const told: string[] = []
    await assert.rejects(
      retain({ database: place.database, archive, onProgress: (what) => void told.push(what) }),
    )
    assert.ok(!told.includes('messages'))
    assert.deepEqual(await due(), before)
    s3.next = { times: 0, happens: 'cut off' }
  })

  it('has every message before its day is dropped, each visitor’s in the clear for nobody else', async () => {
    const before = await due()
    assert.ok(before.length > 20)
    const outcome = await retain({ database: place.database, archive })
    assert.ok(outcome.state === 'done')
    assert.deepEqual(await due(), [])
    assert.equal(outcome.counts.messages_archived, before.length)

    const found: typeof before = []
    for (const visitor_id of new Set(before.map((one) => one.visitor_id)))
      for (const { table, row } of await readAll(visitor_id))
        if (table === 'messages')
          found.push({ conversation_id: String(row['conversation_id']), seq: Number(row['seq']), visitor_id })
    const order = (rows: typeof before) =>
      rows.map(({ conversation_id, seq, visitor_id }) => `${conversation_id} ${seq} ${visitor_id}`).sort()
    assert.deepEqual(order(found), order(before))

    for (const [key, body] of s3.objects) {
      const text = (key.endsWith('.gz') ? gunzipSync(body) : body).toString('utf8')
      assert.ok(!text.includes('What is said here'), key)
      if (!key.endsWith('manifest.json')) continue
      const { files, messages } = JSON.parse(text) as Manifest
      assert.equal(
        files.reduce((sum, file) => sum + file.messages, 0),
        messages,
      )
      for (const { name, bytes } of files) assert.equal(s3.objects.get(name)?.length, bytes)
    }
  })

  it('is not believed where a file is not what was written, or gone', async () => {
    const [kept] = await run<{ id: string }>('visitor', 'SELECT id FROM archive_keys ORDER BY id LIMIT 1')
    const rows = await readAll(kept!.id)
    const files = [...s3.objects].filter(([key]) => key.endsWith('.gz'))
    for (const [key, body] of files) s3.objects.set(key, Buffer.concat([body, Buffer.from([0])]))
    await assert.rejects(readAll(kept!.id), /is not what was written/)
    for (const [key] of files) s3.objects.delete(key)
    await assert.rejects(readAll(kept!.id), /The archive lacks/)
    for (const [key, body] of files) s3.objects.set(key, body)
    assert.deepEqual(await readAll(kept!.id), rows)
  })

  it('gives nothing of a visitor whose key is gone', async () => {
    const [kept] = await run<{ id: string }>('key', 'SELECT id FROM archive_keys ORDER BY id LIMIT 1')
    await run('forget', 'DELETE FROM archive_keys')
    assert.deepEqual(await readAll(kept!.id), [])
  })
})
