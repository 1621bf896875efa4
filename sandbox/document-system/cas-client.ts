import { XMLParser } from 'fast-xml-parser';
import { child, textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';

/** Who signed in, as the hub told. */
export interface CasUser {
  username: string;
  name: string | undefined;
  unitName: string | undefined;
}

const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, htmlEntities: true });

/** Where the hub signs people in for this app. */
export const casLoginUrl = (hubOrigin: string, service: string): string =>
  `${hubOrigin}/cas/login?${new URLSearchParams({ service })}`;

/** Asks the hub whose a ticket is; undefined: nobody's. */
export const validateTicket = async (
  hubOrigin: string,
  service: string,
  ticket: string,
): Promise<CasUser | undefined> => {
  const answer = await fetch(
    `${hubOrigin}/cas/p3/serviceValidate?${new URLSearchParams({ service, ticket })}`,
    {
      signal: AbortSignal.timeout(10_000),
    },
  );
  const response = child(parser.parse(await answer.text()) as XmlNode, 'serviceResponse');
  const success = child(response, 'authenticationSuccess');
  const username = textOf(success, 'user');
  if (!username) return undefined;
  const attributes = child(success, 'attributes');
  return { username, name: textOf(attributes, 'name'), unitName: textOf(attributes, 'unit_name') };
};

/** The ticket whose session the hub says is over; undefined when a posted form says no such thing. */
export const readLogout = (body: string): string | undefined => {
  const request = new URLSearchParams(body).get('logoutRequest');
  if (request === null || request.includes('<!DOCTYPE')) return undefined;
  return textOf(child(parser.parse(request) as XmlNode, 'LogoutRequest'), 'SessionIndex');
};
