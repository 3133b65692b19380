import type { MessageParam } from '@anthropic-ai/sdk/resources/messages'
import { setTimeout as delay } from 'node:timers/promises'
import { AnthropicStandIn, GOOD_KEY } from '../support/vendors/anthropic.ts'
import type { VendorReply } from '../support/vendors/reply.ts'
import { failing, type Scenario } from '../support/vendors/scenarios.ts'
import { answerTo } from './answers.ts'
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
  const request = standIn.requests.all.at(-1)
  standIn.requests.clear()
  const pieces = answerTo(textOf(request?.body.messages.at(-1)?.content))
  await inMood[state.mood](pieces)(reply)
}

const inMood: Record<ProviderMood, (pieces: string[]) => Scenario> = {
  calm: (pieces) => async (reply) => {
    await reply.begin()
    await speak(reply, pieces)
    await reply.end('end')
  },
  slow: (pieces) => async (reply) => {
    await delay(SLOW_MS)
    await inMood.calm(pieces)(reply)
  },
  stalling: (pieces) => async (reply) => {
    await reply.begin()
    await speak(reply, pieces.slice(0, pieces.length / 2))
    while (state.mood === 'stalling' && !reply.gone) await delay(LOOK_MS)
    await speak(reply, pieces.slice(pieces.length / 2))
    await reply.end('end')
  },
  dropping: (pieces) => async (reply) => {
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
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n')
}
