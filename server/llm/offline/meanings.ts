/** What people say for it; `says`: also with an ending or, in Hebrew, with letters glued on in front. */
interface Meaning {
  /** Words of which tools' names are made, too. */
  names: readonly string[]
  says: readonly string[]
  hebrew: readonly string[]
}

/** Everyday words of shops, offices and their systems. What is not here stands for itself. */
const MEANINGS: readonly Meaning[] = [
  {
    names: ['order', 'shipment', 'parcel', 'package'],
    says: ['delivery', 'purchase'],
    hebrew: ['הזמנה', 'הזמנתי', 'הזמנות', 'חבילה', 'משלוח'],
  },
  {
    names: ['status', 'tracking', 'track', 'state'],
    says: ['where', 'arrive', 'arrived', 'late', 'shipped', 'dispatched', 'how is', 'happened to', 'come'],
    hebrew: [
      'איפה',
      'היכן',
      'מצב',
      'סטטוס',
      'תגיע',
      'יגיע',
      'מגיעה',
      'הגיעה',
      'מעקב',
      'לעקוב',
      'מה עם',
      'נשלחה',
    ],
  },
  {
    names: ['inventory', 'stock', 'availability', 'available'],
    says: ['do you have', 'have you got', 'do you carry', 'do you sell', 'sold out', 'left'],
    hebrew: ['מלאי', 'זמין', 'זמינה', 'זמינים', 'יש לכם', 'נשאר', 'נשארו', 'אזל', 'אזלו'],
  },
  {
    names: ['info', 'information', 'details', 'detail', 'description'],
    says: [
      ...['how much', 'cost', 'price', 'tell me about', 'tell me more about', 'describe', 'weigh', 'weight'],
      ...['made of', 'material'],
    ],
    hebrew: ['כמה עולה', 'כמה עולים', 'מחיר', 'עולה', 'פרטים', 'מידע', 'ספרו לי על', 'שוקל', 'עשוי', 'עשויה'],
  },
  {
    names: ['price', 'cost'],
    says: ['how much', 'expensive'],
    hebrew: ['מחיר', 'כמה עולה', 'כמה עולים', 'עולה', 'עולים'],
  },
  { names: ['product', 'item', 'article'], says: [], hebrew: ['מוצר', 'מוצרים', 'פריט'] },
  {
    names: ['store', 'shop', 'branch', 'location'],
    says: ['branches'],
    hebrew: ['חנות', 'חנויות', 'סניף', 'סניפים'],
  },
  {
    names: ['appointment', 'booking', 'reservation', 'meeting'],
    says: ['slot'],
    hebrew: ['תור', 'פגישה', 'ביקור'],
  },
  {
    names: ['book', 'schedule', 'reserve', 'arrange'],
    says: ['make an appointment', 'get an appointment', 'have an appointment', 'an appointment for'],
    hebrew: ['לקבוע', 'לתאם', 'לשריין', 'להזמין תור', 'להזמין פגישה', 'קבעו', 'תקבעו'],
  },
  { names: ['cancel'], says: ['call off'], hebrew: ['לבטל', 'ביטול', 'בטלו', 'תבטלו'] },
  {
    names: ['return', 'refund', 'exchange'],
    says: ['send back', 'give back', 'money back', 'torn', 'broken', 'damaged'],
    hebrew: ['להחזיר', 'החזרה', 'החזר', 'זיכוי', 'להחליף', 'החלפה', 'פגום', 'קרוע'],
  },
  { names: ['change', 'update', 'edit'], says: ['correct'], hebrew: ['לשנות', 'שינוי', 'לעדכן', 'לתקן'] },
]

/** Words of tools' names that only say that something is read. */
const READING = new Set(['get', 'check', 'find', 'list', 'look', 'lookup', 'search', 'show', 'fetch', 'read'])

/** Words of tools' names that say that something is done. */
const ACTING = new Set([
  ...['book', 'schedule', 'reserve', 'arrange', 'cancel', 'return', 'refund', 'exchange', 'change', 'update'],
  ...[
    'edit',
    'create',
    'add',
    'make',
    'open',
    'close',
    'send',
    'pay',
    'buy',
    'delete',
    'remove',
    'subscribe',
  ],
])

/** One word of a tool's name, and every way to say it. */
export interface Meant {
  word: string
  pattern: RegExp
}

/** What a tool's name says: what it does, where it does more than to tell, and about what. */
export interface NamedTool {
  acts: Meant[]
  about: Meant[]
}

export function readToolName(name: string): NamedTool {
  const words = spokenWords(name).filter((word) => !READING.has(word))
  return {
    acts: words.filter((word) => ACTING.has(word)).map(meant),
    about: words.filter((word) => !ACTING.has(word) && !FILLING.has(word)).map(meant),
  }
}

/** `getOrderStatus` and `get_order_status` in words. */
export function spokenWords(name: string): string[] {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => word.toLowerCase())
}

/** Where a text says what a word of a tool's name stands for: begin and end of each place. */
export function placesOf({ pattern }: Meant, text: string): [number, number][] {
  return [...text.matchAll(pattern)].map(({ index, 0: { length } }) => [index, index + length])
}

/** Whether a text wishes for something else to be done than a tool with these acts does. */
export function wishesOtherwise(acts: readonly Meant[], text: string): boolean {
  const others = WISHES.filter((wish) => !acts.some(({ word }) => placesOf(wish, word).length > 0))
  return others.some((wish) => placesOf(wish, text).length > 0)
}

function meant(word: string): Meant {
  const found = MEANINGS.filter(({ names }) => names.includes(singular(word)) || names.includes(word))
  const english =
    found.length > 0 ? found.flatMap(({ names, says }) => [...names, ...says]) : [singular(word)]
  const hebrew = found.flatMap((meaning) => meaning.hebrew)
  const spoken = [`(?:${english.map(escape).join('|')})(?:e?s|e?d|ing)?`]
  if (hebrew.length > 0) spoken.push(`[ושהבלכמ]{0,3}(?:${hebrew.map(escape).join('|')})`)
  return { word, pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${spoken.join('|')})(?![\\p{L}\\p{N}])`, 'giu') }
}

/** Words of names that tell nothing. */
const FILLING = new Set(['a', 'an', 'the', 'of', 'by', 'for', 'to', 'my', 'all', 'data', 'api', 'up'])

function singular(word: string): string {
  return /[^s]s$/.test(word) && word.length > 3 && word !== 'status' ? word.slice(0, -1) : word
}

function escape(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+')
}

/** What a tool that tells something does not fulfil. */
const WISHES: readonly Meant[] = ['cancel', 'return', 'change'].map(meant)
