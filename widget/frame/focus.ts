import type { Attachment } from 'svelte/attachments'

/** Puts the focus where it belongs when nothing else has it: the field, or the messages where a field would bring up a keyboard. */
export function restFocus(): void {
  const field = matchMedia('(pointer: coarse)').matches
    ? null
    : document.querySelector<HTMLElement>('[enterkeyhint]')
  const target = field ?? document.querySelector<HTMLElement>('[role=region]')
  target?.focus({ preventScroll: true, focusVisible: false })
}

/** For what goes away once it was used: the focus that it had does not go with it. */
export const handFocusOn: Attachment = () => () => {
  if (document.hasFocus() && document.activeElement === document.body) restFocus()
}
