/**
 * Words that visitors and shops use for one another, a group a line. Everyday words of selling and serving only:
 * what one business calls its own things belongs into its documents.
 */
const ENGLISH = `
  parcel package packet shipment
  ship shipping shipped deliver delivery send sent arrive postage
  abroad international overseas foreign
  refund reimburse reimbursement
  exchange swap replace replacement
  warranty guarantee
  damaged broken broke defective faulty torn cracked
  shop store branch
  contact reach call phone telephone speak talk
  email mail
  human person people agent representative
  cost price charge fee
  pay paid payment
  instalment installment
  discount promo promotion coupon sale
  voucher certificate
  cancel cancellation
  order purchase buy bought
  fast quick quickly express urgent tomorrow
  stock available availability
  size fit measurement
  large larger big bigger
  small smaller little
  colour color
  trousers pants
  shoes footwear
  hours open opening close closing
  weekend saturday
  repair fix mend`

const HEBREW = `
  משלוח שליח שליחות
  חבילה הזמנה
  מעקב לעקוב עוקבים עוקבת עוקב
  החזרה להחזיר מחזירים החזר זיכוי
  ביטול לבטל מבטלים
  החלפה להחליף מחליפים
  כסף כספי
  תשלום לשלם משלמים
  מחיר עולה עלות דמי
  טלפון להתקשר נייד
  מייל אימייל דואר דוא״ל
  נציג נציגה אנושי
  קשר לדבר לפנות
  פתוח פתיחה סגור
  מידה גודל
  גדול גדולה
  קטן קטנה
  נעליים נעלי
  חנות סניף
  פגם פגום שבור נקרע קרוע
  מהיר מחר דחוף
  מבצע הנחה קופון`

/** Each word's group, by the word's stem. Words are written as `normalise` leaves them. */
export function readSynonyms(
  normalise: (text: string) => string,
  stem: (word: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>()
  for (const line of `${ENGLISH}${HEBREW}`.split('\n')) {
    const words = normalise(line).split(/\s+/).filter(Boolean)
    for (const word of words) groups.set(stem(word), words)
  }
  return groups
}
