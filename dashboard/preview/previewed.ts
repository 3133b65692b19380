import type { WidgetConfig } from '../../protocol/rest.ts'

export const SCENES = ['start', 'talking', 'closed'] as const

/** What a preview shows: the widget as it would be, in one of its states. */
export interface Previewed {
  config: WidgetConfig
  scene: (typeof SCENES)[number]
  locale: 'en' | 'he'
  /** `auto`: as the widget is set. */
  theme: 'auto' | 'light' | 'dark'
}
