import { type TSchema, Type } from 'typebox';
import type { EventName } from '#schemas/event.ts';
import { Day, Decision, Hundredths } from '#schemas/hr-record.ts';
import { unitLevels } from '#schemas/unit.ts';

// The `data` of every event as an app sees it (`hub/platform/events/show-event.ts`). What a schema here says is
// promised to programs that we cannot change: see tests/schemas/compare-schemas.ts for what may still be added.

const Uuid = Type.String({ format: 'uuid' });
const StaffId = Type.String({ format: 'uuid', description: 'The person, for ever: the key to keep' });
const AppId = Type.String({ description: 'The app that holds the account, as in /api/v1/apps' });
const ExternalId = Type.String({ description: "The account's id in the app" });

const ShownPosition = Type.Object(
  {
    unitId: Type.Optional(Uuid),
    unitCode: Type.Optional(Type.String()),
    unitName: Type.Optional(Type.String()),
    title: Type.Optional(Type.String({ description: 'Chức vụ, chức danh' })),
    main: Type.Boolean({ description: 'Chức vụ chính: at most one' }),
    from: Type.Optional(Day),
  },
  { description: 'A post in force' },
);

/**
 * A person after the fact. Only key, version and status are always there; the rest needs the attribute in the
 * app's entitlement, and is absent too when nobody knows it.
 */
const ShownStaff = Type.Object(
  {
    id: StaffId,
    version: Type.Integer({ minimum: 1, description: 'Of the person: the larger one is the newer' }),
    status: Type.String({
      enum: ['active', 'suspended', 'left'],
      description: 'Đang làm việc; tạm đình chỉ; nghỉ việc, nghỉ hưu, chuyển khỏi tỉnh',
    }),
    statusFrom: Type.Optional(Day),
    code: Type.Optional(Type.String({ description: 'Mã CBCCVC: opaque, unique in the province' })),
    name: Type.Optional(Type.String({ description: 'Full name, NFC, family name first' })),
    username: Type.Optional(Type.String({ description: "The hub's user name; never given to another" })),
    email: Type.Optional(Type.String({ description: 'Thư công vụ' })),
    phone: Type.Optional(Type.String()),
    gender: Type.Optional(Type.String({ enum: ['male', 'female'] })),
    birthDate: Type.Optional(Day),
    birthYear: Type.Optional(
      Type.Integer({ minimum: 1900, maximum: 2200, description: 'Where only the year is known' }),
    ),
    unitId: Type.Optional(Uuid),
    unitCode: Type.Optional(Type.String({ description: 'Of the main post' })),
    unitName: Type.Optional(Type.String({ description: 'Of the main post' })),
    title: Type.Optional(Type.String({ description: 'Of the main post' })),
    positions: Type.Optional(Type.Array(ShownPosition)),
    rank: Type.Optional(
      Type.String({ description: 'Mã ngạch, mã số chức danh nghề nghiệp (Decree 204/2004/NĐ-CP): 01.003' }),
    ),
    grade: Type.Optional(Type.Integer({ minimum: 1, maximum: 16, description: 'Bậc lương' })),
    coefficient: Type.Optional(
      Type.Integer({ ...Hundredths, description: 'Hệ số lương in hundredths: 2,34 is 234' }),
    ),
    coefficientFrom: Type.Optional(Day),
    awards: Type.Optional(Type.Array(Decision, { description: 'Khen thưởng' })),
    disciplines: Type.Optional(Type.Array(Decision, { description: 'Kỷ luật' })),
  },
  { description: 'The person after the fact, as far as the entitlement goes' },
);

const staffData = (title: string): TSchema =>
  Type.Object(
    {
      staffId: StaffId,
      changed: Type.Optional(
        Type.Array(Type.String(), {
          description:
            'What changed: attributes of `staff`, or `positions`, `salary`. More than this event speaks of when one change made several events. Absent with `outOfScope`',
          examples: [['phone'], ['positions']],
        }),
      ),
      outOfScope: Type.Optional(
        Type.Literal(true, {
          description:
            'The person left the units that the app may see. Where to is not told: `staff` holds `id`, `version` and `status` alone',
        }),
      ),
      staff: ShownStaff,
    },
    { title },
  );

const unitKey = { unitId: Uuid };
const unitData = (title: string): TSchema =>
  Type.Object(
    {
      ...unitKey,
      code: Type.String({ description: "The unit's code in the register" }),
      name: Type.String(),
      level: Type.String({
        enum: [...unitLevels],
        description: 'Tỉnh; sở, ban, ngành; huyện; xã; phòng; đơn vị sự nghiệp',
      }),
      parentId: Type.Union([Uuid, Type.Null()], { description: 'The unit above; null for the province' }),
    },
    { title },
  );

const accountKey = { app: AppId, staffId: StaffId };
const accountFault = (title: string): TSchema =>
  Type.Object(
    {
      ...accountKey,
      code: Type.String({
        description: 'Why, a code that does not change',
        examples: ['refused', 'conflict', 'mapping-failed', 'unavailable'],
      }),
    },
    { title },
  );

const signingKey = {
  requestId: Uuid,
  appId: Type.String({ description: 'The app that asked; only it is told' }),
  documentId: Type.String({ description: "The document's id in that app" }),
};
const signingStep = {
  position: Type.Integer({ minimum: 1, description: 'Which signature of the request, the first is 1' }),
  staffId: Type.Optional(Type.String({ format: 'uuid', description: 'The person who was to sign' })),
  unitId: Type.Optional(
    Type.String({ format: 'uuid', description: 'The organisation whose seal it was to be' }),
  ),
};

const signingTicket = {
  ticketId: Type.String({ format: 'uuid', description: 'No app is told of it, only the IT centre' }),
  routeId: Type.String({ description: 'The signing service that is not asked' }),
  kind: Type.String({
    description:
      '`reported-broken`, `certificate-expired`, `certificate-withdrawn` or `service-unavailable`. More may be added',
    examples: ['reported-broken'],
  }),
  staffId: Type.Optional(Type.String({ format: 'uuid', description: 'The person whose key it is' })),
  unitId: Type.Optional(Type.String({ format: 'uuid', description: 'The organisation whose key it is' })),
};

const documentKey = {
  id: Type.String({ format: 'uuid', description: 'The document in this hub, as in /api/v1/documents' }),
  documentId: Type.String({ description: "The sender's own id of it" }),
  from: Type.String({ description: 'Code of the organisation that sends it' }),
};
const documentReceivers = {
  action: Type.Optional(
    Type.String({
      description: 'Gửi mới, thu hồi, cập nhật, thay thế',
      enum: ['new', 'revoke', 'update', 'replace'],
    }),
  ),
  to: Type.Array(Type.String(), { description: 'Codes of the organisations that it is handed to now' }),
};

const sessionKey = {
  staffId: StaffId,
  sessionId: Type.String({ description: 'The sign-in: the same in both of its events, never given again' }),
  zone: Type.String({
    description: "Where from: `wan`, the province's own network, or `internet`. More may be added",
    examples: ['wan'],
  }),
};

/** Schema of `data` by event name and version; each is published in `schemas/published/<key>.json`. */
export const eventData = {
  'staff.joined.v1': staffData(
    'A person entered the register; no further event tells their first post or pay',
  ),
  'staff.updated.v1': staffData('Name, code, contact or another attribute of a person changed'),
  'staff.moved.v1': staffData('The main post is in another unit now (điều động, luân chuyển, bổ nhiệm)'),
  'staff.suspended.v1': staffData('A person is suspended from work (tạm đình chỉ công tác)'),
  'staff.returned.v1': staffData('A person who was suspended, or had left, works again'),
  'staff.left.v1': staffData('A person left (nghỉ việc, nghỉ hưu, chuyển khỏi tỉnh): close what they hold'),
  'position.assigned.v1': staffData('A person holds one more post'),
  'position.ended.v1': staffData('A person holds a post no more'),
  'salary.changed.v1': staffData('A new salary step (nâng bậc, chuyển ngạch; Decree 204/2004/NĐ-CP)'),
  'award.granted.v1': staffData('A commendation was entered (khen thưởng)'),
  'discipline.recorded.v1': staffData('A disciplinary measure was entered (kỷ luật; Decree 112/2020/NĐ-CP)'),
  'unit.created.v1': unitData('A unit entered the register'),
  'unit.updated.v1': unitData('A unit has another name, level, official code or place in the tree'),
  'unit.merged.v1': Type.Object(
    {
      ...unitKey,
      successorId: Type.String({ format: 'uuid', description: 'The unit that took over (đơn vị kế thừa)' }),
      at: Day,
    },
    { title: 'A unit was merged into another one (sáp nhập)' },
  ),
  'unit.closed.v1': Type.Object(
    { ...unitKey, at: Day },
    { title: 'A unit ended without a successor (giải thể)' },
  ),
  'account.created.v1': Type.Object(
    { ...accountKey, externalId: ExternalId, enabled: Type.Boolean() },
    { title: 'The hub made the account of a person in an app, or linked the one that was there' },
  ),
  'account.updated.v1': Type.Object(
    {
      ...accountKey,
      externalId: ExternalId,
      changed: Type.Array(Type.String(), {
        description: 'Attributes that were written; `enabled`: opened again',
      }),
    },
    { title: 'The hub wrote to the account of a person' },
  ),
  'account.disabled.v1': Type.Object(
    { ...accountKey, externalId: ExternalId },
    { title: 'The hub closed the account of a person' },
  ),
  'account.failed.v1': accountFault('The hub gave up writing an account: a dead letter waits for a person'),
  'account.disputed.v1': accountFault('The app says that the account belongs to somebody else'),
  'session.started.v1': Type.Object(
    {
      ...sessionKey,
      amr: Type.Array(Type.String(), {
        description: 'How they proved who they are (RFC 8176): `pwd`, `otp`, `hwk`, …',
      }),
      app: Type.Optional(
        Type.String({ description: "The app that was opened first; absent: the sign-on's own pages" }),
      ),
    },
    { title: 'A person signed in at the single sign-on (attendance)' },
  ),
  'session.ended.v1': Type.Object(
    {
      ...sessionKey,
      reason: Type.String({
        description:
          '`signed-out` by the person; `revoked` by them from elsewhere or by the IT centre; `left`, `suspended`: the person; `expired`: found minutes later. More may be added',
        examples: ['signed-out'],
      }),
    },
    { title: 'A sign-in ended' },
  ),
  'signing.received.v1': Type.Object(signingKey, { title: 'A document was taken to be signed' }),
  'signing.signed.v1': Type.Object(
    { ...signingKey, ...signingStep, signedAt: Type.String({ format: 'date-time' }) },
    { title: 'One signature of a document was made, embedded and checked' },
  ),
  'signing.returned.v1': Type.Object(
    {
      ...signingKey,
      signedAt: Type.String({ format: 'date-time', description: 'Of the last signature' }),
      unitId: Type.Optional(Type.String({ format: 'uuid', description: 'The organisation that sealed it' })),
      number: Type.Optional(Type.String({ description: 'Số và ký hiệu, as the clerk gave it' })),
      issuedOn: Type.Optional(Day),
      sha256: Type.String({ description: 'Of the signed file, in hex' }),
    },
    { title: 'All signatures are there; the file can be fetched, or was put back into its app' },
  ),
  'signing.refused.v1': Type.Object(
    {
      ...signingKey,
      ...signingStep,
      reason: Type.Optional(Type.String({ description: 'In the words of who refused' })),
    },
    { title: 'Somebody refused to sign: the request has ended' },
  ),
  'signing.cancelled.v1': Type.Object(signingKey, { title: 'The app took its request back' }),
  'signing.expired.v1': Type.Object(signingKey, { title: 'The request was not signed by its due time' }),
  'signing.failed.v1': Type.Object(
    { ...signingKey, code: Type.String({ description: 'A stable error code' }) },
    { title: 'The request could not be finished' },
  ),
  'signing.ticket-opened.v1': Type.Object(signingTicket, {
    title: "Somebody's signing device or service is in trouble, and is not asked until it is well again",
  }),
  'signing.ticket-closed.v1': Type.Object(
    {
      ...signingTicket,
      recovered: Type.Boolean({
        description: 'true: there is a usable certificate again; false: the IT centre closed it by hand',
      }),
    },
    { title: 'That trouble is over: the service is asked again' },
  ),
  'document.sent.v1': Type.Object(
    { ...documentKey, ...documentReceivers },
    { title: 'A document of one of our units was taken to be handed to others' },
  ),
  'document.received.v1': Type.Object(
    { ...documentKey, ...documentReceivers },
    { title: 'A document came from outside for units of ours' },
  ),
  'document.status-changed.v1': Type.Object(
    {
      ...documentKey,
      receiver: Type.String({ description: 'Code of the organisation where it is' }),
      code: Type.String({
        description:
          'What was said: 01 đã đến, 02 từ chối, 03 đã tiếp nhận, 04 phân công, 05 đang xử lý, 06 hoàn thành, 13 lấy lại, 15 đồng ý, 16 không đồng ý; others as they came',
      }),
      state: Type.String({
        description: 'Where the document is at the receiver now. More may be added',
        examples: ['received'],
      }),
      description: Type.Optional(Type.String()),
    },
    { title: 'A receiver, or the sender, said something of a document' },
  ),
  'document.undeliverable.v1': Type.Object(
    {
      ...documentKey,
      receiver: Type.String(),
      what: Type.String({ description: '`document` or `status`', examples: ['document'] }),
      code: Type.String({ description: 'Why, a code that does not change' }),
    },
    { title: 'An app or the axis will not take a document or a status: a person decides' },
  ),
  'document.quarantined.v1': Type.Object(
    {
      quarantineId: Uuid,
      app: Type.String({ description: 'Where it came from' }),
      entry: Type.String({ description: 'Its id there' }),
      kind: Type.String({ examples: ['document'] }),
      code: Type.String({
        description: 'What is wrong, a code that does not change',
        examples: ['junk-before-xml'],
      }),
      place: Type.String({ description: 'Where in the package' }),
    },
    { title: 'What came cannot be taken and waits for a person' },
  ),
} satisfies Record<`${EventName}.v1`, TSchema> & Record<`${EventName}.v${number}`, TSchema>;

/** An event's name with its version: `staff.joined.v1`; with `vn.lienthong.` in front it is the CloudEvents type. */
export type VersionedName = keyof typeof eventData;
