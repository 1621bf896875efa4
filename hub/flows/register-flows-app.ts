import { flowsApp } from '#hub/flows/messages/show-to-flows.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';

const dayMs = 86_400_000;

/** What flows need to know of people to name and reach them; the IT centre widens or narrows it like any app's. */
const attributes = ['code', 'name', 'username', 'email', 'title', 'unitId'];

/**
 * Registers flows as an app of their own, once: what they may see of people is an entitlement with its purpose. Another node may
 * play the part that keeps apps and start later: until then no event is theirs to see, and they go on from their place.
 */
export const registerFlowsApp = ({ call, log }: Pick<PartContext, 'call' | 'log'>): Repeater =>
  repeat(log, 'the app of flows', async () => {
    await register(call);
    return dayMs;
  });

const register = async (call: PartContext['call']): Promise<void> => {
  const apps = await call('apps.list', {});
  if (apps.some(({ id }) => id === flowsApp)) return;
  await call('apps.put', {
    app: {
      id: flowsApp,
      name: 'Luồng tích hợp',
      owner: 'Trung tâm Công nghệ thông tin',
      enabled: true,
      entitlement: { purpose: 'Chuyển thông tin giữa các ứng dụng của tỉnh theo luồng đã duyệt', attributes },
    },
    actor: 'system',
  });
};
