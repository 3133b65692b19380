import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false }

const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]'

/** From a time of the day until another, which is the next day's where it is not later; `24:00` is midnight. */
const Span = Type.Object(
  {
    from: Type.String({ pattern: `^${TIME}$` }),
    to: Type.String({ pattern: `^(${TIME}|24:00)$` }),
  },
  closed,
)
export type Span = Static<typeof Span>

const Spans = Type.Array(Span, { maxItems: 6 })

/** When people of the business answer, by the clocks of its time zone. A day that is not named is closed. */
export const BusinessHours = Type.Object(
  {
    week: Type.Object(
      {
        monday: Type.Optional(Spans),
        tuesday: Type.Optional(Spans),
        wednesday: Type.Optional(Spans),
        thursday: Type.Optional(Spans),
        friday: Type.Optional(Spans),
        saturday: Type.Optional(Spans),
        sunday: Type.Optional(Spans),
      },
      closed,
    ),
    /** What begins on a date, `2026-12-25`, in the place of what begins on its day of the week. None: closed. */
    exceptions: Type.Optional(
      Type.Record(Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' }), Spans, {
        maxProperties: 100,
        ...closed,
      }),
    ),
  },
  closed,
)
export type BusinessHours = Static<typeof BusinessHours>
