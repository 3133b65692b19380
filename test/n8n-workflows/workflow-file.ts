import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A workflow as n8n exports it, as far as we look. */
export interface Workflow {
  id: string
  name: string
  active: boolean
  nodes: WorkflowNode[]
  connections: Record<string, { main: { node: string; type: string; index: number }[][] }>
}

export interface WorkflowNode {
  id: string
  name: string
  type: string
  typeVersion: number
  parameters: Record<string, unknown>
  onError?: string
}

export const FOLDER = join(import.meta.dirname, '../../n8n-workflows')

/** The workflows that come with Parlor. */
export const NAMES = ['book_appointment', 'check_inventory', 'get_order_status', 'get_product_info'] as const

/** The same work, answered later. */
export const LATER = 'book_appointment_later'

export function readWorkflow(name: string): Workflow {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Workflow
}

/** The text of a file beside the workflows. */
export function readBeside(path: string): string {
  return readFileSync(join(FOLDER, path), 'utf8')
}
