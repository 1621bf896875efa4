import type { Part } from '#hub/platform/part.ts';
import { createSigningWith } from '#hub/signing/signing.service.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import { playAuthority } from '#tests/signing/played-authority.ts';
import { playKeyService } from '#tests/signing/played-key-service.ts';
import type { PlayedOutside } from '#tests/signing/played-outside.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

export interface SigningHub {
  hub: TestHub;
  authority: ReturnType<typeof playAuthority>;
  keys: ReturnType<typeof playKeyService>;
  /** A unit, with a leader and a clerk who work there; each has a key, and so has the unit. */
  unitId: string;
  leader: string;
  clerk: string;
  /** Files that apps were given back. */
  putBack: Record<string, unknown>[];
  stop(): Promise<void>;
}

/** The signing part on a real database, with a played key service and app. */
export const startSigning = async (
  options: { databaseUrl?: string; outside?: PlayedOutside['invoke'] } = {},
): Promise<SigningHub> => {
  const authority = playAuthority();
  const keys = playKeyService(authority.root);
  const putBack: Record<string, unknown>[] = [];
  let clerk = '';
  const played: Part = {
    name: 'played',
    actions: {
      'sso.roles': async ({ staffId }) => (staffId === clerk ? ['clerk'] : []),
      'apps.get': async ({ id }) => ({ id, connector: 'document-system' }) as never,
      'apps.list': async () => [],
      'connectors.invoke': async ({ port, method, input }) => {
        if (port === 'signer') return options.outside!(method, input[0] as never);
        const file = input[0] as Record<string, unknown>;
        if (file.documentId === 'VB-da-xoa')
          return { ok: false as const, code: 'not-found', message: 'gone', retryable: false, durationMs: 1 };
        putBack.push(file);
        return { ok: true as const, result: undefined, durationMs: 1 };
      },
    },
  };
  const hub = await createTestHub([createUnits, createStaff, createSigningWith(sharedWorkers)], {
    stubs: [keys.part, played],
    ...options,
  });
  await hub.call('units.load', {
    units: readAdministrativeUnits().slice(0, 3),
    source: 'test',
    actor: 'test',
  });
  const [unit] = await hub.call('units.list', {});
  const hire = async (code: string, name: string): Promise<string> => {
    const [outcome] = await hub.call('staff.apply', {
      changes: [
        {
          origin: code,
          record: { name, code, mainPosition: { unit: unit!.code, title: 'Chuyên viên' } },
          mainUnitId: unit!.id,
        },
      ],
      source: 'test',
      actor: 'test',
    });
    return outcome!.staffId!;
  };
  const leader = await hire('000001', 'Nguyễn Văn Bình');
  clerk = await hire('000002', 'Trần Thị Hoà');
  keys.give(leader, authority.issue('Nguyễn Văn Bình'));
  keys.give(clerk, authority.issue('Trần Thị Hoà'));
  keys.give(unit!.id, authority.issue('Ủy ban nhân dân tỉnh'));
  return {
    ...{ hub, authority, keys, unitId: unit!.id, leader, clerk, putBack },
    async stop() {
      await hub.stop();
      authority.stop();
    },
  };
};
