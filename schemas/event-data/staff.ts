import { type TSchema, Type } from 'typebox';
import { StaffId, Uuid } from '#schemas/event-data/keys.ts';
import { Day, Decision, Hundredths } from '#schemas/hr-record.ts';

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

/** What happens to people: the person as they are, and what changed. */
export const staffEvents = {
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
} satisfies Record<string, TSchema>;
