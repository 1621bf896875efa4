/** Placeholder until the real one. */
export const requestTimeStamp = async (_: {
  imprint: Uint8Array;
  post: (request: Buffer) => Promise<Buffer>;
}): Promise<{ token: Buffer }> => {
  throw new Error('not yet');
};
