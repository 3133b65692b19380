import Type, { type Static, type TSchema } from 'typebox'
import { ATTRIBUTE_LIMITS, attributes, AttributeValue } from './attributes.ts'

const closed = { additionalProperties: false }

const Changes = attributes(Type.Union([AttributeValue, Type.Null()]), {
  description: `Merged with what is kept, ${ATTRIBUTE_LIMITS.count} at most; null takes an attribute away.`,
})

/** Changes of attributes; what is not named stays. */
export const AttributeChanges = Type.Object(
  { visitor: Type.Optional(Changes), conversation: Type.Optional(Changes) },
  closed,
)
export type AttributeChanges = Static<typeof AttributeChanges>

/** Where a visitor wants to be answered when nobody is there. */
export const ContactDetails = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254, format: 'email' }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, format: 'text' })),
  },
  closed,
)
export type ContactDetails = Static<typeof ContactDetails>

export const Score = Type.Integer({ minimum: 1, maximum: 5, description: '1 is worst, 5 is best.' })

/** How content a visitor was. */
export const RatingGiven = Type.Object(
  {
    score: Score,
    comment: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, format: 'text' })),
  },
  closed,
)
export type RatingGiven = Static<typeof RatingGiven>

const Nothing = Type.Object({}, closed)

/** What a visitor, or the page that it is on, tells beside its messages: a part of `WIDGET_REQUESTS`. */
export const TELLING_REQUESTS = {
  'contact:submit': {
    summary: 'Leave an e-mail address, for when nobody is there. Another one replaces it.',
    payload: ContactDetails,
    data: Nothing,
  },
  'rating:submit': {
    summary:
      'Say how good it was: the current conversation, or the one that ended last. Said again, it replaces.',
    payload: RatingGiven,
    data: Nothing,
  },
  'attributes:set': {
    summary: 'Tell facts of the visitor and of the conversation that nobody has proved.',
    payload: AttributeChanges,
    data: Nothing,
  },
} as const satisfies Record<string, { summary: string; payload: TSchema; data: TSchema }>
