/**
 * Notes where the first row in sight stands. What is returned is called once rows have come in above it, and puts it
 * back there, as most browsers do by themselves, but not Safari, and not at the very top of a list.
 */
export function holdPlace(list: HTMLElement, rows: HTMLElement): () => void {
  const top = list.getBoundingClientRect().top
  const row = [...rows.children].find((one) => one.getBoundingClientRect().bottom > top)
  const before = row?.getBoundingClientRect().top
  return () => {
    if (row && before !== undefined) list.scrollTop += row.getBoundingClientRect().top - before
  }
}
