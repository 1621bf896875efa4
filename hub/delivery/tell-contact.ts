import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { ServedSubscription } from './lease-store.ts';

/**
 * A mail to whoever answers for a subscription that was disabled, if some connector sends notices. At best: that it
 * was disabled stands in the trail and at the subscription. Never rejects.
 */
export const tellContact = async (
  { call, log }: Pick<PartContext, 'call' | 'log'>,
  { id, app, url, contact }: Pick<ServedSubscription, 'id' | 'app' | 'url' | 'contact'>,
  reason: 'gone' | 'failing',
): Promise<void> => {
  if (contact === null) return;
  try {
    const sender = (await call('connectors.list', {})).find(({ ports }) => ports.includes('notices'));
    if (sender === undefined) return;
    const words = { app, url: new URL(url).origin, subscription: id };
    const answer = await call('connectors.invoke', {
      id: sender.id,
      port: 'notices',
      method: 'send',
      input: [
        {
          id: `subscription-disabled-${id}-${reason}`,
          to: [contact],
          subject: say('vi', 'delivery.disabled-subject', words),
          text: `${say('vi', `delivery.disabled-${reason}`, words)}\n\n${say('en', `delivery.disabled-${reason}`, words)}`,
        },
      ],
    });
    if (!answer.ok)
      log.warn({ subscription: id, code: answer.code }, 'the contact of a subscription was not told');
  } catch (error) {
    log.warn({ err: error, subscription: id }, 'the contact of a subscription was not told');
  }
};
