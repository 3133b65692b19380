/** One line of a table, and one bar or point of its chart. */
export interface Figure {
  id: string
  /** What stands below the bar, and first in the line. */
  label: string
  /** Null: nothing was measured. */
  values: Record<string, number | null>
}

/** One row of bars or one line, and one column of the table. */
export interface Series {
  key: string
  label: string
  /** A colour of app.css. */
  color: string
  write: (value: number) => string
}
