import type { Branding, Features, WidgetConfig } from '../../protocol/rest.ts'
import type { Client } from '../auth/client-directory.ts'
import { isHttpsAddress } from '../infra/https-address.ts'

type Shown = Pick<Client, 'name' | 'branding' | 'locale' | 'features' | 'handoff_offered'>

/** What a client's widget is told: its branding, with a default for each part it lacks or has wrong. */
export function widgetConfig(client: Shown): WidgetConfig {
  return {
    client: { name: client.name },
    branding: dress(client.name, client.branding),
    locale: client.locale,
    features: { ...offered(client.features), handoff: client.handoff_offered },
  }
}

/** Whatever is not switched off. */
function offered(features: unknown): Omit<Features, 'handoff'> {
  const off = typeof features === 'object' && features !== null ? (features as Record<string, unknown>) : {}
  const isOn = (name: string) => off[name] !== false
  return {
    sources: isOn('sources'),
    stop: isOn('stop'),
    rating: isOn('rating'),
    contact: isOn('contact'),
    transcript: isOn('transcript'),
  }
}

function dress(name: string, given: Partial<Record<keyof Branding, unknown>>): Branding {
  const logo = pick(isImage, given.logo_url)
  const avatar = pick(isImage, given.agent_avatar)
  const privacy = pick(isWebAddress, given.privacy_url)
  return {
    color: pick(isColor, given.color) ?? '#4f46e5',
    agent_name: pick(isWords, given.agent_name) ?? name,
    greeting: pick(isString, given.greeting) ?? '',
    suggestions: pick(areWords, given.suggestions) ?? [],
    position: pick(oneOf('right', 'left'), given.position) ?? 'right',
    theme: pick(oneOf('auto', 'light', 'dark'), given.theme) ?? 'auto',
    ...(logo === undefined ? {} : { logo_url: logo }),
    ...(avatar === undefined ? {} : { agent_avatar: avatar }),
    ...(privacy === undefined ? {} : { privacy_url: privacy }),
  }
}

function pick<T>(is: (value: unknown) => value is T, value: unknown): T | undefined {
  return is(value) ? value : undefined
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isWords(value: unknown): value is string {
  return isString(value) && value.trim() !== ''
}

function areWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isWords)
}

function isColor(value: unknown): value is string {
  return isString(value) && /^#[0-9a-f]{6}$/i.test(value)
}

/** One that the frame's policy can name. */
function isImage(value: unknown): value is string {
  return isString(value) && isHttpsAddress(value)
}

function isWebAddress(value: unknown): value is string {
  return isString(value) && /^https?:\/\//i.test(value) && URL.canParse(value)
}

function oneOf<const T extends string>(...allowed: T[]): (value: unknown) => value is T {
  return (value): value is T => allowed.some((one) => one === value)
}
