import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false }

/** Days for which messages are kept where a client does not want fewer. */
export const MESSAGE_DAYS = 30

export const PLAN_NAMES = ['free', 'starter', 'pro'] as const

/** What a client may use, and how long what is said with it is kept. */
export const TermsTold = Type.Object({
  plan_type: Type.String(),
  plans: Type.Array(Type.String(), { description: 'Those that there are, the smallest first.' }),
  retention: Type.Object({
    messages_days: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Null: as long as `most_days` says.',
    }),
    most_days: Type.Integer(),
  }),
})
export type TermsTold = Static<typeof TermsTold>

export const PlanBody = Type.Object({ plan_type: Type.Enum([...PLAN_NAMES]) }, closed)
export type PlanBody = Static<typeof PlanBody>

export const RetentionBody = Type.Object(
  {
    messages_days: Type.Union([Type.Integer({ minimum: 1, maximum: MESSAGE_DAYS - 1 }), Type.Null()], {
      description: 'Days for which messages are kept; null: as long as the installation keeps them.',
    }),
  },
  closed,
)
export type RetentionBody = Static<typeof RetentionBody>
