import type { Words } from '../en/index.ts'

export const signIn: Words['signIn'] = {
  title: 'כניסה ל־Parlor',
  email: 'דוא״ל',
  password: 'סיסמה',
  submit: 'כניסה',
  refused: 'אף אחד אינו נכנס עם הכתובת והסיסמה האלה.',
  locked: (seconds) => `יותר מדי ניסיונות. נסו שוב בעוד ${seconds} שניות.`,
  forgotten: 'שכחתם? מי שמפעיל את השרת ייתן לכם סיסמה חדשה.',
  codeTitle: 'עוד שלב אחד',
  code: 'קוד מאפליקציית האימות',
  codeHint: 'או אחד מקודי השחזור שלכם.',
  codeRefused: 'זה אינו הקוד של הרגע הזה, ואף לא קוד שחזור שנותר.',
  back: 'עם כתובת אחרת',
}
