/**
 * What people build by hand, as tutorials and starters have it: Socket.IO on ws, the vendor's SDK and its iterator, one
 * `Model.create` for each message, and a room emit through the Redis adapter for each token, so that it runs on several
 * nodes. Wants ANTHROPIC_BASE_URL, DATABASE_URL and REDIS_URL.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import { createAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { DataTypes, Sequelize } from 'sequelize'
import { Server, type Socket } from 'socket.io'

const anthropic = new Anthropic({ apiKey: 'sk-bench', baseURL: process.env['ANTHROPIC_BASE_URL'] ?? '' })
const sequelize = new Sequelize(process.env['DATABASE_URL'] ?? '', { logging: false, pool: { max: 10 } })
const publisher = new Redis(process.env['REDIS_URL'] ?? '')
const subscriber = publisher.duplicate()

const Message = sequelize.define('usual_message', {
  conversation_id: { type: DataTypes.STRING, allowNull: false },
  role: { type: DataTypes.STRING, allowNull: false },
  content: { type: DataTypes.TEXT, allowNull: false },
})

const http = createServer()
const io = new Server(http, {
  transports: ['websocket'],
  serveClient: false,
  adapter: createAdapter(publisher, subscriber),
})

io.on('connection', (socket) => {
  const conversation = `conversation:${socket.id}`
  void socket.join(conversation)
  socket.on('message', ({ text }: { text: string }, acknowledge: () => void) => {
    answer(socket, conversation, text, acknowledge).catch(() => socket.emit('failed'))
  })
})

async function answer(
  _socket: Socket,
  conversation: string,
  text: string,
  acknowledge: () => void,
): Promise<void> {
  await Message.create({ conversation_id: conversation, role: 'user', content: text })
  acknowledge()
  const history = await Message.findAll({
    where: { conversation_id: conversation },
    order: [['id', 'DESC']],
    limit: 20,
  })
  const stream = await anthropic.messages.create({
    model: 'claude-haiku-5-5',
    max_tokens: 8_192,
    stream: true,
    messages: history.reverse().map((message) => ({
      role: message.get('role') as 'user' | 'assistant',
      content: message.get('content') as string,
    })),
  })
  let content = ''
  for await (const event of stream) {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') continue
    content += event.delta.text
    io.to(conversation).emit('token', { text: event.delta.text })
  }
  await Message.create({ conversation_id: conversation, role: 'assistant', content })
  io.to(conversation).emit('done', { content })
}

await sequelize.sync()
http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`Listening on http://127.0.0.1:${(http.address() as AddressInfo).port}\n`)
})

process.once('SIGTERM', () => process.exit(0))
