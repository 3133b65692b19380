import type { Words } from '../en/index.ts'

export const forms: Words['forms'] = {
  unsaved: 'עדיין לא נשמר',
  discard: 'ביטול השינויים',
  leaveTitle: 'לעזוב בלי לשמור?',
  leaveText: 'מה ששיניתם כאן יאבד.',
  leave: 'עזיבה',
  undone: 'בוטל',
  required: 'זה דרוש.',
  httpsAddress: 'כתובת שמתחילה ב־https://',
}
