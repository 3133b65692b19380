import type { DecidedBy } from '../../../../models/tool-confirmation.ts'

/** What the model reads of a call to which the visitor has not said yes. */
export const NOT_CONFIRMED: Readonly<Record<DecidedBy, string>> = {
  visitor:
    'Not done: the visitor was asked, and said no. Accept that, and do not call it again unless the visitor asks for it.',
  expired:
    'Not done: the visitor was asked, and did not answer in time. Say so in a sentence; it can be asked for again.',
  message:
    'Not done: the visitor was asked, and wrote something else instead, which you will read and answer next. Say in one short sentence that this was not done, and nothing more.',
}

/** What a model is told of every function for which the visitor is asked. */
export const ASKS_FIRST =
  'Before it is run, the visitor is shown the arguments and asked for a yes: do not ask for one yourself.'
