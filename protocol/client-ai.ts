import Type, { type Static } from 'typebox'
import { AiSettings, HandoffRules, ModelParameters } from './ai-settings.ts'
import { changesOf } from './changes.ts'
import { Timestamp } from './records.ts'

const closed = { additionalProperties: false }

const line = Type.String({ minLength: 1, maxLength: 300, format: 'text' })

/** What a business says of itself, for its AI to tell. */
export const BusinessInfo = Type.Object(
  {
    description: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000, format: 'text' })),
    website: Type.Optional(line),
    email: Type.Optional(line),
    phone: Type.Optional(line),
    address: Type.Optional(line),
    currency: Type.Optional(line),
    hours: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 300, format: 'text' },
        description: 'When the business is open, in words; when people answer is the setting of this name.',
      }),
    ),
  },
  closed,
)
export type BusinessInfo = Static<typeof BusinessInfo>

/** What is left out stays; null takes away. */
export const BusinessChanges = Type.Object(changesOf(BusinessInfo.properties), {
  ...closed,
  minProperties: 1,
})
export type BusinessChanges = Static<typeof BusinessChanges>

/** How the AI of a client works, as the people who keep it see it. */
export const AiTold = Type.Object({
  settings: AiSettings,
  ignored: Type.Array(Type.String(), { description: 'Settings that are kept, and cannot be used.' }),
  providers: Type.Array(Type.String(), { description: 'Those that a client may name.' }),
  opening: Type.Object(
    {
      time_zone: Type.String(),
      open: Type.Boolean(),
      opens_at: Type.Union([Timestamp, Type.Null()]),
    },
    { description: 'How the hours stand now, and by which clocks.' },
  ),
  business: BusinessInfo,
})
export type AiTold = Static<typeof AiTold>

/** What is left out stays; null is as the installation has it. So with the parts of `parameters` and `handoff`. */
export const AiChangesBody = Type.Object(
  {
    ...changesOf(AiSettings.properties),
    parameters: Type.Optional(
      Type.Union([Type.Object(changesOf(ModelParameters.properties), closed), Type.Null()]),
    ),
    handoff: Type.Optional(
      Type.Union([Type.Object(changesOf(HandoffRules.properties), closed), Type.Null()]),
    ),
  },
  { ...closed, minProperties: 1 },
)
export type AiChangesBody = Static<typeof AiChangesBody>
