import assert from 'node:assert/strict'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { Result } from '../../protocol/result.ts'
import { mergeAttributes } from '../../widget/desk/attributes.ts'
import { Identity, userOf } from '../../widget/desk/identity.ts'
import type { Ask } from '../../widget/frame/ask.ts'
import { Attributes } from '../../widget/frame/attributes.ts'
import { Proof } from '../../widget/frame/proof.ts'
import { UNAVAILABLE } from '../../widget/frame/line.ts'
import { Keep, openShelf, type Shelf } from '../../widget/keep.ts'

const ADA = tokenOf('ada', 1)
const ADA_AGAIN = tokenOf('ada', 2)

describe("The page's proof of who its visitor is", () => {
  const faults: string[] = []
  const identify = (source: ConstructorParameters<typeof Identity>[0]) =>
    new Identity(source, (message) => faults.push(message))
  beforeEach(() => (faults.length = 0))

  it('is asked of a function once, and again when it was refused', async () => {
    const given = [ADA, ADA_AGAIN]
    const identity = identify(() => Promise.resolve(given.shift() ?? ''))
    assert.deepEqual(await Promise.all([identity.token(), identity.token()]), [ADA, ADA])
    assert.equal(await identity.token(ADA), ADA_AGAIN)
    assert.equal(await identity.token(), ADA_AGAIN)
    assert.deepEqual(faults, [])
  })

  it('is none, and a fault, where the function throws, gives nothing, or gives again what was refused', async () => {
    const failing = [
      () => Promise.reject(new Error('signed out')),
      () => {
        throw new Error('signed out')
      },
      () => undefined as unknown as string,
      () => 'no token',
    ]
    for (const source of failing) assert.equal(await identify(source).token(), null)
    assert.equal(await identify(() => ADA).token(ADA), null)
    assert.equal(await identify(ADA).token(ADA), null)
    assert.equal(faults.length, failing.length + 2)
  })

  it('is that of whom the page named last, though the one before took its time', async () => {
    let give: (token: string) => void = () => undefined
    const identity = identify(() => new Promise((resolve) => (give = resolve)))
    const asked = identity.token()
    identity.use(tokenOf('bob', 1))
    give(ADA)
    assert.equal(userOf((await asked) ?? ''), 'bob')
  })

  it('names its user, whatever else a text may be', () => {
    assert.equal(userOf(ADA), 'ada')
    for (const text of [
      '',
      'a',
      'a.b.c',
      `a.${btoa('{"sub":1}')}.c`,
      `a.${btoa('null')}.c`,
      `a.${btoa('{}')}.c`,
    ])
      assert.equal(userOf(text), null, text)
  })
})

describe('A proof on its way to the server', () => {
  /** What the page gives, and what the server answers to `session:identify`. */
  function proving(tokens: (string | null)[], answers: Promise<Result<unknown>>[] = []) {
    const [refusals, told, foreign]: [(string | undefined)[], unknown[], true[]] = [[], [], []]
    const ask = (_name: string, payload: unknown) => {
      told.push(payload)
      return answers.shift() ?? Promise.resolve(UNAVAILABLE)
    }
    const host = {
      askIdentity(refused?: string) {
        refusals.push(refused)
        return Promise.resolve(tokens.shift() ?? null)
      },
      isForeign: () => void foreign.push(true),
    }
    const proof = new Proof({ host, ask: ask as Ask })
    return { proof, refusals, told, foreign }
  }
  const refused = (code: ErrorCode): Promise<Result<unknown>> =>
    Promise.resolve({ ok: false, error: { code, message: '', retryable: false } })
  const accepted: Promise<Result<unknown>> = Promise.resolve({ ok: true, data: { user_id: 'ada' } })

  it('is not given twice when the handshake was refused because of it', async () => {
    const { proof, refusals } = proving([ADA, null])
    assert.equal(await proof.token(), ADA)
    proof.refuse()
    assert.equal(await proof.token(), null)
    assert.deepEqual(refusals, [undefined, ADA])
  })

  it('is asked anew when the server wants one before it lets the visitor write', async () => {
    const { proof, told } = proving([ADA, ADA_AGAIN], [refused('identity_invalid'), accepted])
    assert.equal(await proof.demand(), true)
    assert.deepEqual(told, [{ identity_token: ADA }, { identity_token: ADA_AGAIN }])
    assert.equal(await proving([null]).proof.demand(), false)
  })

  it('that is of another than the session makes the page begin anew', async () => {
    const { proof, foreign } = proving([ADA], [refused('session_invalid')])
    assert.equal(await proof.demand(), false)
    assert.deepEqual(foreign, [true])
  })

  it('that was found while the line came is told with it', async () => {
    const { proof, told } = proving([null], [Promise.resolve(UNAVAILABLE), accepted])
    await proof.token()
    proof.found(ADA)
    proof.ready()
    assert.deepEqual(told, [{ identity_token: ADA }, { identity_token: ADA }])
  })
})

describe('What the page tells of its visitor', () => {
  it('is merged, plain, and bounded', () => {
    const first = mergeAttributes(null, { visitor: { plan: 'gold' } })
    const next = mergeAttributes(first, { visitor: { plan: null, age: 7 }, conversation: { page: 'cart' } })
    assert.deepEqual(next, { visitor: { plan: null, age: 7 }, conversation: { page: 'cart' } })
    for (const wrong of [
      null,
      'text',
      [],
      { visitor: 'ada' },
      { other: {} },
      { visitor: { a: 'x'.repeat(8_000) } },
    ])
      assert.equal(mergeAttributes(first, wrong), null)
  })

  it('is told once to each session and conversation, and again when it has changed', async () => {
    const told: unknown[] = []
    const ask = (_name: string, payload: unknown) => {
      told.push(payload)
      return Promise.resolve({ ok: true, data: {} })
    }
    const attributes = new Attributes(
      { ask: ask as Ask, host: { tell: () => undefined } },
      { visitor: { plan: 'gold' } },
    )
    attributes.reach('s1 ')
    attributes.reach('s1 ')
    attributes.reach('s1 c1')
    attributes.change({ visitor: { plan: 'free' } })
    await Promise.resolve()
    assert.deepEqual(told, [
      { visitor: { plan: 'gold' } },
      { visitor: { plan: 'gold' } },
      { visitor: { plan: 'free' } },
    ])
  })
})

describe('What is kept for a visitor who was proved', () => {
  it('goes whole when it is forgotten, and other tabs hear of it; what the device likes stays', () => {
    const items = new Map<string, string>()
    const written: string[] = []
    const shelf: Shelf = {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => (written.push(key), void items.set(key, value)),
      removeItem: (key) => void items.delete(key),
    }
    const keep = new Keep(
      openShelf(() => shelf),
      'pk',
    )
    keep.saveSession({ session_id: 's', session_token: 't' })
    keep.putOutbox({ client_message_id: 'a', text: 'x', created_at: '' })
    keep.markRead({ conversation_id: 'c', seq: 3 })
    keep.saveOwner('ada')
    keep.saveSound(true)
    assert.equal(keep.owner(), 'ada')
    keep.forget()
    assert.deepEqual([...items.keys()], ['parlor:pk:sound'])
    assert.equal(keep.sound(), true)
    assert.equal(written.at(-1), 'parlor:pk:reset')
  })
})

function tokenOf(sub: string, exp: number): string {
  return `${btoa('{}')}.${btoa(JSON.stringify({ sub, exp }))}.signature`
}
