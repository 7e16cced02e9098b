import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { anEdge, type Edge, json, reader } from '../../../../test/support/an-edge.js';
import { Public, Scope } from './access.js';
import { type Lane, ROOM } from './lanes.js';
import { Metrics } from './metrics.js';
import { AsksStripe, FormBody, RawBody } from './server.js';

/** Calls come in and wait until they are let go. */
class Gate {
  waiting = 0;
  #open = Promise.withResolvers<void>();

  async pass(): Promise<object> {
    this.waiting += 1;
    await this.#open.promise;
    this.waiting -= 1;
    return {};
  }

  letGo(): void {
    this.#open.resolve();
    this.#open = Promise.withResolvers();
  }
}
const gate = new Gate();

/** One route of each lane. */
@Controller()
class HeldController {
  @Get('v1/reads')
  @Scope('orders:read')
  read() {
    return gate.pass();
  }
  @Post('v1/writes')
  @Scope('orders:read')
  write(@Body() body: Readonly<{ fails?: boolean }> | undefined) {
    if (body?.fails) throw new Error('canary');
    return gate.pass();
  }
  @Post('v1/charges')
  @AsksStripe()
  @Scope('orders:read')
  charge() {
    return gate.pass();
  }
  @Post('v1/webhooks')
  @RawBody()
  @Public()
  hook() {
    return gate.pass();
  }
  @Post('pay/:token')
  @FormBody()
  @Public()
  pay() {
    return gate.pass();
  }
}

const calls: Readonly<Record<Lane, readonly [method: string, path: string]>> = {
  read: ['GET', '/v1/reads'],
  write: ['POST', '/v1/writes'],
  stripe: ['POST', '/v1/charges'],
  webhook: ['POST', '/v1/webhooks'],
  page: ['POST', '/pay/token'],
};
const lanes = Object.keys(calls) as Lane[];

let edge: Edge;
let port: number;
beforeAll(async () => {
  edge = await anEdge([HeldController]);
  await edge.app.listen(0, '127.0.0.1');
  port = Number(new URL(await edge.app.getUrl()).port);
});
afterEach(async () => {
  gate.letGo();
  await until(() => gate.waiting === 0);
});
afterAll(() => edge.app.close());

const ask = (lane: Lane, body?: object) => edge.call(...calls[lane], reader, body);

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** As many calls as the lane has room for, all of them under way. */
async function fill(lane: Lane) {
  const before = gate.waiting;
  const answers = Promise.all(Array.from({ length: ROOM[lane] }, () => ask(lane)));
  await until(() => gate.waiting === before + ROOM[lane]);
  return { answers };
}

async function measured(name: string, lane: Lane): Promise<number> {
  const text = await edge.app.get(Metrics).registry.metrics();
  return Number(new RegExp(`^${name}{lane="${lane}"} (\\d+)$`, 'm').exec(text)?.[1]);
}
const underWay = (lane: Lane) => measured('quittance_http_requests_under_way', lane);
const shed = (lane: Lane) => measured('quittance_http_requests_shed_total', lane);

describe.each(lanes)('a lane that is full: %s', (lane) => {
  test('sheds what comes, and every other lane goes on', async () => {
    const shedBefore = await shed(lane);
    const { answers } = await fill(lane);
    const refused = await ask(lane);
    expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([503, 'overloaded', true]);
    expect(refused.headers['retry-after']).toBe('1');
    const others = lanes.filter((other) => other !== lane);
    const passing = Promise.all(others.map((other) => ask(other)));
    await until(() => gate.waiting === ROOM[lane] + others.length);
    expect((await edge.call('GET', '/health/live')).status).toBe(200);
    expect((await edge.call('GET', '/metrics')).status).toBe(200);
    expect([await underWay(lane), await shed(lane)]).toEqual([ROOM[lane], shedBefore + 1]);
    gate.letGo();
    for (const { status } of [...(await answers), ...(await passing)]) expect(status).toBeLessThan(300);
  });

  test('has all its room again when its calls are answered', async () => {
    for (let round = 0; round < 2; round++) {
      const { answers } = await fill(lane);
      gate.letGo();
      expect(new Set((await answers).map(({ status }) => status < 300))).toEqual(new Set([true]));
      expect(await underWay(lane)).toBe(0);
    }
  });
});

describe('a call', () => {
  test('that is refused or fails leaves its place', async () => {
    const shedBefore = await shed('write');
    const notLetIn = () => edge.call('POST', '/v1/writes', {});
    const bad = () => edge.call('POST', '/v1/writes', { ...reader, ...json }, '{');
    for (let n = 0; n <= ROOM.write; n++) {
      expect((await notLetIn()).status).toBe(401);
      expect((await bad()).status).toBe(400);
      expect((await ask('write', { fails: true })).status).toBe(500);
    }
    expect([await underWay('write'), await shed('write')]).toEqual([0, shedBefore]);
  });

  const head = (length: number) =>
    `POST /v1/writes HTTP/1.1\r\nhost: a\r\nauthorization: ${reader.authorization}\r\n` +
    `content-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

  test('that is still being sent takes no place', async () => {
    const slow = Array.from({ length: ROOM.write }, () => connect(port, '127.0.0.1'));
    for (const socket of slow) socket.write(head(10));
    await Promise.all(slow.map((socket) => new Promise((sent) => socket.write('{', sent))));
    const { answers } = await fill('write');
    gate.letGo();
    expect((await answers).every(({ status }) => status === 201)).toBe(true);
    for (const socket of slow) socket.destroy();
  });

  test('whose caller hangs up keeps its place until its work is done', async () => {
    const callers = Array.from({ length: ROOM.write }, () => connect(port, '127.0.0.1'));
    for (const socket of callers) socket.write(`${head(2)}{}`);
    await until(() => gate.waiting === ROOM.write);
    for (const socket of callers) socket.destroy();
    await Promise.all(callers.map((socket) => new Promise((closed) => socket.once('close', closed))));
    expect((await ask('write')).status).toBe(503);
    gate.letGo();
    await until(async () => (await underWay('write')) === 0);
    const { answers } = await fill('write');
    gate.letGo();
    expect((await answers).every(({ status }) => status === 201)).toBe(true);
  });
});
