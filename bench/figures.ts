/** A figure that was taken in several rounds. */
export interface Figure {
  median: number
  least: number
  most: number
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: medianOf(sorted), least: sorted.at(0) ?? NaN, most: sorted.at(-1) ?? NaN }
}

/** One figure as a multiple of another one, round by round: what a machine does to both of them falls out. */
export function ratioOf(values: readonly number[], to: readonly number[]): Figure {
  return figureOf(values.map((value, round) => value / (to[round] ?? NaN)))
}

function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length / 2
  const above = sorted[Math.floor(middle)] ?? NaN
  return Number.isInteger(middle) ? (above + (sorted[middle - 1] ?? NaN)) / 2 : above
}
