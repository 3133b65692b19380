import { createRequire } from 'node:module'

/** The version of Svelte whose inside this file knows. After an update: read its modules below, then say so here. */
const KNOWN = '5.57.3'

/**
 * What the chat does not use of Svelte, though a bundler cannot see that: components that await, error boundaries, transitions,
 * state that is a deep proxy (`$state` of the chat holds values, which are replaced and never changed), and taking
 * over a page that a server has drawn. By the module, what remains of it; together 3 KB of the chat, gzipped.
 */
const REMAINS = {
  'proxy.js': `
    export const proxy = (value) => value
    export const get_proxied_value = (value) => value
    export const is = Object.is`,
  'reactivity/async.js': `
    import { derived } from './deriveds.js'
    export const flatten = (blockers, sync, async, fn) => fn(sync.map(derived))`,
  'dom/blocks/boundary.js': `
    import { block, branch } from '../../reactivity/effects.js'
    export const boundary = (node, props, children) => block(() => void branch(() => children(node)))`,
}
/** What never is so without components that await and transitions, for the bundler to draw its conclusions. */
const NEVER = [
  ['dom/hydration.js', 'export let hydrating = false', 'export const hydrating = false'],
  ['dom/hydration.js', 'hydrating = value;', ''],
  ['dom/blocks/each.js', 'should_defer_append()', 'false'],
  ['dom/blocks/each.js', '(flags & EACH_IS_ANIMATED) !== 0', 'false'],
  ['reactivity/effects.js', 'var t = effect.nodes && effect.nodes.t;', 'var t = null;'],
  ['dom/blocks/branches.js', 'should_defer_append()', 'false'],
  ['reactivity/batch.js', 'if (this.#is_deferred())', 'if (false)'],
  ['reactivity/batch.js', '= this.#find_earlier_batch()', '= null'],
]
/** Methods that only such components come to: bundlers drop functions that nobody calls, and keep methods. */
const UNCALLED = {
  'reactivity/batch.js': [
    '#commit',
    '#find_earlier_batch',
    '#intersects',
    '#merge',
    'increment',
    'decrement',
    'settled',
  ],
}
const FOLDER = '/svelte/src/internal/client/'
const EXPORTED = /^export (?:async )?(?:function\*?|class|const|let|var) (\w+)/gm

/** Leaves these parts of Svelte out of a build. */
export const LEAN_SVELTE = {
  name: 'lean-svelte',
  buildStart() {
    const { version } = createRequire(import.meta.url)('svelte/package.json')
    if (version !== KNOWN) this.error(`scripts/lean-svelte.mjs knows Svelte ${KNOWN}, and this is ${version}`)
  },
  transform: {
    filter: { id: /\/svelte\/src\/internal\/client\/.+\.js$/ },
    handler(code, id) {
      const name = id.slice(id.lastIndexOf(FOLDER) + FOLDER.length)
      const remains = REMAINS[name]
      return { code: remains === undefined ? less(code, name) : remains + unused(code, remains), map: null }
    },
  },
}

function less(code, name) {
  let left = code
  for (const [, usual, never] of NEVER.filter(([file]) => file === name)) left = left.replaceAll(usual, never)
  for (const method of UNCALLED[name] ?? [])
    left = left.replace(new RegExp(`(\\n\\t${method}\\(.*\\{)[^]*?\\n\\t\\}\\n`), '$1}\n')
  return left
}

/** Names that the module has exported, and that nobody asks for any more. */
function unused(code, remains) {
  const kept = new Set([...remains.matchAll(/export const (\w+)/g)].map(([, name]) => name))
  const names = [...code.matchAll(EXPORTED)].map(([, name]) => name).filter((name) => !kept.has(name))
  return names.map((name) => `\nexport const ${name} = undefined`).join('')
}
