import type { VisitorTelling } from '../conversation/visitor-telling.ts'
import { setAttributes } from './attributes.ts'
import { contactGiven, submitContact } from './contact.ts'
import type { TellingContext } from './context.ts'
import { submitRating } from './rating.ts'

/** What visitors tell beside their messages as one part of the process. */
export function createTelling(context: TellingContext): VisitorTelling {
  return {
    submitContact: (session, contact) => submitContact(context, session, contact),
    submitRating: (session, rating) => submitRating(context, session, rating),
    setAttributes: (session, changes) => setAttributes(context, session, changes),
    contactGiven: (session) => contactGiven(context, session),
  }
}
