import type { Plural } from '../locale.ts'

/** English. Another language is one more file of this shape, and its line in `frame/words.ts` and `loader/words.ts`. */
export const launcher = {
  open: 'Open chat',
  close: 'Close chat',
  chat: 'Chat',
  unread: { one: '1 new message', other: '# new messages' } as Plural,
  asks: 'a question waits for you',
}

/** What the chat says. */
export const chat = {
  ai: 'AI',
  aiAssistant: 'AI assistant',
  agent: 'Team',
  you: 'You',
  messages: 'Messages',
  message: 'Message',
  placeholder: 'Ask a question…',
  send: 'Send',
  stop: 'Stop the answer',
  close: 'Close chat',
  menu: 'More',
  newConversation: 'New conversation',
  endConversation: 'End conversation',
  suggestions: 'Suggested questions',
  ended: 'This conversation has ended.',
  awaited: 'Our team was asked to join.',
  next: 'You are next.',
  place: (number: string) => `You are number ${number} in line.`,
  confirm: 'Shall I do this?',
  approve: 'Yes, do it',
  decline: 'No',
  confirmUntil: (time: string) => `Please answer by ${time}. Writing a message instead means no.`,
  sources: 'Sources',
  thinking: 'The answer is being written',
  agentTyping: 'Typing',
  toEnd: 'To the newest message',
  older: 'Loading earlier messages',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'This answer could not be finished. Please ask again.',
  sending: 'Sending…',
  notSent: 'Not sent.',
  retry: 'Try again',
  discard: 'Discard',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  offline: 'You are offline. Messages will wait.',
  refused: 'The chat is not available on this page.',
  disclosure: 'Answers are written by AI and can be wrong.',
  privacy: 'Privacy',
  shorten: 'This message is too long.',
  tooLong: (length: string, limit: string) => `${length} of ${limit} characters`,
  answered: (name: string, text: string) => `${name}: ${text}`,
}

export type Launcher = typeof launcher
export type Words = typeof chat
