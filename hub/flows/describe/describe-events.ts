import { say } from '#hub/platform/messages.ts';
import { eventNames } from '#schemas/event.ts';
import type { FlowEventType } from '#schemas/flow-forms.ts';

/** Every type of event with its title. */
export const describeEvents = (): FlowEventType[] =>
  eventNames.map(name => ({
    name,
    title: { vi: say('vi', `events.${name}`), en: say('en', `events.${name}`) },
  }));
