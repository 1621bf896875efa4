import { Type } from 'typebox';

const Text = Type.String({ maxLength: 2000 });
const Hashes = Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 1000 });
const hashes = {
  hashes: Type.Optional(Hashes),
  hashAlgorithmOID: Type.Optional(Text),
  hash: Type.Optional(Hashes),
  hashAlgo: Type.Optional(Text),
};
const info = {
  certificates: Type.Optional(Type.Enum(['none', 'single', 'chain'])),
  certInfo: Type.Optional(Type.Boolean()),
  authInfo: Type.Optional(Type.Boolean()),
};

/** Bodies of the CSC API (2.0 §11). What the API has beside this is not read. */
export const ListBody = Type.Object({
  userID: Type.Optional(Text),
  credentialInfo: Type.Optional(Type.Boolean()),
  ...info,
  onlyValid: Type.Optional(Type.Boolean()),
  maxResults: Type.Optional(Type.Integer({ minimum: 1 })),
  pageToken: Type.Optional(Type.String({ pattern: '^\\d{1,6}$' })),
});

export const InfoBody = Type.Object({ credentialID: Text, ...info });

export const AuthorizeBody = Type.Object({
  credentialID: Text,
  numSignatures: Type.Integer({ minimum: 1 }),
  ...hashes,
  authData: Type.Optional(
    Type.Array(Type.Object({ id: Text, value: Type.Optional(Text) }), { maxItems: 10 }),
  ),
  PIN: Type.Optional(Type.String({ maxLength: 64 })),
  OTP: Type.Optional(Type.String({ maxLength: 64 })),
});

/** How one document is signed, whether it is sent or only its digest. */
const ades = {
  signature_format: Type.Enum(['P', 'C', 'X', 'J']),
  conformance_level: Type.Optional(Text),
  signed_envelope_property: Type.Optional(Text),
  signAlgo: Text,
  signed_props: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 100 })),
};

/** The most documents of one `signatures/signDoc`; of digests there may be as many as of hashes. */
const maxDocuments = 100;

export const SignDocBody = Type.Object({
  credentialID: Text,
  SAD: Type.String({ maxLength: 200 }),
  documents: Type.Optional(
    Type.Array(Type.Object({ document: Type.String({ minLength: 1 }), ...ades }), {
      minItems: 1,
      maxItems: maxDocuments,
    }),
  ),
  documentDigests: Type.Optional(
    Type.Array(Type.Object({ hashes: Hashes, hashAlgorithmOID: Type.Optional(Text), ...ades }), {
      minItems: 1,
      maxItems: maxDocuments,
    }),
  ),
  operationMode: Type.Optional(Text),
  returnValidationInfo: Type.Optional(Type.Boolean()),
});

export const TimestampBody = Type.Object({
  hash: Type.String({ maxLength: 100 }),
  hashAlgo: Text,
  nonce: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]{1,64}$', description: 'a number, hex' })),
});

export const SignHashBody = Type.Object({
  credentialID: Text,
  SAD: Type.String({ maxLength: 200 }),
  ...hashes,
  signAlgo: Text,
  operationMode: Type.Optional(Text),
});
