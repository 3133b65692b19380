// A small shop that the workflows can ask while there is no other: node shop.mjs, then SHOP_URL=http://127.0.0.1:3900.
// It shows what they ask for and what they read of an answer. It forgets its appointments when it ends.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const ORDERS = {
  1001: {
    number: '1001',
    status: 'on its way',
    placed_at: '2026-11-20',
    expected_at: '2026-11-25',
    carrier: 'Parcelway',
  },
}

const PRODUCTS = [
  {
    name: 'Lantern two-person tent',
    ...{ price: 329, currency: 'USD', description: 'It stands in four minutes.', material: 'ripstop nylon' },
    sizes: [{ size: 'one size', stock: 5 }],
  },
  {
    name: 'Ridgeline rain jacket',
    ...{ price: 189, currency: 'USD', description: 'For long days.', material: 'recycled nylon' },
    sizes: [
      { size: 'M', stock: 6 },
      { size: 'L', stock: 0 },
    ],
  },
]

/** Opens the shop. */
export function createShop() {
  const taken = new Set()
  return createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://shop')
    const answer = answerTo(`${request.method} ${pathname}`, searchParams, await text(request))
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  })

  function answerTo(asked, parameters, body) {
    const [, number] = /^GET \/orders\/([^/]+)$/.exec(asked) ?? []
    if (number !== undefined && Object.hasOwn(ORDERS, number)) return { status: 200, body: ORDERS[number] }
    if (asked === 'GET /products')
      return { status: 200, body: { products: search(parameters.get('search') ?? '') } }
    if (asked === 'POST /appointments') return book(JSON.parse(body))
    return { status: 404, body: { error: 'There is nothing here.' } }
  }

  function book({ date, time }) {
    const hour = `${date} ${time}`
    if (taken.has(hour)) return { status: 409, body: { error: `${time} on ${date} is taken.` } }
    taken.add(hour)
    return { status: 201, body: { number: `A-${taken.size}` } }
  }
}

function search(words) {
  const wanted = words.toLowerCase().split(/\s+/)
  return PRODUCTS.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) createShop().listen(3900, '127.0.0.1')
