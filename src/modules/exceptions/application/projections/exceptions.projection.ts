import type { Projection, Told } from '../../../../shared/application/projection.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import { actionsOf } from '../../domain/actions.js';
import type {
  ExceptionAction,
  ExceptionEvent,
  ExceptionKind,
  Outcome,
} from '../../domain/exception.events.js';
import { exceptionIdOf } from '../exception-stream.js';

type Actor = Readonly<{ type: string; id: string; name: string | null }>;

/** What somebody last decided to do about it, and whether it could be done. */
type Attempt = Readonly<{
  action: ExceptionAction;
  status: 'under_way' | 'refused' | 'done';
  /** Of the refusal; null where none said no. */
  code: string | null;
  detail: string | null;
  actor: Actor;
  reason: string | null;
  at: string;
}>;

/** An exception as clients see it, but for its age. */
export type ExceptionRow = Readonly<{
  id: string;
  object: 'exception';
  kind: ExceptionKind;
  status: 'open' | 'resolving' | 'resolved';
  store: string;
  livemode: boolean;
  order: string | null;
  payment: string | null;
  refund: string | null;
  dispute: string | null;
  mail: string | null;
  amount: number | null;
  currency: string | null;
  explanation: string;
  owner: string;
  /** What can be done now; nothing once it is resolved. */
  actions: readonly ExceptionAction[];
  last_attempt: Attempt | null;
  opened_at: string;
  resolved_at: string | null;
  resolution: Readonly<{
    action: ExceptionAction | null;
    outcome: Outcome;
    explanation: string;
    actor: Actor;
    reason: string | null;
  }> | null;
  created_at: string;
  revision: number;
  metadata: Readonly<Record<string, string>>;
}>;

/** Everything that needed or needs a person, a row each: the queue of exceptions. */
export const exceptions: Projection<ExceptionEvent, ExceptionRow> = {
  name: 'exceptions',
  version: 1,
  indexes: ['store', 'status', 'kind', 'order', 'payment'],
  reads: [
    'ExceptionOpened',
    'ExceptionAssigned',
    'ResolutionChosen',
    'ResolutionRefused',
    'ExceptionResolved',
  ],
  keys: ({ stream }) => [exceptionIdOf(stream)],
  project: (row, event) => {
    if (event.type === 'ExceptionOpened') return opened(event);
    return row ? { ...row, ...changed(row, event), revision: event.revision + 1 } : null;
  },
};

function opened({ data, stream, at, revision }: Extract<Told<ExceptionEvent>, { type: 'ExceptionOpened' }>) {
  const { kind, explanation, owner, ...subject } = data;
  return {
    id: exceptionIdOf(stream),
    object: 'exception',
    kind,
    status: 'open',
    ...subject,
    explanation,
    owner,
    actions: actionsOf(kind),
    last_attempt: null,
    opened_at: at,
    resolved_at: null,
    resolution: null,
    created_at: at,
    revision: revision + 1,
    metadata: {},
  } as const;
}

type Later = Exclude<Told<ExceptionEvent>, { type: 'ExceptionOpened' }>;

function changed(row: ExceptionRow, event: Later): Partial<ExceptionRow> {
  const { metadata, at } = event;
  switch (event.type) {
    case 'ExceptionAssigned':
      return { owner: event.data.owner };
    case 'ResolutionChosen': {
      const { action } = event.data;
      const who = { actor: actorOf(event), reason: metadata['reason'] ?? null, at };
      const last_attempt = { action, status: 'under_way', code: null, detail: null, ...who } as const;
      return { status: 'resolving', actions: [], last_attempt };
    }
    case 'ResolutionRefused': {
      const { code, why: detail } = event.data;
      const status = code === null ? 'done' : 'refused';
      const last_attempt = row.last_attempt && ({ ...row.last_attempt, status, code, detail } as const);
      return { status: 'open', actions: actionsOf(row.kind), last_attempt };
    }
    case 'ExceptionResolved': {
      const { action } = event.data;
      const attempt = action && row.last_attempt ? ({ ...row.last_attempt, status: 'done' } as const) : null;
      const { actor, reason } = attempt ?? { actor: actorOf(event), reason: null };
      const resolution = { ...event.data, actor, reason };
      const last_attempt = attempt ?? row.last_attempt;
      return { status: 'resolved', actions: [], last_attempt, resolved_at: at, resolution };
    }
    default:
      return assertNever(event);
  }
}

function actorOf({ metadata }: Later): Actor {
  const { actor_kind: type = 'system', actor_id: id = 'unknown', actor_name: name = null } = metadata;
  return { type, id, name };
}
