import type { CreatePart } from '#hub/platform/part.ts';
import type { Repeater } from '#hub/platform/repeat.ts';
import { followReturned } from './follow-returned.ts';
import { ratesRoutes } from './rates.routes.ts';

/** Which share of the issued documents is signed, by unit and period. */
const createSigningRates: CreatePart = context => {
  let follower: Repeater | undefined;
  return {
    name: 'signing-rates',
    actions: {},
    routes: ratesRoutes(context),
    async start() {
      follower = followReturned(context);
    },
    async stop() {
      await follower?.stop();
    },
  };
};

export default createSigningRates;
