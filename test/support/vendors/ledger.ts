/** What a vendor charges for one answer, or for many. Tokens; `cached` and `written` are parts of `input`. */
export interface Bill {
  input: number
  output: number
  cached: number
  written: number
}

/** What a stand-in has charged so far: each answer whose end it has sent, or is about to send. */
export class Ledger {
  readonly bills: Bill[] = []

  charge(bill: Bill): void {
    this.bills.push(bill)
  }

  get total(): Bill {
    const total: Bill = { input: 0, output: 0, cached: 0, written: 0 }
    for (const bill of this.bills) {
      total.input += bill.input
      total.output += bill.output
      total.cached += bill.cached
      total.written += bill.written
    }
    return total
  }
}
