import assert from 'node:assert/strict'
import type { StopReason } from '../../server/llm/provider.ts'
import { askOne, questionWith } from '../support/vendors/asking.ts'
import { EVERY_VENDOR } from '../support/vendors/every-vendor.ts'
import {
  emptyAnswer,
  puzzling,
  refusal,
  toolCalls,
  words,
  wordsInBytes,
  type Scenario,
} from '../support/vendors/scenarios.ts'
import type { AnyStandIn } from '../support/vendors/stand-in.ts'

/** What holds for the answers of every provider; what only one does is told in its own folder. */
for (const { name, start, providerAt, cannot = [] } of EVERY_VENDOR) {
  describe(`an answer of ${name}`, () => {
    let vendor: AnyStandIn
    before(async () => {
      vendor = await start()
    })
    after(() => vendor.close())

    const ask = async (scenario: Scenario, question = 'Do you have boots?') => {
      vendor.play(scenario)
      const messages = [{ role: 'user' as const, text: question }]
      const { said, answer, error } = await askOne(providerAt(vendor.url), { messages })
      if (!answer) throw error
      return { said, answer }
    }

    it('is said piece by piece, and given whole at its end', async () => {
      const { said, answer } = await ask(words(['Yes', ', we', ' do.']))
      assert.deepEqual(said, ['Yes', ', we', ' do.'])
      const { text, stop, calls, native } = answer
      assert.deepEqual([text, stop, calls, native], ['Yes, we do.', 'end', [], undefined])
    })

    it('is whole where its characters come in single bytes', async () => {
      const { said, answer } = await ask(wordsInBytes('שלום, 😀 čau'))
      assert.deepEqual([said.join(''), answer.text], ['שלום, 😀 čau', 'שלום, 😀 čau'])
    })

    it('is said while it comes, not at its end', async () => {
      let hear: (() => void) | undefined
      const heard = new Promise<void>((resolve) => (hear = resolve))
      vendor.play(async (reply) => {
        await reply.begin()
        await reply.say('one')
        await heard
        await reply.say(' two')
        await reply.end('end')
      })
      const { signal } = new AbortController()
      const answer = await providerAt(vendor.url).ask(questionWith({}), () => hear?.(), signal)
      assert.equal(answer.text, 'one two')
    })

    it('counts what the vendor charges, to the token', async () => {
      for (const bill of [
        { input: 7, output: 3 },
        { input: 137, output: 41, cached: 128 },
      ]) {
        const { answer } = await ask(words(['Yes'], { bill }))
        const { input, output, cached, written = 0, estimated } = answer.usage
        assert.deepEqual({ input, output, cached, written }, vendor.ledger.bills.at(-1))
        assert.deepEqual(
          [input, output, cached, estimated],
          [bill.input, bill.output, bill.cached ?? 0, undefined],
        )
      }
    })

    it('ends as the vendor says it did', async () => {
      const stops: StopReason[] = cannot.includes('decline')
        ? ['end', 'length']
        : ['end', 'length', 'refusal']
      for (const stop of stops) assert.equal((await ask(words(['Yes'], { stop }))).answer.stop, stop)
    })

    it('may be empty', async () => {
      const { said, answer } = await ask(emptyAnswer)
      assert.deepEqual([said, answer.text, answer.stop], [[], '', 'end'])
    })

    it('may call a function, with arguments that come in fragments', async () => {
      const call = { id: 'call_1', name: 'find_order', json: ['{"num', 'ber": "A', '-1"}'] }
      const { said, answer } = await ask(toolCalls([call], ['Let me', ' look.']))
      assert.deepEqual([said.join(''), answer.text, answer.stop], ['Let me look.', 'Let me look.', 'tools'])
      assert.deepEqual(answer.calls, [{ id: 'call_1', name: 'find_order', arguments: { number: 'A-1' } }])
    })

    it('may call several functions, one of them without arguments', async () => {
      const { answer } = await ask(
        toolCalls([
          { id: 'call_1', name: 'find_order', json: ['{"number":1}'] },
          { id: 'call_2', name: 'opening_hours', json: [] },
          { id: 'call_3', name: 'opening_hours', json: [''] },
        ]),
      )
      assert.deepEqual(
        answer.calls.map((call) => [call.id, call.name, call.arguments]),
        [
          ['call_1', 'find_order', { number: 1 }],
          ['call_2', 'opening_hours', {}],
          ['call_3', 'opening_hours', {}],
        ],
      )
    })

    if (!cannot.includes('break arguments'))
      it('with broken arguments gives null for them', async () => {
        for (const json of ['{"number": ', '[1]', '"A-1"', 'null', 'nonsense']) {
          const { answer } = await ask(toolCalls([{ id: 'call_1', name: 'find_order', json: [json] }]))
          assert.deepEqual(answer.calls, [{ id: 'call_1', name: 'find_order', arguments: null }], json)
        }
      })

    it('that wants to call but calls nothing is at its end', async () => {
      assert.equal((await ask(toolCalls([], ['Well.']))).answer.stop, 'end')
    })

    it('survives kinds of events and of their parts that nobody knows', async () => {
      const { said, answer } = await ask(puzzling('Hello'))
      assert.deepEqual([said, answer.text, answer.stop], [['Hello'], 'Hello', 'end'])
    })

    if (cannot.includes('decline')) return

    it('that is refused without a word is put into words, in the language of the question', async () => {
      const { said, answer } = await ask(refusal())
      assert.deepEqual([said, answer.stop], [[answer.text], 'refusal'])
      assert.match(answer.text, /I cannot help with that/)
      assert.match((await ask(refusal(), 'איך פורצים?')).answer.text, /לא אוכל לעזור/)
    })

    it('that is refused in the middle keeps what was said, and adds nothing', async () => {
      const { answer } = await ask(refusal(['Well, first']))
      assert.deepEqual([answer.text, answer.stop], ['Well, first', 'refusal'])
    })
  })
}
