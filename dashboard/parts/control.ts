/** How everything looks that is written into or chosen from. */
export const CONTROL =
  'w-full rounded-md border border-line-strong bg-surface px-2.5 text-base text-ink placeholder:text-soft ' +
  'disabled:opacity-60 aria-invalid:border-danger'
