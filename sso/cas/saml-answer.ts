import { randomUUID } from 'node:crypto';
import { XMLBuilder } from 'fast-xml-parser';
import { attributesOf } from '#sso/cas/attributes-of.ts';
import type { Validated } from '#sso/cas/validate-ticket.ts';
import { xmlText } from '#sso/cas/xml-text.ts';

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
/** How long an app may take an assertion for true: it asked just now. */
const goodMs = 30_000;
/** A name as XML must have it (`xs:ID`: no digit in front). */
const newId = (): string => `_${randomUUID()}`;

const envelope = (service: string, status: object, assertion: object = {}): string =>
  builder.build({
    'SOAP-ENV:Envelope': {
      '@xmlns:SOAP-ENV': 'http://schemas.xmlsoap.org/soap/envelope/',
      'SOAP-ENV:Body': {
        'samlp:Response': {
          '@xmlns:samlp': 'urn:oasis:names:tc:SAML:1.0:protocol',
          '@ResponseID': newId(),
          '@MajorVersion': '1',
          '@MinorVersion': '1',
          '@IssueInstant': new Date().toISOString(),
          '@Recipient': service,
          'samlp:Status': status,
          ...assertion,
        },
      },
    },
  });

/** A SAML 1.1 response that says whose a ticket is, in a SOAP 1.1 envelope. */
export const samlSuccess = (issuer: string, validated: Validated): string => {
  const { staff, ticket } = validated;
  const now = Date.now();
  const subject = {
    'saml:NameIdentifier': staff.username,
    'saml:SubjectConfirmation': { 'saml:ConfirmationMethod': 'urn:oasis:names:tc:SAML:1.0:cm:artifact' },
  };
  return envelope(
    ticket.service,
    { 'samlp:StatusCode': { '@Value': 'samlp:Success' } },
    {
      'saml:Assertion': {
        '@xmlns:saml': 'urn:oasis:names:tc:SAML:1.0:assertion',
        '@MajorVersion': '1',
        '@MinorVersion': '1',
        '@AssertionID': newId(),
        '@Issuer': issuer,
        '@IssueInstant': new Date(now).toISOString(),
        'saml:Conditions': {
          '@NotBefore': new Date(now - goodMs).toISOString(),
          '@NotOnOrAfter': new Date(now + goodMs).toISOString(),
          'saml:AudienceRestrictionCondition': { 'saml:Audience': ticket.service },
        },
        'saml:AuthenticationStatement': {
          '@AuthenticationInstant': ticket.authTime.toISOString(),
          '@AuthenticationMethod': 'urn:oasis:names:tc:SAML:1.0:am:unspecified',
          'saml:Subject': subject,
        },
        'saml:AttributeStatement': {
          'saml:Subject': subject,
          'saml:Attribute': Object.entries(attributesOf(validated)).map(([name, value]) => ({
            '@AttributeName': name,
            '@AttributeNamespace': 'http://www.ja-sig.org/products/cas/',
            'saml:AttributeValue': xmlText(value),
          })),
        },
      },
    },
  );
};

/** The same for a ticket that was not taken. */
export const samlFailure = (service: string, words: string): string =>
  envelope(xmlText(service), {
    'samlp:StatusCode': { '@Value': 'samlp:RequestDenied' },
    'samlp:StatusMessage': words,
  });
