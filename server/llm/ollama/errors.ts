import { parseObject } from '../json-object.ts'
import { ProviderError, type ModelRequest } from '../provider.ts'
import { faultOf, repetitionAsked, toldWords } from '../vendor-faults.ts'

/** Characters of what a failing model is told with. */
const LONGEST_REASON = 100

/** What was asked for: a model, or nothing in particular, and with which request. */
export interface Asked {
  model?: string
  request?: ModelRequest
}

/** What a response without success tells. Nothing of the conversation appears in the message. */
export async function responseError(response: Response, { model, request }: Asked): Promise<ProviderError> {
  const { status, headers } = response
  const { error } = parseObject(await response.text()) ?? {}
  const words = typeof error === 'string' ? error : ''
  const code = faultOf(status)
  const why = code === 'rejected' ? toldWords(words, '', request) : reasonOf(words, request)
  // The one failure that an operator mends with a command.
  const remedy = status === 404 && model !== undefined ? `(ollama pull ${model})` : ''
  const told = [status, why, remedy].filter(Boolean).join(' ')
  return new ProviderError(code, told, repetitionAsked(headers))
}

/** The failure that a line of the stream tells of: the model, or what runs it, broke down. */
export function lineError(error: unknown, request: ModelRequest): ProviderError {
  const reason = typeof error === 'string' ? reasonOf(error, request) : ''
  return new ProviderError('overloaded', `The model failed${reason === '' ? '' : `: ${reason}`}`)
}

/** Why a model failed. What follows a colon may be what it read or wrote, and that is not for the log. */
function reasonOf(words: string, request: ModelRequest | undefined): string {
  return toldWords((words.split(':', 1)[0] ?? '').slice(0, LONGEST_REASON), '', request)
}
