/** The page that comes after an earlier answer. What is no page that was handed out is the first. */
export function pageAfter(after: string | undefined): number {
  return after !== undefined && /^[1-9]\d{0,3}$/.test(after) ? Number(after) : 1
}

/** What is handed to the model, so that it can ask for the rest; nothing where this was all. */
export function nextOf({ more }: { more: boolean }, page: number): { next?: string } {
  return more ? { next: String(page + 1) } : {}
}
