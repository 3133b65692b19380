import type { Language } from '../../infra/language.ts'
import { spokenWords } from './meanings.ts'
import type { Parameter } from './parameters.ts'

/** What a field of a result is called, as somebody would read it. */
export function fieldLabel(name: string, language: Language): string {
  const spoken = spokenWords(name).join(' ')
  const label = language === 'he' ? (HEBREW_FIELDS.get(spoken) ?? spoken) : spoken
  return label.charAt(0).toUpperCase() + label.slice(1)
}

/** One word of a result, such as a status, where there is a word for it. */
export function valueLabel(value: string, language: Language): string {
  const spoken = /^[a-z]+(?:_[a-z]+)+$/.test(value) ? value.replaceAll('_', ' ') : value
  return language === 'he' ? (HEBREW_VALUES.get(spoken.toLowerCase()) ?? spoken) : spoken
}

/** What a visitor is asked for, so that it stands after "the" in English. */
export function parameterLabel({ name, kind }: Pick<Parameter, 'name' | 'kind'>, language: Language): string {
  const known = BY_KIND[language][kind]
  if (known !== undefined) return known
  const spoken = spokenWords(name).join(' ')
  const isNumbered = kind === 'id' && !/\b(?:number|id|code|sku|reference)\b/.test(spoken)
  const label = isNumbered ? `${spoken} number` : spoken
  return language === 'he' ? (HEBREW_FIELDS.get(label) ?? label) : label
}

const BY_KIND: Record<Language, Partial<Record<Parameter['kind'], string>>> = {
  en: { contact: 'telephone number or email address', email: 'email address' },
  he: {
    contact: 'מספר טלפון או כתובת דואר אלקטרוני',
    email: 'כתובת דואר אלקטרוני',
    date: 'תאריך',
    time: 'שעה',
  },
}

/** Names of fields and of parameters that are met everywhere. */
const HEBREW_FIELDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    order: 'הזמנה',
    'order number': 'מספר ההזמנה',
    number: 'מספר',
    reference: 'אסמכתה',
    status: 'מצב',
    product: 'מוצר',
    name: 'שם',
    size: 'מידה',
    sizes: 'מידות',
    price: 'מחיר',
    currency: 'מטבע',
    description: 'תיאור',
    material: 'חומר',
    weight: 'משקל',
    stock: 'מלאי',
    'in stock': 'במלאי',
    quantity: 'כמות',
    items: 'פריטים',
    carrier: 'חברת משלוחים',
    tracking: 'מספר מעקב',
    'tracking number': 'מספר מעקב',
    placed: 'הוזמנה',
    shipped: 'נשלחה',
    expected: 'צפויה להגיע',
    delivered: 'נמסרה',
    'made in sizes': 'המידות שיש',
    ordered: 'הוזמנה',
    sent: 'נשלחה',
    'expected back': 'צפוי לחזור',
    date: 'תאריך',
    time: 'שעה',
    service: 'שירות',
    booked: 'נקבע',
    found: 'נמצא',
    reason: 'סיבה',
    message: 'הודעה',
    address: 'כתובת',
    phone: 'טלפון',
    hours: 'שעות פתיחה',
    city: 'עיר',
    contact: 'פרטי קשר',
    appointment: 'תור',
    'free times': 'שעות פנויות',
  }),
)

const HEBREW_VALUES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    received: 'התקבלה',
    processing: 'בטיפול',
    packed: 'נארזה',
    shipped: 'נשלחה',
    sent: 'נשלחה',
    'in transit': 'בדרך',
    'on its way': 'בדרך',
    'out for delivery': 'יצאה לחלוקה',
    'ready for pickup': 'מוכנה לאיסוף',
    'ready to collect': 'מוכנה לאיסוף',
    delivered: 'נמסרה',
    delayed: 'מתעכבת',
    cancelled: 'בוטלה',
    returned: 'הוחזרה',
    refunded: 'זוכתה',
    'on hold': 'ממתינה',
    'waiting for payment': 'ממתינה לתשלום',
    'partly shipped': 'נשלחה בחלקה',
    booked: 'נקבע',
    available: 'זמין',
    'sold out': 'אזל',
  }),
)
