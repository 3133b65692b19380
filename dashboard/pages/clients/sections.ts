import type { Words } from '../../words/en/index.ts'

/** A client's sections, in the order of their tabs: the last part of the path, and which word it is called by. */
export const SECTIONS = [
  { path: 'general', label: 'general' },
  { path: 'look', label: 'look' },
  { path: 'ai', label: 'ai' },
  { path: 'hours', label: 'hours' },
  { path: 'knowledge', label: 'knowledge' },
  { path: 'tools', label: 'tools' },
  { path: 'integrations', label: 'integrations' },
  { path: 'mcp', label: 'mcp' },
  { path: 'test-chat', label: 'testChat' },
  { path: 'replies', label: 'replies' },
  { path: 'identity', label: 'identity' },
  { path: 'keys', label: 'keys' },
  { path: 'plan', label: 'plan' },
  { path: 'install', label: 'install' },
] as const satisfies { path: string; label: keyof Words['clients']['tabs'] }[]
