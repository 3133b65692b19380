/**
 * Puts texts of the exposition format together, each metric with all its lines in one group, as the format wants it
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). The texts are those of prom-client: an empty line
 * stands between metrics, and HELP and TYPE come first. Their lines must differ in a label.
 */
export function mergeMetrics(texts: readonly string[]): string {
  const metrics = new Map<string, { head: string[]; lines: string[] }>()
  for (const block of texts.flatMap((text) => text.split(/\n{2,}/))) {
    const lines = block.split('\n').filter((line) => line !== '')
    const head = lines.filter((line) => line.startsWith('# '))
    const name = head[0]?.split(' ', 3)[2]
    if (name === undefined) continue
    const metric = metrics.get(name) ?? { head, lines: [] }
    for (const line of lines) if (!line.startsWith('# ')) metric.lines.push(line)
    metrics.set(name, metric)
  }
  return [...metrics.values()].map(({ head, lines }) => [...head, ...lines, ''].join('\n')).join('\n')
}
