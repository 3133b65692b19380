import type { ModelChoice, ModelWishes, NamedModel, Route } from './models.ts'
import type { ModelsContext } from './models-context.ts'
import { OFFLINE } from './offline.ts'

/** Where nobody stands before or behind. */
const ALONE = { standsIn: false, hasty: false }

/**
 * What a client wishes, then its fallbacks, then the installation's, each once. A provider that is not there is left
 * out, and told to the operator once.
 */
export function routeFor(context: ModelsContext, wishes: ModelWishes): Route {
  const { installation } = context
  const first = firstFor(context, wishes)
  const route: [NamedModel, ...NamedModel[]] = [first]
  for (const choice of [...wishes.fallbacks, ...installation.fallbacks]) {
    const named = nameModel(context, choice)
    if (named && !route.some((other) => isSame(other, named))) route.push(named)
  }
  return route
}

/** The operator's choice, else the small model of the first on the route that has one. */
export function smallModelOf(context: ModelsContext, route: Route): NamedModel | null {
  const { installation } = context
  const chosen = installation.summaries && nameModel(context, installation.summaries)
  if (chosen) return chosen
  for (const { provider } of route) {
    const model = installation.provider(provider, ALONE)?.smallModel
    if (model) return { provider, model }
  }
  return null
}

function firstFor(context: ModelsContext, { provider, model }: ModelWishes): NamedModel {
  const { main } = context.installation
  const wished = choice(provider ?? main.provider, model)
  const first =
    (provider === null && model === null ? null : nameModel(context, wished)) ?? nameModel(context, main)
  if (!first) throw new Error(`The installation has no ${main.provider}`)
  return first
}

function nameModel(
  { installation, log, told }: ModelsContext,
  { provider, model }: ModelChoice,
): NamedModel | null {
  const usual = installation.defaultModel(provider)
  if (usual !== null) return { provider, model: provider === OFFLINE ? usual : (model ?? usual) }
  if (told.first(`provider ${provider}`))
    log?.warn({ provider }, 'a client wants a provider that is not configured')
  return null
}

function choice(provider: string, model: string | null): ModelChoice {
  return model === null ? { provider } : { provider, model }
}

function isSame(a: NamedModel, b: NamedModel): boolean {
  return a.provider === b.provider && a.model === b.model
}
