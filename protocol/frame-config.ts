import type { BrandColours } from './brand-colours.ts'
import type { WidgetConfig } from './rest.ts'

/** What the page of the chat carries. */
export interface FrameConfig extends WidgetConfig {
  /** What goes with `branding.color`: worked out where it need not be loaded for that. */
  colours: BrandColours
}
