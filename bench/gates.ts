import type { Figure } from './figures.ts'

/** Something that Parlor promises of its speed. */
export interface Gate {
  what: string
  /** The bound; `unit` is what it is counted in. */
  atMost: number
  unit: '×' | 'ms'
}

/** What was measured beside what was promised. */
export interface Verdict extends Gate {
  measured: Figure
  holds: boolean
}

export const GATES = {
  limit: { what: 'CPU per token, beside the limit', atMost: 1.3, unit: '×' },
  usual: { what: 'CPU per token, beside the usual way', atMost: 0.5, unit: '×' },
  median: { what: 'added between byte and frame, p50', atMost: 2, unit: 'ms' },
  slowest: { what: 'added between byte and frame, p99', atMost: 10, unit: 'ms' },
} as const satisfies Record<string, Gate>

/** The median decides. */
export function judge(gate: Gate, measured: Figure): Verdict {
  return { ...gate, measured, holds: measured.median <= gate.atMost }
}
