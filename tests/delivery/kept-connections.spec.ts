import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readEgressPolicy } from '#hub/delivery/egress-policy.ts';
import { resolveByDns } from '#hub/delivery/pin-address.ts';
import { createBreaker, createPoster, type Poster } from '#hub/delivery/post.ts';

const done = 'HTTP/1.1 204 No Content\r\n\r\n';

/** What the receiver does with a request: `nr` counts those of this connection, from 1. */
type Answer = (socket: Socket, nr: number) => void;

describe('Connections to receivers that are kept', () => {
  let poster: Poster;
  let answer: Answer;
  /** Bodies as they came, over all connections. */
  let came: string[];
  const server = createServer(socket => {
    let nr = 0;
    socket.on('error', () => {});
    socket.on('data', part => {
      const body = /\r\n\r\n(\w+)$/.exec(part.toString())?.[1];
      if (body === undefined) return;
      came.push(body);
      answer(socket, ++nr);
    });
  });
  const post = async (body: string, host = '127.0.0.1') => {
    const { port } = server.address() as AddressInfo;
    const target = poster.target(`http://${host}:${port}/`);
    const { status, failure } = await poster.post(target, {}, Buffer.from(body), createBreaker());
    return status ?? failure;
  };

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());
  beforeEach(() => {
    came = [];
    poster = createPoster(readEgressPolicy(['loopback']), resolveByDns, { timeout: 5000 });
  });
  afterEach(() => poster.stop());

  /** Answers all, but the first request that comes on a connection which has served before: that befalls `loss`. */
  const loseOneKept = (loss: (socket: Socket) => void): void => {
    let lost = false;
    answer = (socket, nr) => {
      if (nr === 1 || lost) return void socket.write(done);
      lost = true;
      loss(socket);
    };
  };
  const bodies = ['one', 'two', 'three', 'four', 'five'];
  const postAll = async () => {
    const answers: unknown[] = [];
    for (const body of bodies) answers.push(await post(body));
    return answers;
  };

  for (const [words, loss] of [
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['ends', (socket: Socket) => socket.end()],
  ] as const)
    it(`are given up for another when the receiver ${words} an old one: what was under way goes again`, async () => {
      loseOneKept(loss);
      assert.deepEqual(
        await postAll(),
        bodies.map(() => 204),
      );
      assert.deepEqual([...new Set(came)], bodies);
      assert.equal(came.length, bodies.length + 1);
    });

  it('send nothing twice when a new one is lost, or an old one after it has begun to answer', async () => {
    answer = socket => socket.resetAndDestroy();
    assert.equal(await post('zero'), 'broken-answer');
    answer = socket => socket.end('HTTP/1.1 20');
    assert.equal(await post('half'), 'broken-answer');
    loseOneKept(socket => socket.end('HTTP/1.1 20'));
    assert.equal((await postAll()).filter(answered => answered === 'broken-answer').length, 1);
    assert.deepEqual(came, ['zero', 'half', ...bodies]);
  });

  it('are not held by a receiver that begins with 100 unasked: that is no answer, once', async () => {
    answer = socket => socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    assert.equal(await post('one'), 'broken-answer');
    assert.deepEqual(came, ['one']);
  });

  it('lead to the address that was judged, however often the name changes; a new one is judged anew', async () => {
    const resolved: string[] = [];
    // A name that leads to a good address once, and to an inner one when it is asked again.
    const rebinding = async (host: string) => {
      resolved.push(host);
      return [{ address: resolved.length === 1 ? '127.0.0.1' : '10.0.0.7', family: 4 }];
    };
    poster.stop();
    poster = createPoster(readEgressPolicy(['127.0.0.1/32']), rebinding, { timeout: 30_000 });
    answer = socket => socket.write(done);
    const postByName = async (body: string) => {
      // A connection is free again when the turn of its answer is over.
      await nextTurn();
      return post(body, 'rebinding.example');
    };
    for (const body of bodies) assert.equal(await postByName(body), 204);
    assert.deepEqual(resolved, ['rebinding.example']);
    answer = socket => socket.end();
    assert.equal(await postByName('six'), 'address-not-allowed');
    assert.deepEqual(resolved, ['rebinding.example', 'rebinding.example']);
  });
});
