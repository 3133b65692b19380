import { randomUUID } from 'node:crypto'
import type { MessageParam } from '@anthropic-ai/sdk/resources/messages'
import { setTimeout as delay } from 'node:timers/promises'
import { AnthropicStandIn, GOOD_KEY } from '../support/vendors/anthropic.ts'
import type { VendorReply } from '../support/vendors/reply.ts'
import { failing, type Scenario } from '../support/vendors/scenarios.ts'
import { planAnswer, type PlannedAnswer } from './answers.ts'
import { NOTE_DOWN } from './note-down.ts'
import type { ProviderMood } from './plan.ts'

/**
 * The model's vendor in a process of its own. Tells its parent `{url, key}` when it serves, and is told its mood.
 * Whatever it does wrong it does to the requests that come while it is in that mood.
 */
const PIECE_MS = 30
const SLOW_MS = 1_500
const LOOK_MS = 50

const state = { mood: 'calm' as ProviderMood }
const standIn = await AnthropicStandIn.start()
standIn.otherwise = answer
process.on('message', (mood: ProviderMood) => (state.mood = mood))
process.once('disconnect', () => process.exit())
process.send?.({ url: standIn.url, key: GOOD_KEY })

async function answer(reply: VendorReply): Promise<void> {
  const messages = standIn.requests.all.at(-1)?.body.messages ?? []
  standIn.requests.clear()
  const asked = messages.findLastIndex((one) => one.role === 'user' && textOf(one.content) !== '')
  const plan = planAnswer(textOf(messages[asked]?.content))
  const hasCalled = messages.slice(asked + 1).some(callsTool)
  await inMood[state.mood](plan.before && !hasCalled ? firstStep(plan.before) : lastStep(plan))(reply)
}

/** One step of an answer. */
interface Step {
  pieces: string[]
  end: (reply: VendorReply) => Promise<void>
}

function firstStep(pieces: string[]): Step {
  return {
    pieces,
    async end(reply) {
      const json = [JSON.stringify({ nonce: randomUUID() })]
      await reply.call({ id: `toolu_${randomUUID().slice(0, 8)}`, name: NOTE_DOWN, json })
      await reply.end('tools')
    },
  }
}

function lastStep({ pieces }: PlannedAnswer): Step {
  return { pieces, end: (reply) => reply.end('end') }
}

const inMood: Record<ProviderMood, (step: Step) => Scenario> = {
  calm:
    ({ pieces, end }) =>
    async (reply) => {
      await reply.begin()
      await speak(reply, pieces)
      await end(reply)
    },
  slow: (step) => async (reply) => {
    await delay(SLOW_MS)
    await inMood.calm(step)(reply)
  },
  stalling:
    ({ pieces, end }) =>
    async (reply) => {
      await reply.begin()
      await speak(reply, pieces.slice(0, pieces.length / 2))
      while (state.mood === 'stalling' && !reply.gone) await delay(LOOK_MS)
      await speak(reply, pieces.slice(pieces.length / 2))
      await end(reply)
    },
  dropping:
    ({ pieces }) =>
    async (reply) => {
      await reply.begin()
      await speak(reply, pieces.slice(0, pieces.length % 3))
      reply.cut()
    },
  failing: () => failing({ status: 529 }),
}

async function speak(reply: VendorReply, pieces: readonly string[]): Promise<void> {
  for (const text of pieces) {
    await delay(PIECE_MS)
    if (reply.gone) return
    await reply.say(text)
  }
}

/** The fragments that the visitor wrote in a row are blocks of one message. */
function textOf(content: MessageParam['content'] = ''): string {
  if (typeof content === 'string') return content
  return content.flatMap((block) => (block.type === 'text' ? block.text : [])).join('\n')
}

function callsTool({ content }: MessageParam): boolean {
  return (
    typeof content !== 'string' &&
    content.some((block) => block.type === 'tool_use' && block.name === NOTE_DOWN)
  )
}
