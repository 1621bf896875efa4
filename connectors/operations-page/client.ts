import { type Static, type TSchema, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { exchange, type HttpRequest, parseJson } from '#connectors/kit/http.ts';
import { unlessNotFound } from '#connectors/kit/not-found.ts';
import { nullableText } from '#connectors/kit/nullable.ts';
import { CanBo } from './mapping.ts';

export interface OperationsPageSettings {
  baseUrl: string;
  apiKey: string;
  staffPath: string;
  filesPath: string;
  workPath: string;
}

/** Codes of `{ "success": false, "code": … }`, with whatever HTTP status; one not listed is a refusal. */
const vendorFaults: Record<string, ConnectorErrorCode> = {
  KHONG_XAC_THUC: 'unauthorised',
  KHONG_CO_QUYEN: 'unauthorised',
  KHONG_TIM_THAY: 'not-found',
  TRUNG_TEN_DANG_NHAP: 'conflict',
  TRUNG_MA_CBCCVC: 'conflict',
  TRUNG_MA_LIEN_THONG: 'conflict',
  DA_TRA_LOI: 'conflict',
  DU_LIEU_KHONG_HOP_LE: 'refused',
  QUA_NHIEU_YEU_CAU: 'rate-limited',
  HE_THONG_BAN: 'unavailable',
};

const checkEnvelope = checkAnswer(
  Type.Union([
    Type.Object({ success: Type.Literal(true), data: Type.Unknown() }),
    // The vendor's `message` may name people: it is not read.
    Type.Object({
      success: Type.Literal(false),
      code: Type.String(),
      truong: nullableText,
    }),
  ]),
);
const TepVanBan = Type.Object({ tenTep: Type.String(), kieuTep: Type.String(), noiDung: Type.String() });
const Page = Type.Object({ tongSo: Type.Integer(), danhSach: Type.Array(CanBo) });
type PageOfStaff = Static<typeof Page>;

/** The app's own greatest page. */
/** The page's own greatest page. */
export const maxPageSize = 500;

/** The operations page's REST API (version 1): JSON in an envelope, the key in `X-Api-Key`. */
export const createClient = (settings: OperationsPageSettings, maxBytes: number) => {
  const host = settings.baseUrl.replace(/\/+$/, '');
  const staff = settings.staffPath.replace(/\/+$/, '');
  const files = settings.filesPath.replace(/\/+$/, '');

  const ask = <T extends TSchema>(shape: T) => {
    const checkData = checkAnswer(shape);
    return async (
      method: HttpRequest['method'],
      path: string,
      signal: AbortSignal,
      json?: unknown,
    ): Promise<Static<T>> => {
      const answer = await exchange({
        method,
        url: host + path,
        headers: { 'x-api-key': settings.apiKey, accept: 'application/json' },
        ...(json === undefined ? {} : { json }),
        signal,
        maxBytes,
      });
      // A 404 without the envelope is a wrong address, not a missing person: the check says so.
      const envelope = checkEnvelope(parseJson(answer));
      if (envelope.success) return checkData(envelope.data);
      const field = envelope.truong ? ` (${envelope.truong})` : '';
      throw new ConnectorError(
        vendorFaults[envelope.code] ?? 'refused',
        `the operations page says ${envelope.code}${field}`,
        { vendorCode: envelope.code },
      );
    };
  };
  const askPage = ask(Page);
  const askOne = ask(CanBo);
  const askFile = ask(TepVanBan);

  const get = (id: string, signal: AbortSignal) =>
    unlessNotFound(askOne('GET', `${staff}/${encodeURIComponent(id)}`, signal));

  return {
    /** For daily work: any call, its answer's data checked against a shape. */
    ask,
    /** One page, counted from 1; `last` when nothing follows. */
    async list(
      page: number,
      size: number,
      signal: AbortSignal,
    ): Promise<{ rows: PageOfStaff['danhSach']; last: boolean }> {
      const kichThuoc = Math.min(size, maxPageSize);
      const { danhSach, tongSo } = await askPage(
        'GET',
        `${staff}?trang=${page}&kichThuoc=${kichThuoc}`,
        signal,
      );
      return { rows: danhSach, last: danhSach.length === 0 || page * kichThuoc >= tongSo };
    },
    get,
    async findByCode(code: string, signal: AbortSignal): Promise<string | undefined> {
      const { danhSach } = await askPage(
        'GET',
        `${staff}?maCbccvc=${encodeURIComponent(code)}&trang=1&kichThuoc=2`,
        signal,
      );
      return danhSach.find(row => row.maCbccvc === code)?.id;
    },
    create: (body: unknown, signal: AbortSignal) => askOne('POST', staff, signal, body),
    /** Writes only the fields that the body mentions. */
    update: (id: string, body: unknown, signal: AbortSignal) =>
      unlessNotFound(askOne('PUT', `${staff}/${encodeURIComponent(id)}`, signal, body)),
    /** The file of a document that is to be signed. */
    fetchFile: (id: string, signal: AbortSignal) =>
      askFile('GET', `${files}/${encodeURIComponent(id)}/tep`, signal),
    putFile: (id: string, body: unknown, signal: AbortSignal) =>
      askFile('PUT', `${files}/${encodeURIComponent(id)}/tep`, signal, body),
    async lock(id: string, signal: AbortSignal): Promise<CanBo | undefined> {
      try {
        return await unlessNotFound(
          askOne('POST', `${staff}/${encodeURIComponent(id)}/khoa`, signal, { lyDo: 'Liên Thông' }),
        );
      } catch (error) {
        // Locked already: what we wanted.
        if (error instanceof ConnectorError && error.vendorCode === 'DA_KHOA') return get(id, signal);
        throw error;
      }
    },
  };
};
