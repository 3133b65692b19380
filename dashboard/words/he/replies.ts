import type { Words } from '../en/index.ts'

export const replies: Words['replies'] = {
  title: 'תשובות מוכנות',
  hint: 'תשובות שהצוות נותן לעיתים קרובות. בשיחה כותבים / ואת הקיצור.',
  add: 'תשובה חדשה',
  change: 'עריכת התשובה',
  shortcut: 'קיצור',
  shortcutHint: 'אותיות, ספרות, _ ו־-, בלי רווח.',
  shortcutWrong: 'רק אותיות, ספרות, _ ו־-, ובהתחלה אות או ספרה.',
  text: 'נוסח',
  emptyTitle: 'אין עדיין תשובות מוכנות',
  emptyText: 'כתבו תשובה לכל מה שעונים עליו שוב ושוב: שעות פתיחה, החזרות, לאן לפנות.',
  removed: (shortcut) => `התשובה ‎/${shortcut} נמחקה.`,
  actionsOf: (shortcut) => `פעולות של ‎/${shortcut}`,
}
