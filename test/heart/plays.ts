import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { adoptTurns, claimTurn } from '../../server/conversation/claim.ts'
import { registerNode, renewLease } from '../../server/conversation/lease-statements.ts'
import type { ScriptedCall } from '../support/scripted-provider.ts'
import type { Held, Scene, SceneNode } from './scene.ts'

/** A play goes as far as the turn of fate; what is left open, the checker waits for. */

export async function writesOnce(scene: Scene): Promise<void> {
  await scene.send(await scene.node({}, true), 'm1')
}

export async function sendsTwice(scene: Scene): Promise<void> {
  const node = await scene.node({}, true)
  await scene.send(node, 'm1')
  await scene.send(node, 'm1')
}

export async function writesAgain(scene: Scene): Promise<void> {
  const node = await scene.node({}, true)
  await scene.send(node, 'm1')
  await quiet(scene)
  await scene.send(node, 'm2')
}

export async function sendsTwoAtOnce(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene)
  node.provider.byItself = true
  const held = scene.holdUncommitted(node.wire, 'conversation/receive')
  const first = scene.send(node, 'm2')
  await held.reached
  const second = scene.send(node, 'm3')
  await scene.someoneWaits()
  held.release()
  await Promise.all([first, second])
  call.end()
}

/** A message whose transaction began first is received last. */
export async function overtakes(scene: Scene): Promise<void> {
  const node = await scene.node({}, true)
  await scene.send(node, 'm1')
  await quiet(scene)
  const held = scene.holdBegun(node.wire, 'conversation/receive')
  const slow = scene.send(node, 'm2')
  await held.reached
  await scene.timePasses()
  await scene.send(node, 'm3')
  held.release()
  await slow
}

/** A message comes after the first word of the answer before. */
export async function writesOn(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene)
  await scene.send(node, 'm2')
  node.provider.byItself = true
  call.end()
}

/** A node that lost the reply to its own claim finds its turn again, while the older attempt still runs. */
export async function endsAnOldAttemptOfItsOwn(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene)
  const renewal = await hearsNothing(scene, node)
  await claimTurn(scene.line, scene.conversation(), scene.owner())
  node.provider.byItself = true
  const ended = scene.holdReply(node.wire, 'conversation/end-turn')
  call.end()
  await ended.reached
  ended.release()
  renewal.release()
}

export async function endsAfterItWasReplaced(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene)
  const held = scene.holdBefore(node.wire, 'conversation/end-turn')
  call.end()
  await held.reached
  await scene.lapse(scene.owner())
  const other = await scene.node()
  const again = await other.provider.calls.take()
  again.say('And now for')
  held.release()
  await held.done
  again.end()
}

/** A node whose lease has lapsed is replaced in the middle of a sentence. */
export async function isReplaced(scene: Scene): Promise<void> {
  await speaks(scene, { renewEvery: 10_000 })
  await scene.lapse(scene.owner())
  const other = await scene.node()
  const again = await other.provider.calls.take()
  again.say('And now for')
  again.end()
}

export async function claimsFromTheLiving(scene: Scene): Promise<void> {
  const { call } = await speaks(scene)
  await claimTurn(scene.line, scene.conversation(), await ghost(scene))
  call.end()
}

export async function adoptsFromTheLiving(scene: Scene): Promise<void> {
  const { call } = await speaks(scene)
  const robber = await ghost(scene)
  // An adoption passes over a conversation that its owner writes to at that moment.
  for (let tries = 0; tries < 20; tries++) {
    if ((await adoptTurns(scene.line, robber, 10)).length > 0) break
  }
  call.end()
}

/** A claim waits for another one, whose first time limit passes meanwhile; but it has renewed its lease. */
export async function claimsWhileTheOwnerRenews(scene: Scene): Promise<void> {
  await isQueued(scene)
  const [owner, other] = [await ghost(scene, 1_500), await ghost(scene)]
  const held = scene.holdUncommitted(scene.line, 'conversation/claim')
  const first = claimTurn(scene.line, scene.conversation(), owner)
  await held.reached
  const second = claimTurn(scene.line, scene.conversation(), other)
  await scene.someoneWaits()
  assert.ok(
    await renewLease(scene.line, owner, 60_000),
    'too slow: the lease had lapsed before it was renewed',
  )
  await scene.run('SELECT pg_sleep(1.5)')
  held.release()
  await Promise.all([first, second])
  await scene.timePasses()
  await scene.lapse(owner)
  await scene.node({}, true)
}

/** A claim waits for the row while somebody who has registered meanwhile claims it. */
export async function claimsWhileANewcomerDoes(scene: Scene): Promise<void> {
  await isQueued(scene)
  const lock = await scene.lock()
  const claim = claimTurn(scene.line, scene.conversation(), await ghost(scene))
  await scene.someoneWaits()
  const newcomer = await ghost(scene)
  scene.line.detours.set('conversation/claim', lock.query)
  await claimTurn(scene.line, scene.conversation(), newcomer)
  await lock.commit()
  await claim
  await scene.timePasses()
  await scene.lapse(newcomer)
  await scene.node({}, true)
}

/** A claim waits for the end that opens the next turn, gets that turn, and its node dies. */
export async function claimsATurnThatJustBegan(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene)
  await scene.send(node, 'm2')
  const owner = scene.owner()
  const held = scene.holdUncommitted(node.wire, 'conversation/end-turn')
  call.end()
  await held.reached
  const claim = claimTurn(scene.line, scene.conversation(), owner)
  await scene.someoneWaits()
  held.release()
  await claim
  node.node.kill()
  await scene.lapse(owner)
  await scene.node({}, true)
}

export async function diesStopped(scene: Scene): Promise<void> {
  const { node } = await speaks(scene)
  const owner = scene.owner()
  node.node.kill()
  const other = await scene.node({ reapEvery: 60_000 })
  await stop(scene, other)
  await scene.timePasses()
  await scene.lapse(owner)
  await scene.node({}, true)
}

export async function renewsTooLate(scene: Scene): Promise<void> {
  await isQueued(scene)
  const owner = await ghost(scene)
  await claimTurn(scene.line, scene.conversation(), owner)
  await scene.lapse(owner)
  await scene.node({}, true)
  await quiet(scene)
  await renewLease(scene.line, owner, 60_000)
}

/** The stop came to another node than the message after it. */
export async function writesAfterTheStop(scene: Scene): Promise<void> {
  const node = await scene.node()
  const other = await scene.node()
  await scene.send(node, 'm1')
  await node.provider.calls.take()
  const renewal = await hearsNothing(scene, node)
  await stop(scene, other)
  await scene.timePasses()
  await scene.send(node, 'm2')
  await node.provider.calls.take()
  node.provider.byItself = true
  renewal.release()
}

export async function takesAStepAfterTheStop(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene)
  const renewal = await hearsNothing(scene, node)
  await stop(scene, await scene.node())
  await scene.timePasses()
  node.provider.byItself = true
  takeStep(call)
  await settled(scene)
  renewal.release()
}

export async function takesAStepAfterTheTakeover(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene)
  const renewal = await hearsNothing(scene, node)
  const other = await scene.node()
  const taking = other.node.ask((heart) => heart.agents.takeOver(scene.agent()))
  await scene.until(`SELECT state = 'agent' AS so FROM conversations WHERE id = $1`, [scene.conversation()])
  await scene.timePasses()
  node.provider.byItself = true
  takeStep(call)
  await settled(scene)
  renewal.release()
  await taking
}

export async function takesAStepInAnOldAttempt(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene)
  const renewal = await hearsNothing(scene, node)
  await claimTurn(scene.line, scene.conversation(), scene.owner())
  await scene.timePasses()
  node.provider.byItself = true
  const saved = scene.holdReply(node.wire, 'conversation/save-step')
  takeStep(call)
  await saved.reached
  saved.release()
  renewal.release()
}

/** The owner, which is the taker's own node, hears of its own end only after the agent has joined. */
export async function isTakenOverBeforeItsEndIsHeardOf(scene: Scene): Promise<void> {
  const { node } = await speaks(scene, { handover: 60 })
  const reply = scene.holdReply(node.wire, 'conversation/end-turn')
  await node.node.ask((heart) => heart.agents.takeOver(scene.agent()))
  reply.release()
}

/** The answer is whole and kept, but its node hears so only after the agent has joined. */
export async function isTakenOverBehindAnEnd(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene, { handover: 60 })
  const reply = scene.holdReply(node.wire, 'conversation/end-turn')
  call.end()
  await reply.reached
  await node.node.ask((heart) => heart.agents.takeOver(scene.agent()))
  reply.release()
}

export async function isHandedBackUnanswered(scene: Scene): Promise<void> {
  const { call, node } = await speaks(scene)
  const place = scene.agent()
  node.provider.byItself = true
  await node.node.ask((heart) => heart.agents.takeOver(place))
  call.end()
  await quiet(scene)
  await node.node.ask((heart) => heart.agents.handBack(place))
}

export async function isHandedBackAnswered(scene: Scene): Promise<void> {
  const node = await scene.node({}, true)
  await scene.send(node, 'm1')
  await quiet(scene)
  const place = scene.agent()
  await node.node.ask((heart) => heart.agents.takeOver(place))
  await scene.send(node, 'm2')
  await scene.sendAsAgent(node, place, 'a1')
  await node.node.ask((heart) => heart.agents.handBack(place))
}

export async function speaksUnasked(scene: Scene): Promise<void> {
  const node = await scene.node({}, true)
  await scene.send(node, 'm1')
  await quiet(scene)
  await scene.sendAsAgent(node, scene.agent(), 'a1')
}

/** A node with the first message, which has said its first words. */
async function speaks(
  scene: Scene,
  limits: Parameters<Scene['node']>[0] = {},
): Promise<{ node: SceneNode; call: ScriptedCall }> {
  const node = await scene.node(limits)
  await scene.send(node, 'm1')
  const call = await node.provider.calls.take()
  call.say('Good mor')
  return { node, call }
}

/** A message whose turn nobody has claimed, for its node was shutting down. */
async function isQueued(scene: Scene): Promise<void> {
  const leaving = await scene.node()
  await leaving.node.leave()
  await scene.send(leaving, 'm1')
}

/** A node that is no more than its lease. */
async function ghost(scene: Scene, leaseMs = 60_000): Promise<string> {
  const id = randomUUID()
  await registerNode(scene.line, { id, host: 'ghost', leaseMs })
  return id
}

/** The node's renewal is under way and does not come: it learns of nothing that befalls its turns. */
async function hearsNothing(scene: Scene, node: SceneNode): Promise<Held> {
  const renewal = scene.holdBefore(node.wire, 'conversation/renew-lease')
  await renewal.reached
  return renewal
}

async function stop(scene: Scene, { node }: SceneNode): Promise<void> {
  await node.ask((heart) => heart.conversations.stop(scene.visitor, { turn: 1 }))
}

function takeStep(call: ScriptedCall): void {
  call.end({ stop: 'tools', calls: [{ id: 'c1', name: 'look_up', arguments: { nonce: randomUUID() } }] })
}

async function quiet(scene: Scene): Promise<void> {
  await scene.until('SELECT count(*) = 0 AS so FROM conversations WHERE turn_open')
}

/** The first turn has ended. */
async function settled(scene: Scene): Promise<void> {
  await scene.until(`SELECT count(*) = 1 AS so FROM turns WHERE number = 1 AND message_seq IS NOT NULL`)
}
