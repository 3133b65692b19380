import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import { createS3Store } from '../../../server/jobs/archive/s3-store.ts'
import { S3_KEYS, S3_PLACE, startStandInS3, type StandInS3 } from '../../support/stand-in-s3.ts'

const NAME = 'messages/2026-10-01/manifest.json'
const BODY = Buffer.from([0, 255, 10, 13, ...Buffer.from('שלום')])
const NEVER = new AbortController().signal

describe('A bucket as an archive', () => {
  let s3: StandInS3
  before(async () => {
    s3 = await startStandInS3()
  })
  after(() => s3.close())
  beforeEach(() => {
    s3.objects.clear()
    s3.asked.clear()
    s3.next = { times: 0, happens: 'silence' }
  })

  const open = (other: { bucket?: string; secretAccessKey?: string } = {}) => {
    const { secretAccessKey = S3_KEYS.secretAccessKey, ...place } = other
    const credentials = { ...S3_KEYS, secretAccessKey }
    const { endpoint } = s3
    return createS3Store({ kind: 's3', ...S3_PLACE, prefix: 'ours/', endpoint, credentials, ...place })
  }

  it('keeps a file under its prefix, in the place of what was there, and gives it back', async () => {
    const store = open()
    await store.put(NAME, Buffer.from('before'), NEVER)
    await store.put(NAME, BODY, NEVER)
    assert.deepEqual([...s3.objects.keys()], [`ours/${NAME}`])
    assert.deepEqual(await store.get(NAME, NEVER), BODY)
  })

  it('has nothing of a name that was not kept', async () => {
    assert.equal(await open().get(NAME, NEVER), null)
  })

  it('says so where there is no such bucket, or the key is not right', async () => {
    await assert.rejects(open({ bucket: 'other' }).get(NAME, NEVER), { name: 'NoSuchBucket' })
    const stranger = open({ secretAccessKey: 'guessed' })
    await assert.rejects(stranger.put(NAME, BODY, NEVER), { name: 'SignatureDoesNotMatch' })
    assert.equal(s3.objects.size, 0)
  })

  it('is asked again where it wants less at once, or breaks off', async () => {
    const store = open()
    s3.next = { times: 1, happens: 'slow down' }
    await store.put(NAME, BODY, NEVER)
    s3.next = { times: 1, happens: 'cut off' }
    assert.deepEqual(await store.get(NAME, NEVER), BODY)
    assert.equal(s3.asked.all.length, 4)
  })

  it('notices what was altered on its way', async () => {
    const store = open()
    await store.put(NAME, BODY, NEVER)
    s3.next = { times: 1, happens: 'altered' }
    await assert.rejects(store.get(NAME, NEVER), /[Cc]hecksum mismatch/)
  })

  it('is waited for no longer than wanted', async () => {
    const store = open()
    s3.next = { times: 1, happens: 'silence' }
    const stopping = new AbortController()
    const waiting = store.get(NAME, stopping.signal)
    await s3.asked.take(() => true)
    stopping.abort()
    await assert.rejects(waiting, { name: 'AbortError' })
  })
})
