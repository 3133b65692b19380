/** Tells the window's style how much of the page is seen: a phone's keyboard covers the rest without making it smaller. */
export function fitToSight(window: HTMLElement, signal: AbortSignal): void {
  const seen = visualViewport
  const fit = () => {
    // Of a page that is zoomed, less is seen for another reason.
    if (!seen || Math.abs(seen.scale - 1) > 0.01) return
    window.style.setProperty('--height', `${seen.height}px`)
    window.style.setProperty('--top', `${seen.offsetTop}px`)
  }
  for (const change of ['resize', 'scroll']) seen?.addEventListener(change, fit, { signal })
  fit()
}
