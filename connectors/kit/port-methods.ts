import type { PortName, Ports } from './ports.ts';

/** What each port consists of. Only these names can be called from outside, whatever a connector has besides. */
export const portMethods: { [P in PortName]: readonly Extract<keyof Ports[P], string>[] } = {
  accounts: ['list', 'get', 'upsert', 'disable'],
  attendance: ['record'],
  calendar: ['list', 'upsert'],
  cases: ['upsert', 'list', 'answer'],
  directives: ['upsert', 'list', 'setProgress'],
  dossiers: ['list', 'proposeExtension'],
  documents: ['issued', 'fetch', 'deliver', 'tell', 'statuses'],
  documentAxis: ['send', 'list', 'fetch', 'acknowledge'],
  hrSource: ['pull'],
  notices: ['send'],
  personnel: ['record'],
  programme: ['upsert', 'list'],
  signer: ['certificates', 'authorise', 'sign', 'status', 'cancel'],
  signingSource: ['fetch', 'putBack'],
  statistics: ['figures'],
  tasks: ['upsert', 'list', 'close'],
};
