import { dirname } from 'node:path';
import { makeConnector, problemWithId } from './make-connector.ts';
import { say } from './say.ts';

/** `npm run connector:new <id>`: a connector and its sandbox app that pass the contract at once. */
const main = (id: string | undefined): number => {
  const root = dirname(dirname(dirname(import.meta.dirname)));
  if (id === undefined) {
    process.stderr.write(`${say('new.usage')}\n`);
    return 2;
  }
  const problem = problemWithId(id, root);
  if (problem !== undefined) {
    process.stderr.write(`✗ ${say(`new.${problem}`, { id })}\n`);
    return 1;
  }
  makeConnector(id, root);
  process.stdout.write(`✓ ${say('new.made', { id })}\n  ${say('new.next', { id })}\n`);
  return 0;
};

process.exitCode = main(process.argv[2]);
