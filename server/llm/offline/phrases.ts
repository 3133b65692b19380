import type { Read } from './dates.ts'

/** The longest run of words that are neither a gap (`|`) nor words that name nothing: what somebody asks for. */
export function longestPhrase(text: string): Read | null {
  const runs = text
    .split(/[|,;:?!.\n"“”„()]+/u)
    .flatMap((part) => runsOf(part))
    .filter((run) => /\p{L}{2}/u.test(run))
  const [longest] = runs.toSorted((a, b) => b.length - a.length)
  return longest === undefined ? null : placed(longest, text)
}

/** The first part of a text that says something, without empty words around it. */
export function leftover(text: string): Read | null {
  for (const part of text.split(/[|,;:?!\n]+/u)) {
    const words = part.trim().split(/\s+/u)
    while (words[0] !== undefined && isEmpty(words[0])) words.shift()
    while (isEmpty(words.at(-1) ?? 'end')) words.pop()
    const said = words.join(' ').replace(/\.$/, '')
    if (/\p{L}/u.test(said)) return placed(said, text)
  }
  return null
}

/** Whether two texts are about the same by their words: most of `asked` is in `title`, and half of `title` is asked. */
export function isAbout(asked: string, title: string): boolean {
  const [wanted, there] = [tellingWords(asked), tellingWords(title)]
  if (wanted.length === 0) return false
  const shared = wanted.filter((word) => there.some((other) => isSame(word, other))).length
  return shared / wanted.length >= 0.7 && shared / there.length >= 0.5
}

function tellingWords(text: string): string[] {
  const words = (text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? []).filter((word) => !isEmpty(word))
  return [...new Set(words)]
}

/** The same word with another ending, or in Hebrew with letters glued on in front. */
function isSame(word: string, other: string): boolean {
  if (word === other) return true
  const [short, long] = word.length < other.length ? [word, other] : [other, word]
  if (/[א-ת]/.test(short)) return short.length >= 3 && long.length - short.length <= 2 && long.endsWith(short)
  return short.length >= 3 && long.length - short.length <= 2 && long.startsWith(short)
}

function runsOf(part: string): string[] {
  const runs: string[][] = [[]]
  for (const word of part.trim().split(/\s+/u)) {
    if (isEmpty(word)) runs.push([])
    else runs.at(-1)?.push(word)
  }
  return runs.map((run) => run.join(' '))
}

function placed(value: string, text: string): Read {
  const [head = ''] = value.split(' ')
  const begin = Math.max(0, text.indexOf(head))
  return { value, at: [begin, Math.min(text.length, begin + value.length)] }
}

function isEmpty(word: string): boolean {
  return EMPTY.has(word.toLowerCase().replaceAll('’', "'"))
}

const EMPTY = new Set(
  (
    "a an the this that these those is are was were be been am do does did don't doesn't you your yours we our i me my " +
    "mine i'd i'm i'll it its it's he she they them their in on at of for from to into with by about as if or and but not no " +
    'yes ok please thanks thank hi hello hey can could would will should may might must like want need have has had having ' +
    'got get gets got give show tell know see find look looking let us what which who whom whose when where why how much many ' +
    'any some something anything everything thing things stuff one ones there here now then still also just already again too ' +
    'very really back new other another same yet ever right sure well so up out take long number ' +
    'את אתה אתם אני אנחנו אנו הוא היא הם הן זה זו זאת אלה של שלי שלך שלכם שלנו על עם אל לא כן או גם רק כבר עוד אבל אם ' +
    'לי לך לכם לנו יש אין האם מה מי מתי איפה איך כמה למה איזה אילו אפשר רוצה צריך צריכה אשמח בבקשה תודה שלום היי הי עבור ' +
    'בשביל כדי כל היה הייתי משהו מספר ב ל מ ה ו כש'
  ).split(' '),
)
