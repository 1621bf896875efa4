import type { IncomingMessage } from 'node:http';
import { cameByInternetDoor } from '#hub/platform/http/internet-door.ts';
import type { Handed } from '#hub/platform/http/mount.ts';
import type { Call } from '#schemas/calls.ts';
import { flowRightOf } from '#schemas/sign-on.ts';

/** Who is at the editor. */
export interface EditorVisitor {
  staffId: string;
  name: string;
  /** Absent: the person's roles open no editor. */
  right?: 'write' | 'read';
}

/** Asks the sign-on who sits at a browser, with the roles of this moment; undefined: nobody who is signed in. */
export const readVisitor = async (
  call: Call,
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  { address }: Pick<Handed, 'address'>,
): Promise<EditorVisitor | undefined> => {
  const person = await call('sso.browser-session', {
    cookie: request.headers.cookie ?? '',
    from: {
      internetDoor: cameByInternetDoor(request),
      peer: request.socket.remoteAddress ?? '',
      address,
    },
  });
  if (person === undefined) return undefined;
  const { staffId, name, roles } = person;
  const right = flowRightOf(roles);
  return { staffId, name, ...(right === undefined ? {} : { right }) };
};
