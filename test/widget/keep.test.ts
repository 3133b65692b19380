import assert from 'node:assert/strict'
import { Keep, openShelf, type Shelf } from '../../widget/keep.ts'
import { SessionDesk } from '../../widget/session-desk.ts'
import { outboxEntry } from './cast.ts'

const ANNA = { session_id: 'anna', session_token: 'secret' }

describe('what is kept for the visitor', () => {
  it('is told apart by client key', () => {
    const shelf = memory()
    new Keep(shelf, 'pk_one').saveSession(ANNA)
    assert.deepEqual(new Keep(shelf, 'pk_one').session(), ANNA)
    assert.equal(new Keep(shelf, 'pk_two').session(), null)
  })

  it('counts as absent when it has not its shape', () => {
    const shelf = memory()
    const keep = new Keep(shelf, 'pk')
    for (const broken of ['{', 'null', '[]', '{"session_id":1}', '"text"', '{"session_id":"a"}']) {
      for (const name of ['session', 'outbox', 'read', 'owner']) shelf.setItem(`parlor:pk:${name}`, broken)
      assert.equal(keep.session(), null)
      assert.deepEqual(keep.outbox(), [])
      assert.equal(keep.read(), null)
      assert.equal(keep.owner(), broken === '"text"' ? 'text' : null)
    }
    shelf.setItem('parlor:pk:outbox', JSON.stringify([null, { text: 'x' }, outboxEntry('a')]))
    assert.deepEqual(keep.outbox(), [outboxEntry('a')])
  })

  it('loses no message when two tabs write to one outbox', () => {
    const shelf = memory()
    const [one, other] = [new Keep(shelf, 'pk'), new Keep(shelf, 'pk')]
    one.putOutbox(outboxEntry('a'))
    other.putOutbox(outboxEntry('b'))
    one.putOutbox({ ...outboxEntry('a'), failed: 'invalid_payload' })
    assert.deepEqual(
      one.outbox().map((entry) => [entry.client_message_id, entry.failed]),
      [
        ['a', 'invalid_payload'],
        ['b', undefined],
      ],
    )
    other.dropOutbox('a')
    assert.deepEqual(one.outbox(), [outboxEntry('b')])
  })

  it('keeps fifty messages and no more', () => {
    const keep = new Keep(memory(), 'pk')
    for (let i = 0; i < 60; i += 1) keep.putOutbox(outboxEntry(`m${i}`))
    assert.equal(keep.outbox().length, 50)
  })

  it('forgets a session only while it is still that one', () => {
    const keep = new Keep(memory(), 'pk')
    keep.saveSession(ANNA)
    keep.forgetSession('somebody')
    assert.deepEqual(keep.session(), ANNA)
    keep.forgetSession('anna')
    assert.equal(keep.session(), null)
  })

  it('lives in memory where storage throws at every touch', () => {
    const keep = new Keep(
      openShelf(() => {
        throw new Error('denied')
      }),
      'pk',
    )
    keep.saveSession(ANNA)
    assert.deepEqual(keep.session(), ANNA)
    keep.forgetSession('anna')
    assert.equal(keep.session(), null)
  })

  it('lives in memory while the storage is full', () => {
    const real = memory()
    let full = true
    const shelf = openShelf(() => ({
      ...real,
      setItem(key: string, value: string) {
        if (full) throw new Error('quota')
        real.setItem(key, value)
      },
    }))
    shelf.setItem('key', 'new')
    assert.equal(shelf.getItem('key'), 'new')
    full = false
    shelf.setItem('key', 'newer')
    assert.equal(real.getItem('key'), 'newer')
  })
})

describe('the session desk', () => {
  it('lets one tab make the first session, and gives it to the others', async () => {
    const [shelf, locks] = [memory(), navigatorLocks()]
    const desks = [1, 2, 3].map(() => new SessionDesk(new Keep(shelf, 'pk'), locks, 'pk'))
    const first = await desks[0]!.claim()
    assert.equal(first, null)
    const others = Promise.all([desks[1]!.claim(), desks[2]!.claim()])
    await new Promise(setImmediate)
    desks[0]!.save(ANNA)
    assert.deepEqual(await others, [ANNA, ANNA])
  })

  it('keeps the others waiting until their own process has surely heard of the session', async () => {
    const [here, elsewhere, locks] = [memory(), memory(), navigatorLocks()]
    // What is written in one process is read in another only after its next message, which may be later than a lock.
    const lagging: Shelf = {
      ...here,
      setItem(key, value) {
        here.setItem(key, value)
        setTimeout(() => elsewhere.setItem(key, value), 20)
      },
    }
    const one = new SessionDesk(new Keep(lagging, 'pk'), locks, 'pk')
    const other = new SessionDesk(new Keep(elsewhere, 'pk'), locks, 'pk')
    await one.claim()
    const second = other.claim()
    one.save(ANNA)
    assert.deepEqual(await second, ANNA)
  })

  it('lets the next tab try when the first one gave up', async () => {
    const [shelf, locks] = [memory(), navigatorLocks()]
    const [one, other] = [1, 2].map(() => new SessionDesk(new Keep(shelf, 'pk'), locks, 'pk'))
    await one!.claim()
    const second = other!.claim()
    await new Promise(setImmediate)
    one!.release()
    assert.equal(await second, null)
    other!.release()
  })

  it('takes another session that is there instead of a stale one', async () => {
    const shelf = memory()
    const desk = new SessionDesk(new Keep(shelf, 'pk'), navigatorLocks(), 'pk')
    desk.save(ANNA)
    assert.deepEqual(await desk.claim('somebody'), ANNA)
    assert.equal(await desk.claim('anna'), null)
    desk.release()
  })

  it('asks nobody where locks are missing or refused', async () => {
    const refused = { request: () => Promise.reject(new Error('denied')) } as unknown as LockManager
    for (const locks of [undefined, refused])
      assert.equal(await new SessionDesk(new Keep(memory(), 'pk'), locks, 'pk').claim(), null)
  })
})

function memory(): Shelf {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}

/** One exclusive lock, as browsers have it: whoever asks later waits for the end of the one before. */
function navigatorLocks(): LockManager {
  let last: Promise<unknown> = Promise.resolve()
  const request = (_name: string, _options: LockOptions, use: () => unknown): Promise<unknown> => {
    last = last.then(use)
    return last
  }
  return { request } as unknown as LockManager
}
