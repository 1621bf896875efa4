/** What changes how a person proves who they are needs a proof no older than this, in seconds. */
export const freshSeconds = 300;
/** A page for setting up a factor was drawn for a fresh proof; to set up an app takes a while. */
export const setUpSeconds = 900;

/** Whether a proof, at a time in seconds since 1970, is that fresh. */
export const isFresh = (provenAt: number, seconds = freshSeconds): boolean =>
  Date.now() / 1000 - provenAt <= seconds;
