import { AppError } from '#hub/platform/errors.ts';
import createSigningRates from '#hub/signing-rates/signing-rates.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { readUnits } from '#sandbox/province/units.ts';
import type { IssuedDocument, SigningRates } from '#schemas/signing-rates.ts';
import { bearer, type Problem, startEdge } from '#tests/http/start-edge.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const levels: Record<string, 'province' | 'agency' | 'district' | 'commune'> = {
  tinh: 'province',
  so: 'agency',
  huyen: 'district',
  xa: 'commune',
};

export interface RatesHub {
  hub: TestHub;
  /** As the app `vb` unless another is named. */
  report(documents: IssuedDocument[], app?: string): Promise<Response>;
  read(query?: string): Promise<SigningRates>;
  /** An answer as it comes, in `language`. */
  get(path: string, token?: string, language?: string): Promise<Response>;
  problemOf(answer: Response): Promise<Problem>;
  stop(): Promise<void>;
}

/** The rates over HTTP, with the province's agencies, districts and communes. A token is the name of an app. */
export const startRates = async (): Promise<RatesHub> => {
  const hub = await createTestHub([createUnits, createSigningRates]);
  const units = readUnits().filter(({ level }) => levels[level] !== undefined);
  await hub.call('units.load', {
    units: units.map(({ code, name, level, parentCode, code2016 }) => ({
      ...{ code, name, level: levels[level]! },
      ...(parentCode === null ? {} : { parentCode }),
      ...(code2016 === undefined ? {} : { code2016 }),
    })),
    ...{ source: 'test', actor: 'test' },
  });
  const edge = await startEdge({
    routes: hub.parts.flatMap(part => part.routes ?? []),
    authenticate: async token => {
      if (token === '') throw new AppError('unauthenticated');
      const scope = token === 'reader' ? 'hr.read' : token === 'boss' ? 'admin' : 'signing.request';
      return { clientId: `${token}-1`, appId: token, scopes: [scope] };
    },
  });
  const get: RatesHub['get'] = (path, token = 'vb', language = 'vi') =>
    fetch(edge.origin + path, { headers: { ...bearer(token), 'accept-language': language } });
  return {
    ...{ hub, get },
    report: (documents, app = 'vb') =>
      fetch(`${edge.origin}/api/v1/signing/rates/documents`, {
        method: 'POST',
        headers: { ...bearer(app), 'content-type': 'application/json' },
        body: JSON.stringify({ documents }),
      }),
    async read(query = '') {
      const answer = await get(`/api/v1/signing/rates${query}`);
      if (answer.status !== 200) throw new Error(await answer.text());
      return (await answer.json()) as SigningRates;
    },
    problemOf: async answer => (await answer.json()) as Problem,
    async stop() {
      await edge.close();
      await hub.stop();
    },
  };
};
