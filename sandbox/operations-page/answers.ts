import type { AppAnswer } from '#sandbox/kit/app-server.ts';

export const ok = (data: unknown, status = 200): AppAnswer => ({ status, json: { success: true, data } });
/** Most refusals travel with status 200: that is how this vendor does it. */
export const no = (code: string, message: string, status = 200, truong?: string): AppAnswer => ({
  status,
  json: { success: false, code, message, ...(truong === undefined ? {} : { truong }) },
});
export const notAllowed = no('KHONG_HO_TRO', 'Phương thức không được hỗ trợ', 405);
export const missing = no('KHONG_TIM_THAY', 'Không tìm thấy', 404);
export const wrongField = (truong: string): AppAnswer =>
  no('DU_LIEU_KHONG_HOP_LE', 'Giá trị không hợp lệ', 422, truong);
