/**
 * Lets j and k, and the arrows once a row has the focus, go from row to row: what carries `data-row` inside the element
 * takes the focus, so that Enter is the row's own. Nothing happens while somebody types, or a dialog is open.
 */
export function listKeys(list: HTMLElement): () => void {
  const onkeydown = (event: KeyboardEvent) => {
    const step = stepOf(event, list)
    if (step === 0) return
    const rows = [...list.querySelectorAll<HTMLElement>('[data-row]')]
    const at = rows.findIndex((row) => row.contains(document.activeElement))
    const next = at === -1 ? rows[step > 0 ? 0 : rows.length - 1] : rows[at + step]
    if (!next) return
    event.preventDefault()
    next.focus()
    next.scrollIntoView({ block: 'nearest' })
  }
  addEventListener('keydown', onkeydown)
  return () => removeEventListener('keydown', onkeydown)
}

const STEPS: Record<string, number> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }

function stepOf(event: KeyboardEvent, list: HTMLElement): number {
  const { key, target } = event
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return 0
  const isInside = target instanceof Node && list.contains(target)
  if (!isInside && (key.startsWith('Arrow') || document.querySelector('[role=dialog]') !== null)) return 0
  return STEPS[key] ?? 0
}

/** Whether keys are letters there. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable || target.matches('input, textarea, select, [role=combobox], [role=menuitem]')
  )
}
