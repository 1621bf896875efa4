import { X509Certificate } from 'node:crypto';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { putAccount, putRoute } from '#hub/signing/route-store.ts';
import { showRequests } from '#hub/signing/show-request.ts';
import { judgeFile } from '#hub/signing/verify/judge-file.ts';
import { makeKey, publicKeyOf } from '#sandbox/authority/open-identity.ts';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import type { Token } from '#sandbox/usb-agent/sign-file.ts';
import type { AgentCall, SigningRequestInput } from '#schemas/signing.ts';
import type { Agreement } from '#schemas/signing-trouble.ts';
import { startEdge } from '#tests/http/start-edge.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { startSigning } from '#tests/signing/start-signing.ts';

export const leaderUid = 'CCCD:046080001234';

/** As `X509Certificate` has it. */
export const serialOf = ({ certificate }: Token): string => new X509Certificate(certificate).serialNumber;

/** The signing part with a route for USB tokens behind real HTTP; the leader and the unit have a token each. */
export const startTokens = async () => {
  const [signing, authority] = await Promise.all([startSigning(), startAuthority()]);
  const { hub, authority: openssl, leader, unitId } = signing;
  const edge = await startEdge({ routes: hub.parts.flatMap(part => part.routes ?? []) });
  const makeToken = async (order: Parameters<RunningAuthority['issue']>[0]): Promise<Token> => {
    const key = await makeKey();
    const certificate = await authority.issue({ publicKey: publicKeyOf(key), ...order });
    return { key, certificate, chain: [authority.issuing] };
  };
  const leaderToken = await makeToken({ subject: { C: 'VN', CN: 'Nguyễn Văn Bình', UID: leaderUid } });
  const sealToken = await makeToken({ subject: { C: 'VN', CN: 'Ủy ban nhân dân tỉnh' }, purpose: 'seal' });
  await hub.call('signing.set-settings', {
    roots: [authority.root, openssl.root].map(der => der.toString('base64')),
    intermediates: [authority.issuing.toString('base64')],
    timeStampUrl: authority.timeStampUrl,
    actor: 'test',
  });
  await putRoute(hub.db, {
    ...{ id: 'usb', name: null, kind: 'agent', connector: null, priority: 10, enabled: true, rules: {} },
  });
  await putAccount(hub.db, 'usb', { staffId: leader }, `uid:${leaderUid}`);
  await putAccount(hub.db, 'usb', { unitId }, `serial:00${serialOf(sealToken)}`);
  let nr = 0;

  const ask = async (input: Partial<SigningRequestInput> = {}, file: Uint8Array = onePage()) => {
    const { id } = await receiveRequest(
      { ...signing.hub.context, workers: sharedWorkers },
      {
        input: {
          ...{ documentId: `VB-${++nr}`, title: 'Tờ trình', fileName: 'to-trinh.pdf' },
          steps: [{ signer: { staffId: signing.leader } }],
          ...input,
        },
        ...{ file, appId: 'document-system', actor: 'client/test' },
      },
    );
    return id;
  };
  const stepFor = async (staffId: string, requestId: string) =>
    (await signing.hub.call('signing.waiting', { staffId })).find(step => step.requestId === requestId)!;
  const show = async (id: string) =>
    (await showRequests(signing.hub.db, await findRequests(signing.hub.db, [id])))[0]!;
  const fileOf = async (id: string) =>
    readFile(signing.hub.db, (await findRequests(signing.hub.db, [id]))[0]!);
  const returned = (id: string) =>
    waitUntil('it is returned', async () => (await show(id)).state === 'returned', { withinMs: 15_000 });
  const here = (address: string) => address.replace('http://localhost', edge.origin);
  const callAgent = async (
    staffId: string,
    requestId: string,
    numbers?: { number: string; date: string },
    agreements: Agreement[] = [],
  ) => {
    const { stepId } = await stepFor(staffId, requestId);
    const given = { agreements, ...(numbers === undefined ? {} : { numbers }) };
    return { stepId, call: await signing.hub.call('signing.call-agent', { staffId, stepId, ...given }) };
  };
  const fetchFile = ({ request }: AgentCall) => fetch(here(request.FileName!));
  const prepared = async (call: AgentCall) => Buffer.from(await (await fetchFile(call)).arrayBuffer());
  const bring = async ({ request }: AgentCall, file: Uint8Array, name = 'uploadfile') => {
    const form = new FormData();
    form.append('SessionId', '');
    form.append('other', new Blob(['x']), 'other.txt');
    form.append(name, new Blob([new Uint8Array(file)], { type: 'application/pdf' }), 'van-ban.pdf');
    const answer = await fetch(here(request.FileUploadHandler!), { method: 'POST', body: form });
    if (answer.status !== 200) throw new Error(`the agent reads no HTTP ${answer.status}`);
    return (await answer.json()) as {
      Status: boolean;
      Message: string;
      Code?: string;
      DocumentNumber: string;
    };
  };
  const judge = async (file: Uint8Array) => judgeFile({ db: signing.hub.db, workers: sharedWorkers }, file);
  return {
    ...{ signing, authority, edge, leaderToken, sealToken, makeToken },
    ...{ ask, stepFor, show, fileOf, returned, callAgent, fetchFile, prepared, bring, judge },
    async stop() {
      await edge.close();
      await signing.stop();
      await authority.stop();
    },
  };
};
export type Tokens = Awaited<ReturnType<typeof startTokens>>;
