/** What stands on the shelves of the demo page (`demo/index.html`). */
export interface DemoProduct {
  name: string
  price: number
  currency: 'USD'
  description: string
  material: string
  /** Pieces there are of each size. */
  stock: Readonly<Record<string, number>>
  /** Words by which it is asked for, beside those of its name. */
  words: string
}

/** The products that somebody may mean: those whose words hold most of the words of `asked`, in either language. */
export function findProducts(asked: string): DemoProduct[] {
  const wanted = wordsOf(asked)
  const fitting = PRODUCTS.map((product) => {
    const there = wordsOf(`${product.name} ${product.words}`)
    return { product, score: wanted.filter((word) => there.some((other) => isSame(word, other))).length }
  })
  const best = Math.max(...fitting.map(({ score }) => score))
  if (best === 0 || best < wanted.length / 2) return []
  return fitting.filter(({ score }) => score === best).map(({ product }) => product)
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}{3,}/gu) ?? []
}

/** With another ending, or in Hebrew with a letter glued on in front. */
function isSame(word: string, other: string): boolean {
  const [short, long] = word.length < other.length ? [word, other] : [other, word]
  return (
    long.length - short.length <= 3 &&
    (long.startsWith(short) || (/^[א-ת]/.test(long) && long.endsWith(short)))
  )
}

const PRODUCTS: readonly DemoProduct[] = [
  {
    ...{ name: 'Ridgeline rain jacket', price: 189, currency: 'USD' },
    description: 'A rain jacket for long days: taped seams, a hood that turns with you, 390 g.',
    material: 'three layers of recycled nylon',
    stock: { XS: 2, S: 9, M: 6, L: 0, XL: 4 },
    words: 'coat waterproof raincoat מעיל מעילים גשם רידג׳ליין',
  },
  {
    ...{ name: 'Fernway walking boots', price: 164, currency: 'USD' },
    description: 'Walking boots that can be resoled, in a wide fit too.',
    material: 'full-grain leather',
    stock: { 38: 3, 39: 5, 40: 0, 41: 7, 42: 4, 43: 8, 44: 1, 45: 0 },
    words: 'boot shoe shoes hiking leather נעל נעליים נעלי מגפיים הליכה',
  },
  {
    ...{ name: 'Lantern two-person tent', price: 329, currency: 'USD' },
    description: 'A tent for two that stands in four minutes, 1.9 kg.',
    material: 'ripstop nylon, aluminium poles',
    stock: { 'one size': 5 },
    words: 'tents camping אוהל אוהלים לנטרן',
  },
  {
    ...{ name: 'Switchback pack, 38 l', price: 142, currency: 'USD' },
    description: 'A backpack of 38 litres that carries well at twelve kilos.',
    material: 'recycled polyester',
    stock: { 'S/M': 0, 'M/L': 11 },
    words: 'backpack rucksack bag תרמיל תרמילים תיק',
  },
]
