import type { Branding, Features, WidgetConfig } from '../../protocol/rest.ts'

const BRANDING: Branding = {
  color: '#4f46e5',
  agent_name: 'Assistant',
  greeting: '',
  suggestions: [],
  position: 'right',
  theme: 'auto',
}

const FEATURES: Features = {
  sources: true,
  stop: true,
  handoff: true,
  rating: true,
  contact: true,
  transcript: true,
}

/** The configuration that the server wrote into the frame's page; defaults for whatever it lacks. */
export function readConfig(document: Document): WidgetConfig {
  const told = parse(document.getElementById('parlor-config')?.textContent ?? '{}')
  return {
    client: { name: told.client?.name ?? '' },
    branding: { ...BRANDING, ...told.branding },
    locale: told.locale ?? null,
    features: { ...FEATURES, ...told.features },
  }
}

function parse(text: string): Partial<WidgetConfig> {
  return JSON.parse(text) as Partial<WidgetConfig>
}
