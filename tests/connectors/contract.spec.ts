import assert from 'node:assert/strict';
import { listConnectorIds, readConnectorFolder } from '#connectors/kit/connector-folder.ts';
import { accountsContract } from '#connectors/kit/contract/accounts-contract.ts';
import type { AccountsSubject } from '#connectors/kit/contract/accounts-subject.ts';
import { checksFor } from '#connectors/kit/contract/contract-check.ts';
import { documentsContract } from '#connectors/kit/contract/documents-contract.ts';
import { hrSourceContract } from '#connectors/kit/contract/hr-source-contract.ts';
import { noticesContract } from '#connectors/kit/contract/notices-contract.ts';
import { type SignerSubject, signerContract } from '#connectors/kit/contract/signer-contract.ts';
import { signingSourceContract } from '#connectors/kit/contract/signing-source-contract.ts';
import { makeTestPeople } from '#connectors/kit/contract/test-people.ts';
import type { ConnectorInstance } from '#connectors/kit/define-connector.ts';
import { loadConnector } from '#connectors/kit/load-connector.ts';
import type { AccountsPort } from '#connectors/kit/ports.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';
import { recordTraffic } from '#tests/connectors/record-traffic.ts';
import { signerSubject } from '#tests/connectors/signer-subject.ts';
import { startSandbox } from '#tests/connectors/start-sandbox.ts';

const context = () => ({ signal: AbortSignal.timeout(20_000) });

/** The context is handed in anew with every call. */
const bind = (port: AccountsPort): AccountsSubject['accounts'] => ({
  list: page => port.list(page, context()),
  get: externalId => port.get(externalId, context()),
  upsert: account => port.upsert(account, context()),
  disable: account => port.disable(account, context()),
});

for (const id of listConnectorIds()) {
  describe(`connector ${id} keeps the contract`, () => {
    const { manifest } = readConnectorFolder(id);
    let started: StartedForContract;
    let instance: ConnectorInstance;
    let settings: Record<string, unknown>;

    before(async () => {
      started = await startSandbox(id);
      settings = { ...started.settings, ...started.extraSettings };
      instance = (await loadConnector(id, settings)).instance;
    });
    after(async () => {
      await instance?.close?.();
      await started?.app.stop();
    });

    it('answers a ping', () => instance.ping(context()));

    if (manifest.ports.includes('accounts'))
      describe('accounts', () => {
        let subject: AccountsSubject;
        before(async () => {
          const accounts = bind(instance.ports.accounts!);
          const { items } = await accounts.list({ limit: 100 });
          const people = makeTestPeople(items, manifest.createsAccounts === true);
          subject = { manifest, accounts, people, pageSize: 7 };
        });

        for (const check of checksFor(accountsContract, manifest)) it(check.title, () => check.run(subject));

        it('lists all that the app holds', async () => {
          const state = await fetch(`${started.app.origin}/_state/accounts`);
          const held = (await state.json()) as { externalId: string }[];
          const { items } = await subject.accounts.list({ limit: 500 });
          assert.deepEqual(
            items.map(item => item.externalId).sort(),
            held.map(account => account.externalId).sort(),
          );
        });

        it('never sends an attribute that its manifest does not name', async () => {
          const recorder = await recordTraffic(started.app.origin);
          const replaced = JSON.stringify(settings).replaceAll(started.app.origin, recorder.origin);
          const recorded = (await loadConnector(id, JSON.parse(replaced))).instance;
          try {
            const secret = {
              phone: '0999123456',
              birthDate: '1977-07-07',
              unitCode: 'KhongGuiMaDonVi',
              unitName: 'KhongGuiTenDonVi',
              title: 'KhongGuiChucVu',
              rank: 'KhongGuiNgach',
              coefficient: 1789,
              coefficientFrom: '1978-08-08',
              awards: ['KhongGuiKhenThuong'],
            };
            const { username, code } = subject.people.first;
            await recorded.ports.accounts!.upsert({ ...subject.people.first, ...secret }, context());
            const sent = recorder.sent();
            assert.ok(sent.includes(username) || sent.includes(code), 'the call went through the recorder');
            const marks = Object.entries(secret).filter(
              ([name]) => !manifest.accountAttributes?.includes(name),
            );
            for (const [name, value] of marks)
              for (const spelling of spellings(value))
                assert.ok(!sent.includes(spelling), `${name} was sent as ${spelling}`);
          } finally {
            await recorded.close?.();
            await recorder.stop();
            await subject.accounts.upsert(subject.people.first);
          }
        });
      });

    if (manifest.ports.includes('hrSource'))
      describe('hrSource', () => {
        for (const check of checksFor(hrSourceContract, manifest))
          it(check.title, () =>
            check.run({
              pull: request => instance.ports.hrSource!.pull(request, context()),
              pageSize: 5,
              change: () => started.change!(),
            }),
          );
      });

    if (manifest.ports.includes('signingSource'))
      describe('signingSource', () => {
        const source = () => instance.ports.signingSource!;
        for (const check of checksFor(signingSourceContract, manifest))
          it(check.title, () =>
            check.run({
              fetch: document => source().fetch(document, context()),
              putBack: document => source().putBack(document, context()),
              draft: file =>
                fetch(`${started.app.origin}/_actions`, {
                  method: 'POST',
                  body: JSON.stringify({ action: 'draft', ...file }),
                }),
              async see(id) {
                const answer = await fetch(`${started.app.origin}/_state/documents`);
                const documents = (await answer.json()) as { id: string }[];
                return documents.find(document => document.id === id) as never;
              },
            }),
          );
      });

    if (manifest.ports.includes('documents'))
      describe('documents', () => {
        const documents = () => instance.ports.documents!;
        for (const check of checksFor(documentsContract, manifest))
          it(check.title, () =>
            check.run({
              issued: request => documents().issued(request, context()),
              fetch: document => documents().fetch(document, context()),
              deliver: arriving => documents().deliver(arriving, context()),
              tell: status => documents().tell(status, context()),
              ...started.documents!,
            }),
          );
      });

    if (manifest.ports.includes('notices'))
      describe('notices', () => {
        for (const check of checksFor(noticesContract, manifest))
          it(check.title, () =>
            check.run({
              send: notice => instance.ports.notices!.send(notice, context()),
              recipient: 'canbo.001@hue.gov.vn',
              delivered: subject => started.delivered!(subject),
              ...(started.boards === undefined ? {} : { boards: started.boards }),
            }),
          );
      });

    if (manifest.ports.includes('signer'))
      describe('signer', () => {
        let subject: SignerSubject;
        before(() => {
          subject = signerSubject(instance, started);
        });
        for (const check of checksFor(signerContract, manifest)) it(check.title, () => check.run(subject));
      });
  });
}

/** How a vendor may spell a value: as it is, a day as dd/MM/yyyy, hundredths with two decimals. */
const spellings = (value: string | number | string[]): string[] => {
  if (typeof value === 'number') return [(value / 100).toFixed(2)];
  if (Array.isArray(value)) return value;
  const [year, month, day] = value.split('-');
  return day === undefined ? [value] : [value, `${day}/${month}/${year}`];
};
