import { type Random, spread } from './random.ts';

type Gender = 'male' | 'female';

/** Shares in percent as they are in and around Huế. */
const families = spread<string>([
  ...([
    ['Nguyễn', 33],
    ['Trần', 12],
    ['Lê', 11],
    ['Phan', 5],
    ['Hoàng', 5],
    ['Võ', 4.5],
    ['Phạm', 4],
  ] as const),
  ...([
    ['Hồ', 4],
    ['Trương', 3],
    ['Đặng', 2.6],
    ['Văn', 0.6],
    ['Bùi', 1.8],
    ['Ngô', 1.5],
    ['Đỗ', 1.2],
  ] as const),
  ...([
    ['Dương', 1.2],
    ['Đoàn', 1.1],
    ['Hà', 0.9],
    ['Mai', 0.9],
    ['Cao', 0.9],
    ['Châu', 0.5],
  ] as const),
  ...([
    ['Lý', 0.3],
    ['Huỳnh', 0.6],
    ['Tống', 0.4],
    ['Thái', 0.5],
    ['Đào', 0.4],
    ['Lương', 0.4],
  ] as const),
  ...([
    ['Trịnh', 0.3],
    ['Đinh', 0.4],
    ['La', 0.2],
    ['Tô', 0.2],
    ['Ưng', 0.1],
    ['Bạch', 0.1],
  ] as const),
]);
/** The former royal house: family and first middle name belong together and tell the sex. */
const royal: Record<Gender, string> = { male: 'Tôn Thất', female: 'Tôn Nữ' };

const middles: Record<Gender, string[]> = {
  male: spread<string>([
    ...([
      ['Văn', 26],
      ['Hữu', 7],
      ['Đức', 6],
      ['Quang', 6],
      ['Minh', 5],
      ['Đình', 6],
      ['Công', 4],
    ] as const),
    ...([
      ['Xuân', 4],
      ['Ngọc', 4],
      ['Thanh', 4],
      ['Quốc', 4],
      ['Viết', 3],
      ['Bá', 2],
      ['Duy', 2],
    ] as const),
    ...([
      ['Thế', 2],
      ['Trọng', 2],
      ['Phước', 2],
      ['Anh', 2],
      ['Hoàng', 2],
      ['Như', 1],
      ['', 4],
    ] as const),
  ]),
  female: spread<string>([
    ...([
      ['Thị', 42],
      ['Thị Thanh', 5],
      ['Thị Ngọc', 5],
      ['Thị Minh', 4],
      ['Thị Kim', 4],
    ] as const),
    ...([
      ['Thị Thu', 5],
      ['Thị Hồng', 4],
      ['Thị Mỹ', 4],
      ['Thị Diệu', 4],
      ['Thị Như', 2],
    ] as const),
    ...([
      ['Thị Quỳnh', 2],
      ['Thị Phương', 3],
      ['Thị Thùy', 3],
      ['Thị Bích', 2],
      ['Ngọc', 3],
    ] as const),
    ...([
      ['Diệu', 2],
      ['Thanh', 2],
      ['Hoàng', 1],
      ['Khánh', 1],
      ['Hải', 1],
      ['', 1],
    ] as const),
  ]),
};

const given: Record<Gender, string[]> = {
  male: `An Anh Ánh Bảo Bình Bổn Châu Chiến Chính Chung Công Cường Cảnh Cần Danh Dũng Duy Dương Đạt Đăng Điền Định Đông
    Đồng Đức Giang Hải Hào Hân Hiếu Hiền Hiệp Hoà Hoài Hoàng Hòa Hùng Huy Hưng Hữu Khải Khánh Khoa Khôi Kiên Lâm Lân Linh
    Long Lộc Lợi Lực Mạnh Minh Nam Nghĩa Ngọc Nguyên Nhân Nhật Phát Phi Phong Phú Phúc Phước Phương Quân Quang Quảng Quốc
    Quý Sang Sáng Sinh Sơn Sỹ Tài Tâm Tân Tấn Thái Thanh Thành Thạnh Thắng Thiện Thịnh Thọ Thông Thuận Thủy Tiến Tín Tịnh
    Toàn Trí Trung Trường Tuấn Tùng Tú Tường Vinh Vũ Việt Vương Xuân Ý`.split(/\s+/),
  female:
    `An Anh Ánh Bé Bích Bình Cẩm Chi Châu Chung Cúc Diễm Diệp Diệu Dung Duyên Dương Đào Giang Hà Hải Hạnh Hằng Hân
    Hậu Hiền Hiếu Hoa Hoà Hoài Hoàn Hồng Huế Huệ Huyền Hương Hường Khánh Khuyên Kiều Lài Lan Lành Lê Lệ Liên Liễu Linh Loan
    Lợi Lộc Lý Ly Mai Mỹ My Na Nga Ngân Nghĩa Ngọc Nguyệt Nguyên Nhi Nhàn Nhã Nhung Như Oanh Phúc Phước Phương Phượng Quý
    Quyên Quỳnh Sen Sương Tâm Thanh Thảo Thắm Thi Thơ Thơm Thu Thuận Thúy Thủy Thùy Thư Thương Thỷ Tiên Tình Trang Trà Trâm
    Trinh Trúc Tuyết Tú Uyên Vân Vi Vinh Vy Xuân Yến Ý`.split(/\s+/),
};

/** An invented Vietnamese name in title case, NFC. */
export function makeName(random: Random, gender: Gender): string {
  const family = random.chance(0.008) ? royal[gender] : random.pick(families);
  const middle = random.pick(middles[gender]);
  const last = random.pick(given[gender]);
  return middle === '' ? `${family} ${last}` : `${family} ${middle} ${last}`;
}
