import { askModel, type Attempt } from './ask-model.ts'
import type { Hearing, NamedModel, Route } from './models.ts'
import type { ModelsContext } from './models-context.ts'
import { NothingKnown, OFFLINE } from './offline.ts'
import { ProviderError, type ModelAnswer, type ModelRequest } from './provider.ts'

/** What is asked of a route, and who hears what comes of it. */
export interface RouteQuestion {
  route: Route
  request: Omit<ModelRequest, 'model'>
  hearing: Hearing
}

/** Asks the models of a route one after the other until one answers: see `Models.ask`. */
export async function askRoute(
  context: ModelsContext,
  { route, request, hearing }: RouteQuestion,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const begun = performance.now()
  const late = () => performance.now() - begun > context.patience.allWords
  let failure: ProviderError | null = null
  for (const [position, named] of route.entries()) {
    signal.throwIfAborted()
    const isModel = named.provider !== OFFLINE
    if (failure && isModel && late()) continue
    const pass = context.breakers.enter(named)
    if (!pass) continue
    const place = {
      standsIn: position > 0,
      hasty: isModel && hasModelBehind(context, route.slice(position + 1)),
    }
    const attempt: Attempt = { named, place, request, hearing, pass }
    const outcome = await askModel(context, attempt, signal)
    if (outcome.answer) return outcome.answer
    if (outcome.spoke) throw outcome.error
    if (outcome.error instanceof NothingKnown) break
    failure = outcome.error
    const next = route.slice(position + 1).find((behind) => context.breakers.lets(behind))
    if (next) tellFallback(context, named, failure, next)
  }
  throw failure ?? refusal(context, route)
}

/** Whether one of these could be asked that answers as well as another. */
function hasModelBehind({ breakers }: ModelsContext, behind: readonly NamedModel[]): boolean {
  return behind.some((named) => named.provider !== OFFLINE && breakers.lets(named))
}

/** Nobody was asked: all of them are left alone for a while. */
function refusal({ breakers }: ModelsContext, route: Route): ProviderError {
  const models = route.filter(({ provider }) => provider !== OFFLINE)
  const wait = Math.ceil(Math.min(...models.map((named) => breakers.pauseLeft(named))))
  const names = models.map(({ provider, model }) => `${provider} ${model}`).join(', ')
  return new ProviderError('overloaded', `Left alone for ${wait} ms more: ${names}`, { retryAfterMs: wait })
}

function tellFallback(
  { log, meter }: ModelsContext,
  { provider, model }: NamedModel,
  { code, message }: ProviderError,
  next: NamedModel,
): void {
  meter?.fellBack({ provider, model }, code)
  log?.warn(
    { provider, model, code, reason: message, next: `${next.provider} ${next.model}` },
    'asking the next model',
  )
}
