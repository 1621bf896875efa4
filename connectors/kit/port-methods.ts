import type { PortName, Ports } from './ports.ts';

/** What each port consists of. Only these names can be called from outside, whatever a connector has besides. */
export const portMethods: { [P in PortName]: readonly Extract<keyof Ports[P], string>[] } = {
  accounts: ['list', 'get', 'upsert', 'disable'],
  documents: ['issued', 'fetch', 'deliver', 'tell', 'statuses'],
  documentAxis: ['send', 'list', 'fetch', 'acknowledge'],
  hrSource: ['pull'],
  notices: ['send'],
  signer: ['certificates', 'authorise', 'sign', 'status', 'cancel'],
  signingSource: ['fetch', 'putBack'],
};
