import type { Attachment } from 'svelte/attachments'

/** Pixels from the end that still count as the end. */
const NEAR = 48

/**
 * Keeps a scrolling list at its end while its content grows or its own height changes, as long as the reader is
 * there. `wanted` may be read reactively: when it turns true the list goes to its end.
 */
export function stickToEnd(wanted: () => boolean, moved: (atEnd: boolean) => void): Attachment<HTMLElement> {
  return (list) => {
    const toEnd = () => {
      if (wanted()) list.scrollTop = list.scrollHeight
    }
    let top = 0
    const note = () => {
      // A hidden list has no place to note.
      if (list.clientHeight === 0) return
      const distance = list.scrollHeight - list.clientHeight - list.scrollTop
      // Growth alone never moves the reader up: only going up is leaving.
      if (distance < NEAR) moved(true)
      else if (list.scrollTop < top) moved(false)
      top = list.scrollTop
    }
    const sizes = new ResizeObserver(toEnd)
    sizes.observe(list)
    for (const child of list.children) sizes.observe(child)
    list.addEventListener('scroll', note, { passive: true })
    toEnd()
    return () => {
      sizes.disconnect()
      list.removeEventListener('scroll', note)
    }
  }
}
