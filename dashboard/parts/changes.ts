/** Of these fields, those that differ; what has become empty is null, which takes it away. */
export function changesBetween<T extends object>(
  kept: T,
  wanted: T,
): { [K in keyof T]?: Exclude<T[K], '' | undefined> | null } {
  const changes: { [K in keyof T]?: Exclude<T[K], '' | undefined> | null } = {}
  for (const name of Object.keys(wanted) as (keyof T)[]) {
    if (JSON.stringify(kept[name]) === JSON.stringify(wanted[name])) continue
    changes[name] = isEmpty(wanted[name]) ? null : (wanted[name] as Exclude<T[keyof T], '' | undefined>)
  }
  return changes
}

/** The lines of a text that say something. */
export function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => line.trim() || [])
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}
