import type { Figure } from './figures.ts'
import type { Verdict } from './gates.ts'
import type { Machine } from './machine.ts'
import type { CurveResult } from './scenarios/curve.ts'
import type { RelayResult, RelayRow } from './scenarios/relay.ts'

/** All that a run has found. */
export interface Report {
  machine: Machine
  relay?: RelayResult
  curve?: CurveResult
}

/** The report as Markdown, which reads well on a terminal too. */
export function asMarkdown({ machine, relay, curve }: Report): string {
  return [
    ...(relay ? [relayTable(relay), verdictTable(relay.verdicts)] : []),
    ...(curve ? [curveTable(curve)] : []),
    describe(machine),
  ].join('\n\n')
}

function relayTable({ settings, rows }: RelayResult): string {
  const { streams, rate, rounds, seconds } = settings
  return [
    `**Relay**, ${streams} streams of ${rate} tokens a second, ${rounds} rounds of ${seconds} s, medians:`,
    '',
    '| | CPU per token | of it the system | beside the limit | p50 | p99 | memory | kept up with |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(relayRow),
  ].join('\n')
}

function relayRow(row: RelayRow): string {
  const { title, cpu, system, beside, p50, p99, memory, keptUp, restarts, faults } = row
  const remarks = [
    ...(restarts > 0 ? [`${restarts} answers begun anew`] : []),
    ...(faults.length > 0 ? [`**${faults.length} faults**`] : []),
  ]
  const cells = [
    [title, ...remarks].join('; '),
    `${cpu.median.toFixed(1)} µs`,
    `${system.median.toFixed(1)} µs`,
    beside === null ? '' : range(beside, '×'),
    `${p50.median.toFixed(2)} ms`,
    `${p99.median.toFixed(1)} ms`,
    `${Math.round(memory / 1e6)} MB`,
    `${Math.round(keptUp.median * 100)}%`,
  ]
  return `| ${cells.join(' | ')} |`
}

function curveTable({ settings, points, verdicts }: CurveResult): string {
  return [
    `**Curve**, 8,000 tokens a second in all, ${settings.rounds} rounds of ${settings.seconds} s, medians:`,
    '',
    '| streams | tokens a second of each | Parlor, per token | the limit, per token | beside the limit | gate |',
    '|---|---|---|---|---|---|',
    ...points.map(({ streams, rate, parlor, limit, beside }, index) => {
      const holds = verdicts[index]?.holds === true
      const cells = [streams, rate, `${parlor.toFixed(1)} µs`, `${limit.toFixed(1)} µs`, range(beside, '×')]
      return `| ${cells.join(' | ')} | ${holds ? 'holds' : '**not reached**'} |`
    }),
  ].join('\n')
}

function verdictTable(verdicts: readonly Verdict[]): string {
  return [
    '| gate | at most | measured | |',
    '|---|---|---|---|',
    ...verdicts.map(({ what, atMost, unit, measured, holds }) => {
      const verdict = holds ? 'holds' : '**not reached**'
      return `| ${what} | ${withUnit(atMost, unit)} | ${range(measured, unit)} | ${verdict} |`
    }),
  ].join('\n')
}

function range({ median, least, most }: Figure, unit: '×' | 'ms'): string {
  return `${withUnit(median.toFixed(2), unit)} (${least.toFixed(2)} to ${most.toFixed(2)})`
}

function withUnit(number: number | string, unit: '×' | 'ms'): string {
  return unit === '×' ? `${number} ×` : `${number} ms`
}

function describe({ date, node, processor, cores, memory, pinned, loadBefore }: Machine): string {
  return [
    `Measured on ${date} with Node ${node} on ${cores} cores (${processor}), ${Math.round(memory / 2 ** 30)} GB;`,
    pinned ? 'what is measured had a core for itself;' : 'nothing was pinned to a core;',
    `in the minute before, the machine was busy with ${loadBefore.toFixed(1)} cores' worth of other work.`,
  ].join(' ')
}
