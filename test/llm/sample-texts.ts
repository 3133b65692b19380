import { englishFaq, hebrewFaq } from '../../migrations/seeds/demo-faq.ts'

/** Texts as they come in a shop's chat, and what else a model may be given. None was used to measure the estimate. */
export const SAMPLES = {
  english:
    'Hi, I ordered two pairs of hiking boots last Tuesday and I still have not received a shipping confirmation. ' +
    'Could you check what is going on? If they will not arrive before the weekend I would rather cancel and buy ' +
    'them in the shop, because we leave for the mountains early on Saturday morning. Thanks in advance for your help!',
  hebrew:
    'שלום, הזמנתי לפני שבועיים אוהל לארבעה אנשים ועדיין לא קיבלתי אישור משלוח. אשמח לדעת מתי הוא צפוי להגיע, כי ' +
    'אנחנו יוצאים לטיול בצפון ביום חמישי בבוקר. אם לא תספיקו לשלוח אותו עד אז, אני מעדיפה לבטל את ההזמנה ולקנות ' +
    'משהו דומה בחנות. בנוסף, רציתי לברר אם אפשר להחליף את המעיל שקניתי למידה גדולה יותר. תודה רבה מראש על העזרה!',
  mixed:
    'היי, קניתי Salomon Quest 4D GTX במידה 44 באתר, order number A-20418, וה-tracking מראה "in transit" כבר שבוע. ' +
    'Can you check with the carrier? אפשר לכתוב לי ל-noa.barak@example.com או בוואטסאפ 052-7654321. תודה!',
  shouting: 'WHY DOES NOBODY ANSWER ME??? I HAVE BEEN WAITING FOR THREE WEEKS!!! GIVE ME MY MONEY BACK NOW',
  markdown:
    '## Returns\n\n1. Open **My account > Orders**\n2. Choose *Return*\n3. Print the [label](https://acme.example/r/9)\n\n' +
    '| size | chest | waist |\n|---|---|---|\n| S | 86-91 cm | 71-76 cm |\n| M | 94-99 cm | 79-84 cm |\n\n- free\n- fast\n',
  code:
    'export async function findOrder(number: string, { signal }: { signal: AbortSignal }): Promise<Order | null> {\n' +
    '  const response = await fetch(`${baseUrl}/orders/${encodeURIComponent(number)}`, { signal })\n' +
    "  if (response.status === 404) return null\n  if (!response.ok) throw new Error('orders: ' + response.status)\n" +
    '  return (await response.json()) as Order\n}\n',
  json: JSON.stringify([
    {
      order_id: 'A-20418',
      placed_at: '2026-11-02T09:41:07Z',
      status: 'shipped',
      total: { amount: 1249.8, currency: 'ILS' },
    },
    {
      order_id: 'A-20977',
      placed_at: '2026-11-19T16:05:55Z',
      status: 'processing',
      total: { amount: 89, currency: 'ILS' },
    },
    {
      sku: 'TENT-4P-GRN',
      title: 'Four-person tent, green',
      in_stock: true,
      images: null,
      tags: ['camping', 'family'],
    },
  ]),
  urls:
    'https://www.acme-outfitters.example/collections/boots?size=44&colour=brown&sort=price-ascending&page=2#reviews ' +
    'https://acme.example/he/%D7%94%D7%97%D7%96%D7%A8%D7%95%D7%AA?utm_source=newsletter&utm_campaign=winter_sale_2026',
  numbers:
    '052-7654321, 03-9876543, 5326 1000 2000 3000, ₪1,249.80, 31.7683° N 35.2137° E, 2026-11-19T16:05:55.123Z, 0.000123456789',
  emoji: 'Great shop!! 😍😍 My kids love the tent ⛺️ 👨‍👩‍👧 see you in the summer ☀️ 🏔️🎒 👍🏽 ❤️',
  niqqud: 'שָׁלוֹם עֲלֵיכֶם מַלְאֲכֵי הַשָּׁרֵת מַלְאֲכֵי עֶלְיוֹן, מִמֶּלֶךְ מַלְכֵי הַמְּלָכִים הַקָּדוֹשׁ בָּרוּךְ הוּא',
  longWords:
    'Kraftfahrzeughaftpflichtversicherungsbeitrag hippopotomonstrosesquippedaliophobia ' +
    'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch electroencephalographically',
  german:
    'Guten Tag, ich möchte gern wissen, ob die Wanderschuhe auch in Größe 47 lieferbar sind und was der Versand kostet.',
  russian: 'Добрый день! Я хотел бы узнать, можно ли вернуть палатку, если она не подошла по размеру.',
  arabic: 'مرحباً، أود أن أعرف متى ستصل طلبيتي، لأنني لم أتلق أي رسالة منذ يوم الأحد الماضي.',
  chinese: '您好，我想知道我的订单什么时候可以送到，因为我们周六早上就要出发去山里了。',
  ids: '7d9f1c22-5b0e-4c1a-9e57-0a6b3c8d2f41 c2hpcHBpbmcgdGFrZXMgdGhyZWUgZGF5cw== 9b74c9897bac770ffc029102a200c5de',
} as const

/** The demo shop's help pages, each language in one text. */
export const HELP_PAGES = {
  english: pages(englishFaq),
  hebrew: pages(hebrewFaq),
}

function pages(faq: readonly { question: string; answer: string }[]): string {
  return faq.map(({ question, answer }) => `${question}\n\n${answer}`).join('\n\n')
}
