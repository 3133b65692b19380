import type { Plant } from './plant.ts'
import * as plays from './plays.ts'
import type { Scene } from './scene.ts'

/** A fault planted into a statement, the play that makes it certain, and the invariant that must be seen broken. */
export interface PlantedFault extends Plant {
  play: (scene: Scene) => Promise<void>
  breaks: string
  /** Taken away from the tables first, for the checker to be alone. */
  without?: { table: string; constraint: string }
}

const NO_WAITING = { table: 'conversations', constraint: 'nothing_waits_unseen' }
const TWIN = 'ON CONFLICT (session_id, client_message_id) DO UPDATE SET seq = k.seq'
const LAPSED = 'EXISTS (SELECT 1 FROM nodes n WHERE n.id = v.node AND n.lease_until <= now())'
const OWNER = 'AND (attempt = $3::int AND node = $4::uuid OR $4::uuid IS NULL AND turn_epoch < epoch)'

/** The traps of the heart, each made certain. */
export const PLANTS: Readonly<Record<string, PlantedFault>> = {
  'a place counted before the receipt is tried': {
    statement: 'conversation/receive',
    edits: [
      [TWIN, 'ON CONFLICT (session_id, client_message_id) DO NOTHING'],
      [
        'FROM c CROSS JOIN r\n      WHERE v.id = c.id AND r.conversation_id = c.id AND r.seq = c.last_seq + 1',
        'FROM c LEFT JOIN r ON true WHERE v.id = c.id',
      ],
      [
        'last_seq = r.seq, last_at = r.created_at, visitor_seq = r.seq',
        'last_seq = c.last_seq + 1, visitor_seq = c.last_seq + 1',
      ],
      ['ELSE r.seq END', 'ELSE c.last_seq + 1 END'],
    ],
    play: plays.sendsTwice,
    breaks: 'counters agree',
  },
  'messages received without a lock': {
    statement: 'conversation/receive',
    edits: [['FOR NO KEY UPDATE', '']],
    play: plays.sendsTwoAtOnce,
    breaks: 'seq has no holes',
  },
  'a twin that overwrites its receipt': {
    statement: 'conversation/receive',
    edits: [
      [
        TWIN,
        TWIN.replace(
          'k.seq',
          'EXCLUDED.seq, message_id = EXCLUDED.message_id, created_at = EXCLUDED.created_at',
        ),
      ],
    ],
    play: plays.sendsTwice,
    breaks: 'receipts agree',
  },
  'a duplicate acked under a new id': {
    statement: 'conversation/receive',
    edits: [
      [
        'SELECT r.conversation_id, r.seq, r.message_id, r.created_at',
        'SELECT r.conversation_id, r.seq, CASE WHEN u.id IS NULL THEN gen_random_uuid() ELSE r.message_id END AS message_id, r.created_at',
      ],
    ],
    play: plays.sendsTwice,
    breaks: 'acked is kept once',
  },
  'a message stamped by its transaction’s beginning': {
    statement: 'conversation/receive',
    edits: [['greatest(clock_timestamp(), last_at) FROM c', 'now() FROM c']],
    play: plays.overtakes,
    breaks: 'seq has no holes',
  },
  'an end without the check of its attempt': {
    statement: 'conversation/end-turn',
    edits: [['attempt = $3::int AND node = $4::uuid', '$3::int > 0 AND node = $4::uuid']],
    play: plays.endsAnOldAttemptOfItsOwn,
    breaks: 'streams agree',
  },
  'an end by who was replaced': {
    statement: 'conversation/end-turn',
    edits: [[OWNER, 'AND $3::int > 0 AND ($4::uuid IS NULL OR true)']],
    play: plays.endsAfterItWasReplaced,
    breaks: 'streams agree',
  },
  'a claim that asks for no lease': {
    statement: 'conversation/claim',
    edits: [[`OR ${LAPSED}`, 'OR true']],
    play: plays.claimsFromTheLiving,
    breaks: 'living nodes are not robbed',
  },
  'an adoption that asks for no lease': {
    statement: 'conversation/adopt',
    edits: [['AND EXISTS (SELECT 1 FROM nodes n WHERE n.id = t.node AND n.lease_until <= now())', '']],
    play: plays.adoptsFromTheLiving,
    breaks: 'living nodes are not robbed',
  },
  'a lease judged by the clock after a wait': {
    statement: 'conversation/claim',
    edits: [[LAPSED, LAPSED.replace('now()', 'clock_timestamp()')]],
    play: plays.claimsWhileTheOwnerRenews,
    breaks: 'living nodes are not robbed',
  },
  'a claim from whoever is not among the living': {
    statement: 'conversation/claim',
    edits: [[LAPSED, `NOT ${LAPSED.replace('<=', '>')}`]],
    play: plays.claimsWhileANewcomerDoes,
    breaks: 'living nodes are not robbed',
  },
  'a claim that misses the row of a younger turn': {
    statement: 'conversation/claim',
    edits: [
      [
        "INSERT INTO turns (conversation_id, number, attempt, state, node, epoch, after_seq, opened_at)\n      SELECT id, turn, attempt, 'running', node, turn_epoch, answered_seq, clock_timestamp() FROM u\n      ON CONFLICT (conversation_id, number) DO UPDATE SET attempt = EXCLUDED.attempt, node = EXCLUDED.node, state = 'running'",
        "UPDATE turns t SET node = u.node, attempt = u.attempt, state = 'running' FROM u\n      WHERE t.conversation_id = u.id AND t.number = u.turn",
      ],
    ],
    play: plays.claimsATurnThatJustBegan,
    breaks: 'becomes quiet',
  },
  'a claim under the old attempt': {
    statement: 'conversation/adopt',
    edits: [['attempt = v.attempt + 1', 'attempt = v.attempt']],
    play: plays.isReplaced,
    breaks: 'streams agree',
  },
  'a stopped turn that is run again': {
    statement: 'conversation/adopt',
    edits: [["WHEN stop_turn = turn THEN 'stopped' WHEN", 'WHEN']],
    play: plays.diesStopped,
    breaks: 'stops hold',
  },
  'a lapsed lease that revives': {
    statement: 'conversation/renew-lease',
    edits: [[' AND lease_until > clock_timestamp()', '']],
    play: plays.renewsTooLate,
    breaks: 'living nodes are not robbed',
  },
  'a next turn that is not opened': {
    statement: 'conversation/end-turn',
    edits: [["turn_open = state = 'ai' AND", 'turn_open = false AND']],
    play: plays.writesOn,
    breaks: 'answers are exact',
    without: NO_WAITING,
  },
  'a next turn without a row': {
    statement: 'conversation/end-turn',
    edits: [['AS after_t WHERE next', 'AS after_t WHERE next AND false']],
    play: plays.writesOn,
    breaks: 'turns have one end',
  },
  'a next turn opened before the last one is closed': {
    statement: 'conversation/end-turn',
    edits: [['FROM u CROSS JOIN (SELECT count(*) FROM t) AS after_t WHERE next', 'FROM u WHERE next']],
    play: plays.writesOn,
    breaks: 'nothing breaks',
  },
  'an answer that is not counted as one': {
    statement: 'conversation/end-turn',
    edits: [
      [
        'answered_seq = CASE WHEN stop_turn = turn THEN greatest(answered_seq, least($5::int, stop_seq))\n  WHEN turn_epoch < epoch THEN answered_seq ELSE greatest(answered_seq, $5::int) END,',
        'answered_seq = answered_seq,',
      ],
    ],
    play: plays.writesAgain,
    breaks: 'answers are exact',
    without: NO_WAITING,
  },
  'an interrupted turn that counts as an answer': {
    statement: 'conversation/end-turn',
    edits: [['WHEN turn_epoch < epoch THEN answered_seq ELSE', 'ELSE']],
    play: plays.isHandedBackUnanswered,
    breaks: 'answers are exact',
  },
  'a stop that knows no bound': {
    statement: 'conversation/end-turn',
    edits: [['least($5::int, stop_seq)', '$5::int']],
    play: plays.writesAfterTheStop,
    breaks: 'stops hold',
  },
  'usage that is not in the end': {
    statement: 'conversation/end-turn',
    edits: [
      [
        'FROM u WHERE NOT is_test\n      ON CONFLICT (client_id, date)',
        'FROM u WHERE false\n      ON CONFLICT (client_id, date)',
      ],
    ],
    play: plays.writesOnce,
    breaks: 'usage agrees',
  },
  'a step stored in spite of a takeover': {
    statement: 'conversation/save-step',
    edits: [['AND turn_epoch = epoch', '']],
    play: plays.takesAStepAfterTheTakeover,
    breaks: 'tools run only stored steps',
  },
  'a step stored in spite of a stop': {
    statement: 'conversation/save-step',
    edits: [['AND stop_turn <> turn', '']],
    play: plays.takesAStepAfterTheStop,
    breaks: 'stops hold',
  },
  'a step stored by an old attempt': {
    statement: 'conversation/save-step',
    edits: [['AND attempt = $3::int', '']],
    play: plays.takesAStepInAnOldAttempt,
    breaks: 'tools run only stored steps',
  },
  'a takeover that leaves the epoch': {
    statement: 'conversation/take-over',
    edits: [['epoch = epoch + 1', 'epoch = epoch']],
    play: plays.isHandedBackUnanswered,
    breaks: 'answers are exact',
  },
  'a hand back that forgets what the agent said': {
    statement: 'conversation/hand-back',
    edits: [['greatest(answered_seq, agent_seq)', 'answered_seq']],
    play: plays.isHandedBackAnswered,
    breaks: 'answers are exact',
  },
  'an agent who speaks without having taken over': {
    statement: 'conversation/receive-from-agent',
    edits: [
      ["WHERE state = 'agent' AND agent_id = $3::uuid", "WHERE state <> 'ended' AND $3::uuid IS NOT NULL"],
    ],
    play: plays.speaksUnasked,
    breaks: 'answers are exact',
  },
}
