import {
  Body,
  Controller,
  Get,
  Global,
  Module,
  type ModuleMetadata,
  Param,
  Post,
  Put,
  Query,
  StreamableFile,
  type Type,
} from '@nestjs/common';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { z } from 'zod';
import { Claims } from '../../src/shared/application/claims.js';
import { Idempotency, type IdempotentCall } from '../../src/shared/application/idempotency.js';
import { Authenticator, type Grant, KnownStores } from '../../src/shared/application/ports/access.port.js';
import { Clock } from '../../src/shared/application/ports/clock.port.js';
import { EventStore, EventStoreUnavailable } from '../../src/shared/application/ports/event-store.port.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import { Refusal, type RefusalCode } from '../../src/shared/domain/refusal.js';
import { Config } from '../../src/shared/infrastructure/config/config.js';
import { Public, Scope } from '../../src/shared/infrastructure/http/access.js';
import { Answers, answer, Problems, Says } from '../../src/shared/infrastructure/http/answers.js';
import { EdgeModule } from '../../src/shared/infrastructure/http/edge.module.js';
import { IdempotencyKey, IfMatch } from '../../src/shared/infrastructure/http/headers.js';
import { list, listOf, listQuery } from '../../src/shared/infrastructure/http/list-query.js';
import { Precondition } from '../../src/shared/infrastructure/http/precondition.js';
import { Caller } from '../../src/shared/infrastructure/http/requests.js';
import {
  configureHttp,
  FormBody,
  httpAdapter,
  RawBody,
} from '../../src/shared/infrastructure/http/server.js';
import { Log } from '../../src/shared/infrastructure/logging/log.js';

const LampBody = z
  .strictObject({
    name: z.string().min(1).max(40),
    watts: z.int().positive().max(100),
    note: z.string().optional(),
    parts: z.array(z.strictObject({ sku: z.string() })).optional(),
    metadata: z.record(z.string().max(40), z.string()).optional(),
  })
  .meta({ id: 'NewLamp', examples: [{ name: 'Desk lamp', watts: 5 }] });
const Lamp = z
  .object({ id: z.string(), name: z.string(), watts: z.int(), revision: z.int() })
  .meta({ id: 'Lamp' });
const LampId = z.string().regex(/^lamp_\d+$/);
const LampName = z
  .string()
  .regex(/^[a-z]+$/)
  .meta({ 'x-makes': true });
const LampQuery = listQuery({ colour: z.enum(['red', 'blue']).optional() });
const LampList = listOf('LampList', Lamp);
const lamp = { id: 'lamp_1', name: 'Desk lamp', watts: 5, revision: 3 };

/** What the edge is tried on. */
@Controller('v1/lamps')
@Scope('orders:read')
export class LampsController {
  constructor(private readonly idempotency: Idempotency) {}

  @Get()
  @Says('List lamps')
  @Answers(200, LampList)
  list(@Query({ schema: LampQuery }) query: z.infer<typeof LampQuery>) {
    return list([{ ...lamp, name: JSON.stringify(query) }], false);
  }

  @Post()
  @Scope('orders:write')
  @Says('Make a lamp', 'It is made once.')
  @Answers(201, Lamp)
  @Answers(202, Lamp, 'It will be made.')
  @Problems('order_settled')
  async make(
    @Caller() caller: Caller,
    @IdempotencyKey() call: IdempotentCall,
    @Body({ schema: LampBody }) body: z.infer<typeof LampBody>,
  ) {
    const work = async ({ id }: { id: string }) => ({
      ...lamp,
      ...body,
      id,
      secret: 'canary',
      by: caller.store(),
    });
    const { value, replayed } = await this.idempotency.once(call, () => `lamp_${++made}`, work);
    return answer(value, { status: body.name === 'later' ? 202 : 201, replayed });
  }

  @Post('unnamed')
  @Answers(200, LampBody)
  echo(@Body({ schema: LampBody }) body: z.infer<typeof LampBody>) {
    return body;
  }

  @Get(':id')
  @Answers(200, Lamp)
  get(@Param('id', { schema: LampId }) id: string) {
    return { ...lamp, id, secret: 'canary' };
  }

  @Put(':name')
  @Answers(200, Lamp)
  put(@Param('name', { schema: LampName }) name: string, @IfMatch() expected: Precondition) {
    expected.check(lamp.revision);
    return { ...lamp, name };
  }
}
let made = 0;

/** What goes wrong behind the edge, by name. */
@Controller('v1/trouble')
@Scope('orders:read')
export class TroubleController {
  constructor(private readonly idempotency: Idempotency) {}

  @Get('refused/:code')
  refuse(@Param('code') code: RefusalCode) {
    throw new Refusal(code, 'No.', { amount: 10001, param: '/amount' });
  }
  @Get('broken')
  break() {
    throw new Error('canary: the password is hunter2');
  }
  @Get('unavailable')
  unavailable() {
    throw new EventStoreUnavailable('disk full');
  }
  @Get('unfit')
  @Answers(200, Lamp)
  unfit() {
    return { id: 7 };
  }
  @Get('file')
  @Answers(200, Lamp)
  @Answers(200, null, 'The same on paper.', 'application/pdf')
  file() {
    return new StreamableFile(Buffer.from('%PDF'), { type: 'application/pdf' });
  }
  @Post('declined')
  @Answers(201, Lamp)
  decline(@IdempotencyKey() call: IdempotentCall) {
    return this.idempotency.once(
      call,
      () => `pay_${++made}`,
      () => Promise.reject(new Refusal('card_declined', 'The card was declined.')),
    );
  }
}

@Controller()
@Public()
export class OpenController {
  @Post('v1/webhooks/stripe/:store')
  @RawBody()
  hook(@Body() bytes: Buffer) {
    return { bytes: bytes.toString('hex') };
  }
  @Post('pay/:token')
  @FormBody()
  pay(@Body() form: Record<string, string>) {
    return form;
  }
  @Get('pay/:token')
  look() {
    return { shown: true };
  }
}

const grants: Record<string, Grant> = {
  qk_test_reader: { actor: { kind: 'api_key', id: 'key_1' }, scopes: ['orders:read'], stores: ['store_1'] },
  qk_test_writer: {
    actor: { kind: 'api_key', id: 'key_2', name: 'Till' },
    scopes: ['orders:read', 'orders:write'],
    stores: 'all',
  },
};

class ByTable extends Authenticator {
  async authenticate(secret: string) {
    return Object.hasOwn(grants, secret) ? grants[secret] : undefined;
  }
}

class TwoStores extends KnownStores {
  async has(store: string) {
    return ['store_1', 'store_2'].includes(store);
  }
}

const owners = new Map<string, Record<string, string>>();
const fakes = [
  { provide: Authenticator, useClass: ByTable },
  { provide: KnownStores, useClass: TwoStores },
  { provide: EventStore, useValue: { head: async () => 1295 } },
  { provide: Subscriptions, useValue: { waitFor: async (at: number) => at <= 1295, status: async () => [] } },
  { provide: Clock, useValue: { now: () => new Date(), sleep: () => new Promise(() => undefined) } },
  {
    provide: Claims,
    useValue: {
      claim: async (_: string, key: string, owner: Record<string, string>) => {
        owners.set(key, owners.get(key) ?? owner);
        return owners.get(key);
      },
    },
  },
];

@Global()
@Module({ providers: fakes, exports: fakes.map(({ provide }) => provide) })
class FakesModule {}

export type Headers = Record<string, string>;
export const json = { 'content-type': 'application/json' };
export const reader = { authorization: 'Bearer qk_test_reader' };
export const writer = { authorization: 'Bearer qk_test_writer', 'quittance-store': 'store_1' };

/** `call` sends a request as a client does; an object becomes JSON, text and bytes go as they are. */
export type Edge = Readonly<{
  app: NestFastifyApplication;
  lines: string[];
  call: ReturnType<typeof callerOf>;
}>;

function callerOf(app: NestFastifyApplication) {
  return async (method: string, url: string, headers: Headers = {}, payload?: unknown) => {
    const object = payload !== undefined && typeof payload !== 'string' && !Buffer.isBuffer(payload);
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers: { ...(object && json), ...headers },
      ...(payload !== undefined && { payload: payload as string }),
    });
    const isJson = answer.headers['content-type']?.toString().includes('json');
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? answer.json() : answer.body };
  };
}

/** The edge with a few routes behind it, as the server runs it. `lines` is its log. */
export function anEdge(
  controllers: Type[] = [LampsController, TroubleController, OpenController],
): Promise<Edge> {
  return edgeOf({ imports: [FakesModule], controllers });
}

/** The edge before any modules. */
export async function edgeOf({ imports = [], controllers = [] }: ModuleMetadata): Promise<Edge> {
  const lines: string[] = [];
  const config = Config.read({ LOG_LEVEL: 'debug' });
  const log = new Log('debug', (line) => lines.push(line));
  const module = Test.createTestingModule({
    imports: [...imports, EdgeModule.with(config, log)],
    controllers,
  });
  const adapter: FastifyAdapter = httpAdapter();
  const app = (await module.compile()).createNestApplication<NestFastifyApplication>(adapter, {
    bodyParser: false,
    logger: log,
  });
  await configureHttp(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, lines, call: callerOf(app) };
}
