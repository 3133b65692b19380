import assert from 'node:assert/strict'
import axe from 'axe-core'
import type { Frame } from 'playwright-core'
import type { ChatPage } from './browser-chat.ts'

/** WCAG 2.2 A and AA, and what axe holds for good practice beyond. */
const RULES: axe.RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
  selectors: false,
  iframes: false,
}

/** The chat's own frame. */
export function chatFrame({ page }: ChatPage): Frame {
  const frame = page.frames().find((one) => new URL(one.url()).pathname === '/frame')
  assert.ok(frame, 'the chat is not there')
  return frame
}

/** Fails with everything that axe finds wrong in a page or a frame. */
export async function breaksNoRule(frame: Frame, state: string): Promise<void> {
  // Said by the browser's own console, so to speak: no policy of a page is asked.
  if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(axe.source)
  const { violations } = await frame.evaluate(
    (options) => (window as unknown as { axe: typeof axe }).axe.run(options),
    RULES,
  )
  const told = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`,
  )
  assert.deepEqual(told, [], state)
}
