import type { WidgetChangesBody, WidgetTold } from '../../../../protocol/client-widget.ts'
import { changesBetween, linesOf } from '../../../parts/changes.ts'

/** What the form about a client's widget holds: texts as they are typed, and what is offered as it is shown. */
export function lookValues({ settings, shown }: WidgetTold) {
  const { sources, stop, rating, contact, transcript } = shown.features
  return {
    color: shown.branding.color,
    agent_name: settings.agent_name ?? '',
    greeting: settings.greeting ?? '',
    suggestions: (settings.suggestions ?? []).join('\n'),
    position: shown.branding.position,
    theme: shown.branding.theme,
    logo_url: settings.logo_url ?? '',
    agent_avatar: settings.agent_avatar ?? '',
    privacy_url: settings.privacy_url ?? '',
    features: { sources, stop, rating, contact, transcript },
  }
}

export type LookValues = ReturnType<typeof lookValues>

/** What makes of the values that are kept those that are wanted; null where nothing does. */
export function lookChanges(kept: LookValues, wanted: LookValues): WidgetChangesBody | null {
  const { suggestions, features, ...changes } = changesBetween(kept, wanted)
  const body = {
    ...changes,
    ...(suggestions !== undefined && { suggestions: linesOf(wanted.suggestions) }),
    ...(features != null && { features: changesBetween(kept.features, wanted.features) }),
  }
  return Object.keys(body).length === 0 ? null : (body as WidgetChangesBody)
}

/** Names of fields that hold what the server would not take. */
export function wrongFields(values: LookValues): Set<keyof LookValues> {
  const lines = linesOf(values.suggestions)
  const wrong = new Set<keyof LookValues>()
  if (!/^#[0-9a-f]{6}$/i.test(values.color)) wrong.add('color')
  if (lines.length > 8 || lines.some((line) => Array.from(line).length > 120)) wrong.add('suggestions')
  for (const name of ['logo_url', 'agent_avatar', 'privacy_url'] as const)
    if (values[name] !== '' && !isAddress(values[name])) wrong.add(name)
  return wrong
}

function isAddress(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' && url.username === '' && url.password === ''
}
