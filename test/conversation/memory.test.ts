import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { MEMORY_LIMITS, type MemoryLimits } from '../../server/conversation/memory-limits.ts'
import { createModels } from '../../server/llm/models.ts'
import { ProviderError, type ModelRequest } from '../../server/llm/provider.ts'
import { estimateTokens } from '../../server/llm/tokens.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { keptOf, makeVisitor, rowsWhere, startNode, type TestNode } from '../support/heart.ts'
import { createLogLines, type LogLines } from '../support/log-lines.ts'
import { answerOf, factsIn, RememberingProvider, textOf } from '../support/remembering-provider.ts'
import { Random } from '../heart/random.ts'

interface KeptConversation {
  id: string
  summary: string | null
  summary_seq: number
  answered_seq: number
  last_seq: number
  tokens_total: string
  cost_total: string
}

const DANA = { id: randomUUID(), name: 'Dana' }

describe('Memory', () => {
  let place: TestDatabase
  let visitor: VisitorSession
  let model: RememberingProvider
  let log: LogLines
  let nodes: TestNode[]

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    visitor = await makeVisitor(place.database)
    model = new RememberingProvider()
    log = createLogLines()
    nodes = []
  })
  afterEach(() => Promise.all(nodes.map((node) => node.stop())))

  const start = async (memory: Partial<MemoryLimits> = {}, limits = {}, provider = model) => {
    const node = await startNode(place.database, {
      ...{ memory, limits, log: log.logger },
      models: createModels(provider),
    })
    nodes.push(node)
    return node
  }
  let sent = 0
  /** Sends a message and gives what the model had read when it answered. */
  const say = async (node: TestNode, text: string): Promise<ModelRequest> => {
    const received = await node.conversations.receive(visitor, { client_message_id: `m${++sent}`, text })
    assert.ok(received.ok)
    const { request } = await model.answers.take()
    await node.told.next('reply:end')
    return request
  }
  const conversation = async () => {
    const rows = await rowsWhere<KeptConversation>(place.database, 'conversations', 'session_id', visitor.id)
    assert.ok(rows[0])
    return rows[0]
  }
  const summedUp = (upTo = 1) =>
    eventually(async () => assert.ok((await conversation()).summary_seq >= upTo, 'nothing was summed up'))
  /** As many short exchanges as make a conversation full, the first of which names a fact. */
  const fill = async (node: TestNode, fact = 'ORDER-1001') => {
    await say(node, `It is about ${fact}`)
    for (let i = 1; i < MEMORY_LIMITS.full.messages / 2; i++) await say(node, `Question ${i}`)
  }
  const reads = (request: ModelRequest) =>
    request.messages.map((message) => ('text' in message ? message.text : ''))

  it('is the last 20 messages, oldest first, where no model can sum up', async () => {
    const forgetful = Object.assign(model, { smallModel: null })
    const node = await start({}, {}, forgetful)
    let read: ModelRequest | null = null
    for (let i = 1; i <= 15; i++) read = await say(node, `Question ${i}`)
    assert.ok(read)
    assert.equal(reads(read).length, MEMORY_LIMITS.read.messages)
    assert.equal(reads(read).at(-1), 'Question 15')
    assert.equal(reads(read).at(-3), 'Question 14')
    assert.deepEqual([(await conversation()).summary, model.summaries.all.length], [null, 0])
  })

  it('sums the older part up before anything falls out, and reads on from there', async () => {
    const node = await start()
    await fill(node)
    await summedUp()
    const kept = await conversation()
    assert.deepEqual([kept.summary, kept.summary_seq], ['The visitor spoke of ORDER-1001.', 8])
    const read = await say(node, 'And now?')
    assert.match(read.system.moment, /The visitor spoke of ORDER-1001\./)
    assert.equal(reads(read)[0], 'Question 4')
    assert.equal(reads(read).length, 11)
  })

  it('keeps the beginning of what is read from one summary to the next, for the vendor’s cache', async () => {
    const node = await start()
    await fill(node)
    await summedUp()
    let before = reads(await say(node, 'One'))
    for (const text of ['Two', 'Three']) {
      const read = reads(await say(node, text))
      assert.deepEqual(read.slice(0, before.length), before)
      before = read
    }
  })

  it('carries a fact from message 3 through 300 messages, within its budget at every turn', async function () {
    this.timeout(60_000)
    const node = await start()
    const random = new Random(300)
    const lengths = { 30: 12, 200: 6, 900: 2, 4_000: 1 }
    const words = ['boots', 'size', 'שלום', 'blue', 'tomorrow', 'האם', 'delivery', '42']
    const write = (): string => {
      const longest = Number(random.weigh(lengths))
      let text = ''
      while (text.length < longest) text += `${random.pick(words)} `
      return text.slice(0, longest)
    }
    model.say = () => write()
    for (let turn = 1; turn <= 150; turn++) {
      const read = await say(node, turn === 2 ? `My order is ORDER-1003. ${write()}` : write())
      const tokens = reads(read).reduce((sum, text) => sum + estimateTokens(text), 0)
      assert.ok(tokens <= MEMORY_LIMITS.read.tokens, `turn ${turn} reads ${tokens} tokens`)
      assert.ok(read.messages.length <= MEMORY_LIMITS.read.messages, `turn ${turn}`)
      if (turn >= 2) assert.ok(factsIn(textOf(read)).includes('ORDER-1003'), `turn ${turn} has forgotten it`)
      // A visitor takes longer to read than a model to sum up.
      await eventually(async () => {
        const { last_seq, summary_seq } = await conversation()
        assert.ok(last_seq - summary_seq < MEMORY_LIMITS.read.messages)
      })
    }
    const kept = await conversation()
    assert.equal(kept.last_seq, 300)
    assert.match(kept.summary ?? '', /ORDER-1003/)
    assert.ok(kept.summary_seq >= 280, String(kept.summary_seq))
    const turns = await keptOf<{ tokens_input: number }>(place.database, visitor, 'turns', 'number')
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    const [early, late] = [turns.slice(20, 60), turns.slice(110)].map((some) =>
      mean(some.map(({ tokens_input }) => tokens_input)),
    )
    assert.ok(early && late && late < early * 1.5, `a turn cost ${early} tokens, and later ${late}`)
  })

  it('reads a message that is too long without its middle', async () => {
    const node = await start({ message: 200 })
    const read = await say(node, `ORDER-1 ${'word '.repeat(700)} ORDER-2`)
    const [text = ''] = reads(read)
    assert.match(text, /^ORDER-1 [\s\S]*characters left out[\s\S]* ORDER-2$/)
    assert.ok(estimateTokens(text) <= 200)
  })

  it('reads the newest message however little room there is', async () => {
    const node = await start({ read: { messages: 20, tokens: 10 } })
    await say(node, 'word '.repeat(100))
    const read = await say(node, `${'word '.repeat(100)}!`)
    assert.deepEqual(reads(read), [`${'word '.repeat(100)}!`])
  })

  it('reads nothing that a person cannot see', async () => {
    const node = await start()
    const read = await say(node, 'Hi\u{e0041}\u{e0042}\u200b there')
    assert.deepEqual(reads(read), ['Hi there'])
  })

  it('cuts a summary that is too long at the end of a sentence', async () => {
    const node = await start({ summary: 60 })
    model.faults.push((signal) => {
      signal.throwIfAborted()
      const text = 'The price is 3.50 euros. '.repeat(50)
      return Promise.resolve(answerOf(text, { messages: [], system: { stable: '', moment: '' } } as never))
    })
    await fill(node)
    await summedUp()
    assert.match((await conversation()).summary ?? '', /^(The price is 3\.50 euros\. ?){3,8}$/)
  })

  it('charges the turn that brought the summary, and every total with it', async () => {
    const node = await start()
    await fill(node)
    await summedUp()
    const { database } = place
    type Spent = {
      model: string
      tokens_input: number
      tokens_output: number
      cost: number
      summary?: string
    }
    type Turn = { number: number; tokens_input: number; tokens_output: number; cost: string; spent: Spent[] }
    const turns = await keptOf<Turn>(database, visitor, 'turns', 'number')
    const last = turns.at(-1)
    assert.deepEqual(
      last?.spent.map((one) => [one.model, one.summary]),
      [
        ['large-1', undefined],
        ['small-1', 'summary-2'],
      ],
    )
    const sum = (rows: { tokens_input: number; tokens_output: number }[]) => [
      rows.reduce((all, row) => all + row.tokens_input, 0),
      rows.reduce((all, row) => all + row.tokens_output, 0),
    ]
    for (const turn of turns) assert.deepEqual(sum([turn]), sum(turn.spent))
    const [input = 0, output = 0] = sum(turns)
    assert.equal((await conversation()).tokens_total, String(input + output))
    const [day] = await rowsWhere<Record<string, string>>(
      database,
      'api_usage',
      'client_id',
      visitor.client_id,
    )
    assert.deepEqual([day?.['tokens_input'], day?.['tokens_output'], day?.['message_count']].map(Number), [
      ...[input, output],
      turns.length,
    ])
    const models = await rowsWhere<Record<string, string>>(
      ...([database, 'usage_by_model', 'client_id', visitor.client_id] as const),
    )
    for (const row of models) {
      const spent = turns.flatMap((turn) => turn.spent).filter((one) => one.model === row['model'])
      assert.deepEqual([row['tokens_input'], row['tokens_output']].map(Number), sum(spent))
      assert.equal(Number(row['turns']), spent.filter((one) => one.summary === undefined).length)
    }
    assert.equal(models.length, 2)
  })

  it('tells a failure by its code, charges what it cost, and tries again after a later turn', async () => {
    const node = await start()
    model.faults.push(() => Promise.reject(new ProviderError('overloaded', 'too many')))
    await fill(node)
    const line = await log.next('conversation not summed up')
    assert.deepEqual([line['code'], line['reason']], ['overloaded', 'too many'])
    assert.equal((await conversation()).summary, null)
    await say(node, 'Still there?')
    await summedUp()
    assert.match((await conversation()).summary ?? '', /ORDER-1001/)
  })

  it('takes neither a refusal nor silence for a summary', async () => {
    const node = await start()
    for (const [text, stop, code] of [
      ['I would rather not.', 'refusal', 'refused'],
      [' \n', 'end', 'empty'],
    ] as const) {
      model.faults.push(() =>
        Promise.resolve({ text, stop, calls: [], usage: { input: 100, output: 5, cached: 0 } }),
      )
      await (code === 'refused' ? fill(node) : say(node, 'More'))
      assert.equal((await log.next('conversation not summed up'))['code'], code)
    }
    const kept = await conversation()
    assert.deepEqual([kept.summary, kept.summary_seq], [null, 0])
    const turns = await keptOf<{ tokens_input: number; spent: unknown[] }>(
      ...([place.database, visitor, 'turns', 'number'] as const),
    )
    assert.equal(turns.at(-1)?.spent.length, 2, 'what it cost is charged all the same')
  })

  it('gives a model that is too slow up', async () => {
    const node = await start({ time: 50 })
    model.faults.push(heldCall().fault)
    await fill(node)
    assert.equal((await log.next('conversation not summed up'))['code'], 'timeout')
  })

  it('is abandoned when the node goes, and taken up by the next one', async () => {
    const leaving = await start()
    const call = heldCall()
    model.faults.push(call.fault)
    await fill(leaving)
    await call.asked
    await leaving.stop()
    assert.equal((await conversation()).summary, null)
    const staying = await start()
    await say(staying, 'Still there?')
    await summedUp()
    assert.match((await conversation()).summary ?? '', /ORDER-1001/)
  })

  it('is written once where two nodes write it, and both are charged', async () => {
    const [one, two] = [await start(), await start()]
    const [first, second] = [heldCall(), heldCall()]
    model.faults.push(first.fault, second.fault)
    await fill(one)
    await first.asked
    await say(two, 'And now?')
    await second.asked
    second.answer('The second.')
    await summedUp()
    first.answer('The first.')
    await eventually(async () => {
      type Turn = { spent: { summary?: string }[] }
      const turns = await keptOf<Turn>(place.database, visitor, 'turns', 'number')
      const summaries = turns.flatMap(({ spent }) => spent.filter((part) => part.summary !== undefined))
      assert.equal(summaries.length, 2)
    })
    assert.equal((await conversation()).summary, 'The second.')
  })

  it('reads what an agent wrote, and has it summed up when the AI gets the conversation back', async () => {
    const node = await start()
    await say(node, 'It is about ORDER-1001')
    const { id: conversation_id } = await conversation()
    const at = { client_id: visitor.client_id, conversation_id, admin: DANA }
    await node.agents.takeOver(at)
    for (let i = 1; i <= 20; i++) {
      await node.conversations.receive(visitor, { client_message_id: `v${i}`, text: `Item ${i}, please` })
      await node.agents.receive(at, {
        client_message_id: `a${i}`,
        text: i === 2 ? 'PROMISE-77 is yours' : 'Yes.',
      })
    }
    assert.equal((await conversation()).summary, null)
    await node.agents.handBack(at)
    await summedUp(30)
    assert.deepEqual(factsIn((await conversation()).summary ?? ''), ['ORDER-1001', 'PROMISE-77'])
    const read = await say(node, 'What was I promised?')
    assert.deepEqual(factsIn(textOf(read)), ['ORDER-1001', 'PROMISE-77'])
    const [{ request } = { request: null }] = model.summaries.all
    assert.match(request ? textOf(request) : '', /\{"by":"agent","text":"PROMISE-77 is yours"\}/)
  })

  it('goes on when an agent takes over while it is written', async () => {
    const node = await start()
    const call = heldCall()
    model.faults.push(call.fault)
    await fill(node)
    await call.asked
    const { id: conversation_id } = await conversation()
    await node.agents.takeOver({ client_id: visitor.client_id, conversation_id, admin: DANA })
    call.answer('Late, but right.')
    await summedUp()
    assert.equal((await conversation()).summary, 'Late, but right.')
  })

  it('writes nothing into a conversation that has ended meanwhile', async () => {
    const node = await start()
    const call = heldCall()
    model.faults.push(call.fault)
    await fill(node)
    await call.asked
    await node.conversations.end(visitor)
    call.answer('Too late.')
    await eventually(async () => {
      const turns = await keptOf<{ spent: unknown[] }>(place.database, visitor, 'turns', 'number')
      assert.equal(turns.at(-1)?.spent.length, 2)
    })
    assert.equal((await conversation()).summary, null)
  })

  it('has so many conversations summed up at once, and so many wait', async () => {
    const node = await start({ atOnce: 1, waiting: 1, full: { messages: 2, tokens: 4_500 } })
    const [first, second] = [heldCall(), heldCall()]
    model.faults.push(first.fault, second.fault)
    for (let i = 0; i < 3; i++) {
      visitor = await makeVisitor(place.database)
      await say(node, 'Hello')
    }
    await first.asked
    assert.equal((await log.next('conversation not summed up'))['code'], 'queue_full')
    assert.equal(model.faults.length, 1, 'the second one waits')
    first.answer('One.')
    await second.asked
    second.answer('Two.')
  })
})

type Fault = RememberingProvider['faults'][number]

/** A call that is answered when the test says so, with what it says, or broken off. */
function heldCall(): { fault: Fault; asked: Promise<void>; answer: (text: string) => void } {
  let answer: (text: string) => void = () => undefined
  let ask: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (ask = resolve))
  const fault: Fault = (signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      answer = (text) => resolve({ text, calls: [], stop: 'end', usage: { input: 7, output: 3, cached: 0 } })
      ask()
    })
  return { fault, asked, answer: (text) => answer(text) }
}
