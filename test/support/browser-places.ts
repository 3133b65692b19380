import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import type { ChatPage } from './browser-chat.ts'
import type { Stage } from './browser-stage.ts'
import { eventually } from './eventually.ts'

const PAGES = join(import.meta.dirname, '../browser/pages')

/** A page of `test/browser/pages`, with the addresses that it names filled in. */
export function placePage(name: string, addresses: Record<string, string>): string {
  const html = readFileSync(join(PAGES, `${name}.html`), 'utf8')
  return html.replace(/\{\{(\w+)\}\}/g, (_, place: string) => addresses[place]!)
}

/** A question, and its answer as it streams. */
export async function asks(stage: Stage, chat: ChatPage, question: string, answer: string): Promise<void> {
  const before = await chat.answerTexts.allTextContents()
  await chat.send(question)
  const call = await stage.model.calls.take()
  const [first = '', ...more] = answer.split(/(?<= )/)
  call.say(first)
  await chat.shows(...before, first.trim())
  for (const piece of more) call.say(piece)
  call.end()
  await chat.showsFinished(...before, answer)
}

/** Takes the widget off its page, and sees that nothing of it is left: no element, no frame, no global. */
export async function leavesNothing({ page }: ChatPage, where: Page | Frame = page): Promise<void> {
  const frames = page.frames().length
  const left = await where.evaluate(() => {
    window.Parlor?.destroy?.()
    return { global: 'Parlor' in window, element: document.querySelector('parlor-widget') !== null }
  })
  assert.deepEqual(left, { global: false, element: false })
  await eventually(() => assert.equal(page.frames().length, frames - 1))
}

/** An entry of Chromium's trace, as far as it is used; times are in microseconds. */
interface Traced {
  name: string
  args: { data?: { url?: string } }
  /** Of the processor, by this thread: what other programs take meanwhile does not count. */
  tdur?: number
}

const RUNNING = ['EvaluateScript', 'FunctionCall', 'v8.compile', 'v8.evaluateModule', 'TimerFire']

/** Milliseconds of the processor for each time that a script with one of these paths ran on the page. */
export async function processorTimes(
  page: Page,
  paths: readonly string[],
  act: () => Promise<unknown>,
): Promise<number[]> {
  const browser = page.context().browser()!
  await browser.startTracing(page, { categories: ['devtools.timeline'] })
  await act()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: Traced[] }
  return traceEvents
    .filter(
      ({ name, args }) => RUNNING.includes(name) && paths.some((path) => args.data?.url?.includes(path)),
    )
    .map(({ tdur = 0 }) => tdur / 1_000)
}
