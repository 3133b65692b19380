import type {} from '../../widget/public.ts'

// A page's own script, as its author writes it against /widget.d.ts. It never runs: `npm run check` compiles it.

// The example of docs/embedding.md.
window.Parlor?.push(['on', 'message:received', ({ role, text }) => console.log(role, text)])
window.Parlor?.open?.()
const off = window.Parlor?.on?.('unread:changed', ({ count }) => console.log(count))
window.addEventListener('parlor:connection:changed', ({ detail }) => console.log(detail.state))
off?.()

// The queue, before the widget is there.
window.Parlor = window.Parlor ?? []
window.Parlor.push(['open'], ['sendMessage', 'Hello?'])
window.Parlor.push(['once', 'message:received', ({ role, text }) => [role === 'agent', text.trim()]])

// @ts-expect-error: no such method
window.Parlor.push(['opne'])
// @ts-expect-error: no such event
window.Parlor.on?.('message:sended', () => 0)
// @ts-expect-error: no such detail
window.Parlor.on?.('unread:changed', ({ number }) => number === 5)
// @ts-expect-error: a text is wanted
window.Parlor.push(['sendMessage', 5])
// @ts-expect-error: the widget may not be there yet
window.Parlor.open()
