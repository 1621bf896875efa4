/** What the page sends to the signing agent on the person's own computer, and where to. */
export interface AgentCall {
  /** The agent listens here, with a certificate that its installer made known to the browser. */
  socket: string;
  /** JSON of the one message that begins the signing. */
  request: Record<string, string>;
}

const agent = 'wss://127.0.0.1:8987';

/**
 * The call of the agent of the Government's certificate authority (VGCA): `SignApproved` for a leader; `SignIssued` for the
 * clerk, who gives number and date with the seal. The agent fetches `FileName` and brings the signed file to
 * `FileUploadHandler`; both addresses work once. `SessionId` and `JWTToken` stay empty: the agent would hand them on to
 * whatever address it is given.
 */
export const agentCall = (
  origin: string,
  { fetchToken, bringToken }: { fetchToken: string; bringToken: string },
  issue?: { number: string; date: string },
): AgentCall => ({
  socket: `${agent}/${issue === undefined ? 'SignApproved' : 'SignIssued'}`,
  request: {
    FileUploadHandler: `${origin}/api/v1/signing/agent/uploads/${bringToken}`,
    SessionId: '',
    JWTToken: '',
    FileName: `${origin}/api/v1/signing/agent/files/${fetchToken}`,
    ...(issue === undefined ? {} : { DocNumber: issue.number, IssuedDate: `${issue.date}T00:00:00+07:00` }),
  },
});
