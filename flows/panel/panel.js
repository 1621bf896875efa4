// @ts-check
const stage = 'sandbox';

/**
 * What the side bar asks of the hub, as the person who sits at the editor.
 *
 * @param {import('#flows/nodes/node-red-api.d.ts').Red & { httpAdmin: any, auth: any }} RED
 */
export default RED => {
  const { call } = RED.settings.lienthong;

  /** @param {{ user?: { staffId: string, username: string } }} request */
  const by = ({ user }) => ({ actor: `staff/${user?.staffId}`, actorName: user?.username ?? '' });

  /**
   * @param {'get' | 'post'} method @param {string} path @param {'flows.read' | 'flows.write'} permission
   * @param {(given: any, by: { actor: string, actorName: string }) => Promise<unknown>} answer
   */
  const serve = (method, path, permission, answer) =>
    RED.httpAdmin[method](
      `/lienthong/panel/${path}`,
      RED.auth.needsPermission(permission),
      async (/** @type {any} */ request, /** @type {any} */ response) => {
        try {
          response.json((await answer(method === 'get' ? request.query : request.body, by(request))) ?? {});
        } catch (error) {
          const { code = 'internal', message } = /** @type {{ code?: string, message: string }} */ (error);
          response.status(409).json({ code, message });
        }
      },
    );

  serve('get', 'versions', 'flows.read', () => call('flows.list-versions', { limit: 30 }));
  serve('get', 'difference', 'flows.read', ({ from, to, language }) =>
    call('flows.difference', { to: Number(to), ...(from ? { from: Number(from) } : {}), language }),
  );
  serve('post', 'roll-back', 'flows.write', ({ version, reason }, who) =>
    call('flows.roll-back', { stage, version, reason, ...who }),
  );
  serve('post', 'propose', 'flows.write', ({ version, message }, who) =>
    call('flows.propose', { version, message, ...who }),
  );
  serve('get', 'proposals', 'flows.read', () => call('flows.list-proposals', { limit: 20 }));
  serve('post', 'review', 'flows.write', ({ number, approve, comment }, who) =>
    call('flows.review', { number, approve, comment, ...who }),
  );
  serve('post', 'promote', 'flows.write', ({ number }, who) => call('flows.promote', { number, ...who }));

  serve('get', 'cases', 'flows.read', ({ flow }) => call('flows.cases', { flows: [flow] }));
  serve('post', 'run-cases', 'flows.read', ({ flow, contents }) =>
    call('flow-runtime.run-cases', { contents, flows: [flow] }),
  );
  serve('post', 'record-case', 'flows.write', ({ messageId, name }, { actor }) =>
    call('flows.record-case', { messageId, name, actor }),
  );

  serve('get', 'messages', 'flows.read', ({ flow }) =>
    call('flows.recent-messages', { stage, flow, limit: 20 }),
  );
  serve('post', 'replay', 'flows.write', ({ ids }, { actor }) => call('flows.replay', { stage, ids, actor }));
  serve('get', 'runners', 'flows.read', () => call('flow-runtime.show', {}));
  serve('post', 'resume', 'flows.write', ({ flow }) => call('flow-runtime.resume', { flow }));
};
