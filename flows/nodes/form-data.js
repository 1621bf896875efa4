// @ts-check
/** How many units a search offers. */
const mostUnits = 20;

/**
 * What the forms of our nodes offer to choose from, asked of the hub by the editor's process. Whoever may read flows may read it.
 *
 * @param {import('#flows/nodes/node-red-api.d.ts').Red} RED
 */
export default RED => {
  // A runner draws no forms.
  if (RED.settings.disableEditor) return;
  const { call } = RED.settings.lienthong;

  /** @param {string} path @param {(query: Record<string, string>) => Promise<unknown>} ask */
  const offer = (path, ask) =>
    RED.httpAdmin.get(
      `/lienthong/${path}`,
      RED.auth.needsPermission('flows.read'),
      async (request, response) => {
        try {
          response.json(await ask(request.query));
        } catch (error) {
          const { code = 'internal', message } = /** @type {{ code?: string, message: string }} */ (error);
          response.status(502).json({ code, message });
        }
      },
    );

  /** @param {string} id @returns {Promise<{ id: string, name: string, code: string, parentId?: string } | undefined>} */
  const unitOf = async id => (await call('flows.find-unit', { by: 'id', value: id }).catch(() => []))[0];

  /** Units whose name or code has the words; two of one name are told apart by what they are under. @param {string} words */
  const findUnits = async words => {
    const found = (await call('flows.find-unit', { by: 'name', value: words })).slice(0, mostUnits);
    return Promise.all(
      found.map(
        async (/** @type {{ id: string, code: string, name: string, parentId?: string }} */ unit) => ({
          id: unit.id,
          code: unit.code,
          name: unit.name,
          parent: unit.parentId && (await unitOf(unit.parentId))?.name,
        }),
      ),
    );
  };

  offer('events', () => call('flows.describe-events', {}));
  offer('apps', () => call('flows.describe-apps', {}));
  offer('operations', () => call('flows.describe-api', {}));
  offer('units', async ({ id, q }) => {
    if (id) return [await unitOf(id)].flatMap(unit => (unit ? [{ id: unit.id, name: unit.name }] : []));
    return q ? findUnits(q) : [];
  });
};
