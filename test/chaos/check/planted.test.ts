import assert from 'node:assert/strict'
import type { KeptMessage } from '../../heart/check/kept.ts'
import type { Op } from '../history.ts'
import { checkHistory, INVARIANTS, type InvariantName } from './index.ts'
import { goodStory, type Story } from './good-story.ts'

type Told = Extract<Op, { op: 'told' }>

/** What a checker must find, and how it is planted into a history and a truth that are good. */
const PLANTED: Readonly<Record<string, { breaks: InvariantName; plant: (story: Story) => void }>> = {
  'an acked message that is lost': {
    breaks: 'acked is kept',
    plant: ({ truth }) => void truth.messages.splice(0, 1),
  },
  'an acked message that is kept in other words': {
    breaks: 'acked is kept',
    plant: (story) => (message(story, 'user').content += '!'),
  },
  'a message acked as two': {
    breaks: 'acked is kept',
    plant: ({ history }) => {
      const ack = history.find((op) => op.op === 'acked')
      assert.ok(ack)
      history.push({ ...ack, message: { ...ack.message, id: crypto.randomUUID() } })
    },
  },
  'a message that nobody sent': {
    breaks: 'kept was sent',
    plant: (story) => (message(story, 'user').client_message_id = 'v9.9'),
  },
  'a message without its receipt': {
    breaks: 'receipts agree',
    plant: ({ truth }) => void truth.receipts.pop(),
  },
  'two messages in the wrong order': {
    breaks: 'sends stay in order',
    plant: ({ truth }) => {
      const [first, , third] = truth.messages
      assert.ok(first && third)
      ;[first.seq, third.seq] = [third.seq, first.seq]
    },
  },
  'a refusal for good': {
    breaks: 'nobody is refused',
    plant: ({ history }) =>
      void history.push({ at: 0, who: 'v1', op: 'refused', id: 'v1.1', code: 'internal', retryable: false }),
  },
  'a hole in seq': {
    breaks: 'seq has no holes',
    plant: ({ truth }) => void truth.messages.splice(3, 1),
  },
  'a turn that stays open': {
    breaks: 'counters agree',
    plant: ({ truth }) => void Object.assign(truth.conversations[0] ?? {}, { turn_open: true }),
  },
  'a second end of a turn': {
    breaks: 'turns have one end',
    plant: (story) => {
      const end = message(story, 'assistant')
      story.truth.messages.push({ ...end, id: crypto.randomUUID(), seq: story.truth.messages.length + 1 })
    },
  },
  'a turn that ends as another than its answer': {
    breaks: 'turns have one end',
    plant: ({ truth }) => void Object.assign(truth.turns[0] ?? {}, { state: 'failed' }),
  },
  'an answer that is owed': {
    breaks: 'answers are exact',
    plant: ({ truth }) => {
      truth.messages.pop()
      truth.turns.pop()
    },
  },
  'a complete answer of which the end is missing': {
    breaks: 'texts are what the model said',
    plant: (story) => {
      const end = message(story, 'assistant')
      end.content = end.content.slice(0, -1)
    },
  },
  'an answer to somebody else': {
    breaks: 'texts are what the model said',
    plant: (story) => (message(story, 'assistant').content = 'canary [v2.1] 0:ok .'),
  },
  'a piece that is missing': {
    breaks: 'streams agree',
    plant: ({ history }) => void history.splice(history.findIndex(isPiece), 1),
  },
  'a piece that is told twice': {
    breaks: 'streams agree',
    plant: ({ history }) => {
      const index = history.findIndex(isPiece)
      history.splice(index, 0, ...history.slice(index, index + 1))
    },
  },
  'a streamed text that is not the one that is kept': {
    breaks: 'streams agree',
    plant: ({ history }) => {
      const piece = history.find(isPiece)
      if (piece?.event === 'reply:delta') piece.args[3] = piece.args[3].replace(/.$/, '#')
    },
  },
  'an end before all was told, where nothing had gone wrong': {
    breaks: 'streams agree',
    plant: ({ history }) => {
      const pieces = history.filter(isPiece)
      const [last] = pieces.filter((one) => one.tab === 'v1/1' && one.args[2] !== 0)
      assert.ok(last)
      history.splice(history.indexOf(last), 1)
    },
  },
  'a tab that lacks a message': {
    breaks: 'copies agree',
    plant: ({ history }) => {
      const told = history.findIndex(
        (op) => isTold(op) && op.event === 'message:created' && op.tab === 'v1/2',
      )
      history.splice(told, 1)
    },
  },
  'a word of the AI after an agent has joined': {
    breaks: 'agents join in silence',
    plant: ({ history }) => {
      const joined = history.findIndex((op) => isTold(op) && op.event === 'agent:joined')
      const { tab } = history[joined] as Told
      history.splice(joined + 1, 0, {
        ...{ at: 0, who: 'v1', op: 'told', tab, event: 'reply:delta', args: [2, 1, 20, 'and'] },
      })
    },
  },
  'a turn that is completed after an agent has taken over': {
    breaks: 'agents join in silence',
    plant: ({ truth }) =>
      void Object.assign(truth.turns[1] ?? {}, { state: 'complete', ended_at: new Date(Date.UTC(2030, 0)) }),
  },
  'a takeover of which nothing is kept': {
    breaks: 'hands are kept',
    plant: ({ truth }) => void truth.changes.shift(),
  },
  'a stop that does not hold': {
    breaks: 'stops hold',
    plant: ({ truth }) => void Object.assign(truth.turns.at(-1) ?? {}, { state: 'complete' }),
  },
  'an effect that happens twice': {
    breaks: 'effects happen once',
    plant: ({ truth }) => (truth.effects = [...truth.effects, ...truth.effects]),
  },
  'an effect under another key': {
    breaks: 'effects happen once',
    plant: ({ truth }) => (truth.effects = truth.effects.map((one) => ({ ...one, key: '1.0' }))),
  },
  'an effect of a step that is not kept': {
    breaks: 'effects happen once',
    plant: ({ truth }) => void truth.steps.pop(),
  },
  'an effect that never happens': {
    breaks: 'effects happen once',
    plant: ({ truth }) => (truth.effects = []),
  },
  'a waiting request that gets another answer': {
    breaks: 'waiting requests heard the end',
    plant: ({ history }) => {
      const answered = history.find((op) => op.op === 'answered')
      if (answered) answered.message = { ...answered.message, content: 'Something else.' }
    },
  },
  'an end that is not counted as usage': {
    breaks: 'usage agrees',
    plant: ({ truth }) => void Object.assign(truth.usage[0] ?? {}, { message_count: '2' }),
  },
  'a constraint that is broken': {
    breaks: 'constraints hold',
    plant: ({ truth }) => void truth.brokenConstraints.push('nothing_waits_unseen is broken'),
  },
}

describe('The checker of histories', () => {
  it('finds nothing where all is as it must be', () => {
    const { history, truth } = goodStory()
    assert.deepEqual(checkHistory(history, truth), [])
  })

  it('has a planted fault for each invariant', () => {
    const broken = new Set(Object.values(PLANTED).map(({ breaks }) => breaks))
    assert.deepEqual([...broken].sort(), Object.keys(INVARIANTS).sort())
  })

  for (const [name, { breaks, plant }] of Object.entries(PLANTED))
    it(`finds ${name}`, () => {
      const story = goodStory()
      plant(story)
      const breaches = checkHistory(story.history, story.truth)
      assert.ok(
        breaches.some((breach) => breach.startsWith(`${breaks}: `)),
        `not found; what was: ${JSON.stringify(breaches, null, 2)}`,
      )
    })
})

function message({ truth }: Story, role: KeptMessage['role']): KeptMessage {
  const found = truth.messages.find((one) => one.role === role)
  assert.ok(found)
  return found
}

function isTold(op: Op): op is Told {
  return op.op === 'told'
}

function isPiece(op: Op): op is Extract<Told, { event: 'reply:delta' }> {
  return isTold(op) && op.event === 'reply:delta'
}
