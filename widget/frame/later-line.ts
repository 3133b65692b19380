import type { Result } from '../../protocol/result.ts'
import type { WidgetData, WidgetPayload, WidgetRequest } from '../../protocol/widget.ts'
import { UNAVAILABLE, type Line, type LinePorts } from './line.ts'

/** A line whose code has to come first, since few visitors need it. Where that does not come, the line is over. */
export class LaterLine implements Line {
  readonly #ports: LinePorts
  #line: Line | null = null
  #isOver = false

  constructor(coming: Promise<(ports: LinePorts) => Line>, ports: LinePorts) {
    this.#ports = ports
    coming.then(
      (open) => {
        if (!this.#isOver) this.#line = open(ports)
      },
      () => this.close(),
    )
  }

  get heardAt(): number {
    return this.#line?.heardAt ?? 0
  }

  request<R extends WidgetRequest>(name: R, payload: WidgetPayload<R>): Promise<Result<WidgetData<R>>> {
    return this.#line?.request(name, payload) ?? Promise.resolve(UNAVAILABLE)
  }

  close(): void {
    if (this.#line) this.#line.close()
    else if (!this.#isOver) this.#ports.onClosed(null)
    this.#isOver = true
  }
}
