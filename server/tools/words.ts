import type { Json } from '../../models/tool-execution.ts'
import type { ToolAnswer, ToolOutcome } from './outcome.ts'

/** Characters that are read of what the other side says of a failure. */
const LONGEST_REASON = 500

const NO_RESULT =
  'There is no result: tell the visitor that it did not work, apologise, and do not make one up.'
const MAY_HAVE_HAPPENED =
  'Whether it took effect is not known: tell the visitor so, and do not call it again for the same thing.'

/** What the model reads. `writes`: a call that went wrong halfway may have changed something. */
export function wordOutcome(
  outcome: ToolOutcome,
  { writes }: { writes: boolean },
): { content: string; failed: boolean } {
  if ('refused' in outcome) return { content: outcome.refused, failed: true }
  if ('failed' in outcome) {
    const failure = `The tool failed: ${reasonOf(outcome.failed) || 'it did not say why.'}`
    return failed(failure, writes && outcome.sent)
  }
  if ('fault' in outcome) {
    const failure = `The tool failed: ${FAULTS[outcome.fault]}.`
    return failed(failure, writes && outcome.sent)
  }
  const { status, body } = outcome
  if (status >= 400) {
    const reason = reasonOf(body)
    const failure = `The tool failed (HTTP ${String(status)})${reason === '' ? '.' : `: ${reason}`}`
    return failed(failure, writes && status >= 500)
  }
  if (saysStarted(outcome)) return { content: STARTED, failed: false }
  switch (outcome.kind) {
    case 'json':
      return { content: JSON.stringify(body), failed: false }
    case 'text':
      return { content: outcome.body, failed: false }
    case 'empty':
      return { content: 'Done. The tool gave no details.', failed: false }
    case 'silent':
      return failed('The tool failed: it answered without a word.', writes)
    case 'page':
      return failed('The tool failed: it answered with a web page where data were expected.', writes)
    case 'unreadable':
      return failed('The tool failed: its answer cannot be read.', writes)
  }
}

/** What the model reads of a call that was begun and of whose end nothing is known. */
export const OUTCOME_UNKNOWN = `The outcome of this call is unknown: it was begun, and broken off. ${MAY_HAVE_HAPPENED}`

const STARTED =
  'The work has been started and goes on; its result is not known yet. Say that it is in progress, and nothing more hopeful.'

const FAULTS = {
  refused: 'its address may not be reached from here',
  unreachable: 'it cannot be reached',
  timeout: 'it did not answer in time',
  redirected: 'it sent us to another address, where we do not go',
  too_large: 'its answer is too large',
  broken: 'the connection broke before it had answered',
  paused: 'it has failed several times in a row, and is left alone for a moment',
} as const

function failed(failure: string, mayHaveHappened: boolean): { content: string; failed: true } {
  return { content: `${failure} ${mayHaveHappened ? MAY_HAVE_HAPPENED : NO_RESULT}`, failed: true }
}

/**
 * Whether it is an answer that the work goes on and may still fail: 202, or what n8n says where a workflow is set to
 * respond immediately.
 */
export function saysStarted({ status, body }: ToolAnswer): boolean {
  return status === 202 || (status < 300 && fieldOf(body, 'message') === 'Workflow was started')
}

/** n8n puts it into `message`; workflows of people's own into `error`, plain or with a `message` in it. */
function reasonOf(body: Json): string {
  const said = [
    body,
    fieldOf(body, 'message'),
    fieldOf(body, 'error'),
    fieldOf(fieldOf(body, 'error'), 'message'),
  ]
  const reason = said.find((one) => typeof one === 'string' && one.trim() !== '')
  return typeof reason === 'string' ? sentence(reason.trim().slice(0, LONGEST_REASON).toWellFormed()) : ''
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
