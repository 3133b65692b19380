import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build } from 'vite'
import { gzipSync } from 'node:zlib'
import { writeFileSync, mkdirSync } from 'node:fs'
mkdirSync('widget/_x', { recursive: true })
const T = {
  io: `import {io} from 'socket.io-client'; window.x=io`,
  svelte: `import {mount} from 'svelte'; import A from '../frame/components/Icon.svelte'; mount(A,{target:document.body,props:{name:'x'}})`,
  comps: `import {mount} from 'svelte'; import A from '../frame/components/App.svelte'; mount(A,{target:document.body})`,
  chat: `import {Chat} from '../frame/chat.svelte.ts'; window.c=Chat`,
}
for (const [k, v] of Object.entries(T)) {
  writeFileSync('widget/_x/' + k + '.ts', v)
  const r = await build({
    root: process.cwd(),
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [svelte({ configFile: false })],
    build: {
      write: false,
      target: 'esnext',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: 'widget/_x/' + k + '.ts' },
    },
  })
  console.log(k, ...r.output.map((o) => o.fileName + ' ' + gzipSync(o.code ?? o.source, { level: 9 }).length))
}
