import type { Numbers } from '#hub/signing/file-jobs.ts';
import type { AgentCall } from '#schemas/signing.ts';

/** Where the agent fetches a file, and where it brings it back; the tokens are the right to it. */
export const agentPaths = {
  file: '/api/v1/signing/agent/files/{token}/van-ban.pdf',
  upload: '/api/v1/signing/agent/uploads/{token}',
};

/**
 * The call of the agent of the Government's certificate authority (VGCA): `SignApproved` for a signature, `SignIssued` when
 * the agent itself is to put number and date. It fetches `FileName` and brings the signed file to `FileUploadHandler`.
 * `SessionId` and `JWTToken` stay empty: the agent would hand them on to whatever address it is given.
 */
export const agentCall = (
  { origin, agent }: { origin: string; agent: string },
  { fetchToken, bringToken }: { fetchToken: string; bringToken: string },
  issue?: Numbers,
): Omit<AgentCall, 'expiresAt'> => ({
  socket: `${agent}/${issue === undefined ? 'SignApproved' : 'SignIssued'}`,
  request: {
    FileUploadHandler: origin + agentPaths.upload.replace('{token}', bringToken),
    SessionId: '',
    JWTToken: '',
    FileName: origin + agentPaths.file.replace('{token}', fetchToken),
    ...(issue === undefined ? {} : { DocNumber: issue.number, IssuedDate: `${issue.date}T00:00:00+07:00` }),
  },
});
