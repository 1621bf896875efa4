import assert from 'node:assert/strict';
import { maskMessage } from '#hub/flows/cases/mask-message.ts';

describe('A message that becomes a case', () => {
  const message = {
    payload: {
      staffId: '0190b3c4-1111-7000-8000-0123456789ab',
      staff: {
        name: 'Trần Thị Hoà',
        email: 'hoatt@tinh.gov.vn',
        code: '046001',
        unit: { name: 'Sở Nội vụ', code: 'H57.10' },
      },
      text: 'Gọi 0912345678 hay 046180001234, thư hoatt@tinh.gov.vn',
      other: { name: 'Lê Văn Cần' },
      again: { name: 'Trần Thị Hoà' },
    },
    event: { subject: 'staff/0190b3c4-1111-7000-8000-0123456789ab' },
  };
  const masked = maskMessage(message);

  it('holds nothing of the person', () => {
    assert.doesNotMatch(JSON.stringify(masked), /Hoà|hoatt|046001|0912345678|046180001234|0190b3c4|Cần/);
  });
  it('keeps equal what was equal, and apart what was not', () => {
    assert.equal(masked.payload.again.name, masked.payload.staff.name);
    assert.notEqual(masked.payload.other.name, masked.payload.staff.name);
    assert.equal(masked.event.subject, `staff/${masked.payload.staffId}`);
  });
  it('keeps units, which are public', () => {
    assert.deepEqual(masked.payload.staff.unit, message.payload.staff.unit);
  });
});
