/** Tells how much of the page is seen: a phone's keyboard covers the rest without making the page smaller. */
export function watchKeyboard(fit: (height: number, top: number) => void, signal: AbortSignal): void {
  const seen = window.visualViewport
  if (!seen) return
  const tell = () => {
    // Of a page that is zoomed, less is seen for another reason.
    if (Math.abs(seen.scale - 1) < 0.01) fit(seen.height, seen.offsetTop)
  }
  seen.addEventListener('resize', tell, { signal })
  seen.addEventListener('scroll', tell, { signal })
  tell()
}
