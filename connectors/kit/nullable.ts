import { type TSchema, Type } from 'typebox';

/** A field that may be absent or null. */
export const nullable = <T extends TSchema>(shape: T) => Type.Optional(Type.Union([shape, Type.Null()]));
export const nullableText = nullable(Type.String());
