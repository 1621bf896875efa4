import { randomUUID } from 'node:crypto';
import { AppError } from '#hub/platform/errors.ts';
import type { Part } from '#hub/platform/part.ts';
import type { Delegation, WaitingStep } from '#schemas/signing.ts';
import type { SigningService } from '#schemas/signing-trouble.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';

export const rightPin = '246810';

/** A step that waits, and who may decide it. */
type KeptStep = WaitingStep & { for: string };

/** The signing part, played with a list in memory: what the desk shows and sends is looked at there. */
export const playSigning = () => {
  const steps = new Map<string, KeptStep>();
  const decided: { stepId: string; decision: string; number?: string; date?: string; reason?: string }[] = [];
  const delegations: Delegation[] = [];
  /** Steps whose approval fails, with the code. */
  const broken = new Map<string, 'pdf-encrypted' | 'certificate-expired'>();
  const seen = {
    ...{ calls: 0, replaced: false },
    ...({} as { factorAt?: string | undefined; note?: string | undefined; pin?: string | undefined }),
  };
  /** Where people have keys. */
  const services = new Map<string, SigningService[]>();
  /** People whose delegation has no room left today. */
  const usedUp = new Set<string>();
  let gate: Promise<void> = Promise.resolve();
  const file = Buffer.from(onePage()).toString('base64');
  const mine = (staffId: string) => [...steps.values()].filter(step => step.for === staffId);

  const part: Part = {
    name: 'signing',
    actions: {
      'signing.waiting': async ({ staffId }) => mine(staffId).map(({ for: _, ...step }) => step),
      'signing.count': async ({ staffId }) => mine(staffId).length,
      'signing.file': async ({ staffId, stepId }) => {
        const step = steps.get(stepId);
        if (step?.for !== staffId)
          throw new AppError(usedUp.has(staffId) ? 'delegation-limit-reached' : 'signing-step-not-waiting');
        return { fileName: step.fileName, mediaType: 'application/pdf', base64: file };
      },
      'signing.decide': async ({
        staffId,
        stepIds,
        decision,
        pin,
        reason,
        numbers,
        factorAt,
        agreements = [],
      }) => {
        seen.calls += 1;
        seen.factorAt = factorAt;
        await gate;
        return stepIds.map(stepId => {
          const fail = (code: ConstructorParameters<typeof AppError>[0], params = {}) => ({
            ...{ stepId, ok: false, code, params },
          });
          const step = steps.get(stepId);
          if (step?.for !== staffId) return fail('signing-step-not-waiting');
          if (decision === 'approve') {
            const { detour } = step;
            if (
              detour &&
              !agreements.some(one => one.instead === detour.instead.id && one.to === detour.to.id)
            )
              return fail('signing-consent-needed', { instead: detour.instead.name, to: detour.to.name });
            if (pin !== rightPin)
              return fail('signing-refused', { route: 'nội bộ', reason: 'mã PIN không đúng, còn 4 lần' });
            const fault = broken.get(stepId);
            if (fault !== undefined) return fail(fault, { place: '' });
            if (step.numbers && numbers?.[stepId] === undefined) return fail('signing-number-missing');
          }
          steps.delete(stepId);
          decided.push({
            stepId,
            decision,
            ...(reason === undefined ? {} : { reason }),
            ...numbers?.[stepId],
          });
          return { stepId, ok: true };
        });
      },
      'signing.services': async ({ staffId }) => services.get(staffId) ?? [],
      'signing.report-broken': async ({ staffId, service, note }) => {
        const found = services.get(staffId)?.find(one => one.service.id === service);
        if (found === undefined) throw new AppError('not-found');
        found.ticket = { id: randomUUID(), kind: 'reported-broken', openedAt: new Date().toISOString() };
        seen.note = note;
        return { ticketId: found.ticket.id };
      },
      'signing.agree': async ({ staffId, ticketId, to, pin }) => {
        const found = services.get(staffId)?.find(one => one.ticket?.id === ticketId);
        if (found?.detour?.to.id !== to) throw new AppError('unknown-signing-ticket');
        if (pin === '111111') throw new AppError('pin-too-simple');
        seen.pin = pin;
        found.ticket!.agreedTo = found.detour.to;
        found.detour = { ...found.detour, agreed: true };
        if (found.detour.temporary) found.detour.temporary = 'requested';
      },
      'signing.look-again': async ({ staffId, ticketId }) => {
        const found = services.get(staffId)?.find(one => one.ticket?.id === ticketId);
        if (found === undefined) throw new AppError('unknown-signing-ticket');
        if (seen.replaced) delete found.ticket;
        return { closed: seen.replaced };
      },
      'signing.delegate': async ({ actor: _, limits = {}, ...given }) => {
        const id = randomUUID();
        delegations.unshift({ id, ...given, limits, ended: false, usedToday: 0 });
        return { id };
      },
      'signing.delegations': async ({ staffId }) =>
        delegations.filter(one => one.staffId === staffId || one.toStaffId === staffId),
      'signing.end-delegation': async ({ staffId, id }) => {
        const found = delegations.find(one => one.id === id && one.staffId === staffId);
        if (found === undefined) throw new AppError('not-found');
        found.ended = true;
      },
    },
  };
  return {
    part,
    steps,
    decided,
    delegations,
    broken,
    usedUp,
    seen,
    services,
    /** Lets decisions wait until the answer is called. */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    /** Something waits for this person. */
    ask(staffId: string, more: Partial<WaitingStep> = {}): string {
      const stepId = randomUUID();
      const n = steps.size + decided.length + 1;
      steps.set(stepId, {
        ...{ stepId, requestId: randomUUID(), for: staffId },
        title: `Tờ trình số ${n} về việc bố trí kinh phí`,
        fileName: `to-trinh-${n}.pdf`,
        documentId: `VB-${n}`,
        app: 'Quản lý văn bản',
        ...{ position: 1, of: 1, numbers: false, level: 'B-B', asks: ['pin'] },
        createdAt: new Date().toISOString(),
        signer: { staffId, name: 'Nguyễn Văn Bình' },
        ...more,
      });
      return stepId;
    },
  };
};
export type PlayedSigning = ReturnType<typeof playSigning>;
