import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ServedSubscription } from './lease-store.ts';

/**
 * A mail to whoever answers for a subscription that was disabled, by the first app that knows the address. At best: that it
 * was disabled stands in the trail and at the subscription. Never rejects.
 */
export const tellContact = async (
  { call, log }: Pick<PartContext, 'call' | 'log'>,
  { id, app, url, contact }: Pick<ServedSubscription, 'id' | 'app' | 'url' | 'contact'>,
  reason: 'gone' | 'failing',
): Promise<void> => {
  if (contact === null) return;
  try {
    const senders = (await call('connectors.list', {})).filter(({ ports }) => ports.includes('notices'));
    const words = { app, url: new URL(url).origin, subscription: id };
    const notice = {
      id: `subscription-disabled-${id}-${reason}`,
      to: [contact],
      subject: say('vi', 'delivery.disabled-subject', words),
      text: `${say('vi', `delivery.disabled-${reason}`, words)}\n\n${say('en', `delivery.disabled-${reason}`, words)}`,
    };
    // A notice board may not know the address: the next one is tried.
    for (const { id: sender } of senders) {
      const answer = await call('connectors.invoke', {
        id: sender,
        port: 'notices',
        method: 'send',
        input: [notice],
      });
      if (answer.ok && (answer.result as { accepted: string[] }).accepted.length > 0) return;
      if (!answer.ok)
        log.warn({ subscription: id, code: answer.code }, 'the contact of a subscription was not told');
    }
  } catch (error) {
    log.warn({ err: error, subscription: id }, 'the contact of a subscription was not told');
  }
};
