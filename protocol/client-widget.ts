import Type, { type Static } from 'typebox'
import { changesOf } from './changes.ts'
import { WidgetConfig } from './rest.ts'
import { WidgetSettings } from './widget-settings.ts'

const closed = { additionalProperties: false }

/** A client's widget as the people who keep it see it. */
export const WidgetTold = Type.Object({
  settings: WidgetSettings,
  shown: WidgetConfig,
})
export type WidgetTold = Static<typeof WidgetTold>

/** What is left out stays; null is as the installation has it. Of `features`, those that are named change. */
export const WidgetChangesBody = Type.Object(changesOf(WidgetSettings.properties), {
  ...closed,
  minProperties: 1,
})
export type WidgetChangesBody = Static<typeof WidgetChangesBody>

/** How the widget would be with changes that nobody has saved. */
export const WidgetPreview = Type.Object({ shown: WidgetConfig })
export type WidgetPreview = Static<typeof WidgetPreview>

export const SnippetQuery = Type.Object(
  {
    locale: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' })),
    theme: Type.Optional(Type.Enum(['auto', 'light', 'dark'])),
    position: Type.Optional(Type.Enum(['left', 'right'])),
    hide_launcher: Type.Optional(Type.Literal('true')),
    untouched: Type.Optional(
      Type.Literal('true', {
        description: 'Tells plugins that delay and combine scripts to leave it alone.',
      }),
    ),
  },
  closed,
)
export type SnippetQuery = Static<typeof SnippetQuery>

export const SnippetTold = Type.Object({
  /** The script tag. */
  snippet: Type.String(),
  /** Where browsers reach this server. */
  origin: Type.String(),
})
export type SnippetTold = Static<typeof SnippetTold>
