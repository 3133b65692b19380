/** Whether somebody plainly asks to talk to a person, in English or Hebrew. What only might be meant so is not. */
export function asksForPerson(text: string): boolean {
  return PHRASES.some((phrase) => phrase.test(text))
}

const KINDS = '(?:(?:real|live|actual|human|support|service|customer(?: service)?) )*'
const PEOPLE =
  '(?:humans?|human being|person|people|someone|somebody|agents?|representatives?|reps?|operators?|staff|employees?|manager)'

/** Letters on both sides would make it another word: `\b` knows none but Latin ones. */
const HEBREW_PERSON = '[לה]?(?:נציגה?|נציגי שירות|מוקדנית?|בן[ -]אדם|אדם אמיתי|מישהו אנושי)(?![א-ת])'

const PHRASES: readonly RegExp[] = [
  new RegExp(
    `\\b(?:talk|speak|chat|connect|transfer|put (?:me )?through|hand (?:me )?over)(?: me)? (?:to|with) ` +
      `(?:(?:an?|the|some|your|one of your) )?${KINDS}${PEOPLE}\\b`,
    'i',
  ),
  /\b(?:want|need|prefer|get me) (?:an? )?(?:human|(?:real|live|actual|human) (?:person|agent|operator|representative))\b/i,
  /^[\s.,!?]*(?:an? )?(?:(?:real|live|human) )?(?:human|person|agent|representative|operator)(?:,? please)?[\s.,!?]*$/i,
  new RegExp(
    `(?<![א-ת])(?:לדבר|לשוחח|להתכתב|תעבירו?|העבירו|להעביר|תחברו|לחבר)(?: אות[יו])?(?: [א-ת]+){0,2}? (?:(?:עם|אל) )?${HEBREW_PERSON}`,
  ),
  new RegExp(`(?<![א-ת])(?:אפשר|רוצה|צריכה?|מבקשת?|תנו לי|מעדיפה?) (?:[א-ת]+ )?${HEBREW_PERSON}`),
  /(?<![א-ת])ל?נציגה? (?:אנושית?|אמיתית?|בבקשה)(?![א-ת])/,
  /^[\s.,!?]*נציגה?[\s.,!?]*$/,
]
