/** Departments that nearly every provincial agency has. */
const ofEveryAgency = ['Văn phòng', 'Thanh tra', 'Phòng Tổ chức cán bộ', 'Phòng Kế hoạch - Tài chính'];

/** Departments peculiar to an agency, by the agency's name; `only` ones replace those of every agency. */
const ofAgency: Record<string, { own: string; only?: true }> = {
  'Văn phòng UBND tỉnh': {
    own: `Phòng Tổng hợp, Phòng Hành chính - Tổ chức, Phòng Quản trị - Tài vụ, Phòng Kiểm soát thủ tục hành chính,
      Phòng Nội chính, Phòng Khoa giáo - Văn xã, Ban Tiếp công dân, Trung tâm Tin học`,
    only: true,
  },
  'Thanh tra tỉnh': { own: 'Văn phòng, Phòng Nghiệp vụ 1, Phòng Nghiệp vụ 2, Phòng Nghiệp vụ 3', only: true },
  'Ban Dân tộc tỉnh': {
    own: 'Văn phòng, Thanh tra, Phòng Chính sách, Phòng Tuyên truyền và Địa bàn',
    only: true,
  },
  'Sở Công Thương': { own: 'Phòng Quản lý Công nghiệp, Phòng Quản lý Thương mại, Phòng Quản lý Năng lượng' },
  'Sở Giáo dục và Đào tạo': {
    own: 'Phòng Giáo dục Mầm non, Phòng Giáo dục Tiểu học, Phòng Giáo dục Trung học, Phòng Khảo thí',
  },
  'Sở Giao thông Vận tải': { own: 'Phòng Quản lý Hạ tầng giao thông, Phòng Quản lý Vận tải - Phương tiện' },
  'Sở Kế hoạch và Đầu tư': {
    own: 'Phòng Tổng hợp - Quy hoạch, Phòng Đăng ký kinh doanh, Phòng Kinh tế đối ngoại',
  },
  'Sở Khoa học và Công nghệ': {
    own: 'Phòng Quản lý Khoa học, Phòng Quản lý Công nghệ, Phòng Sở hữu trí tuệ',
  },
  'Sở Lao động - Thương binh và Xã hội': { own: 'Phòng Người có công, Phòng Việc làm, Phòng Bảo trợ xã hội' },
  'Sở Ngoại vụ': { own: 'Phòng Hợp tác quốc tế, Phòng Lãnh sự - Lễ tân' },
  'Sở Nội vụ': { own: 'Phòng Công chức - Viên chức, Phòng Cải cách hành chính, Phòng Xây dựng chính quyền' },
  'Sở Nông nghiệp và Phát triển nông thôn': {
    own: 'Phòng Quản lý kỹ thuật, Chi cục Kiểm lâm, Chi cục Thủy lợi',
  },
  'Sở Tài chính': { own: 'Phòng Quản lý Ngân sách, Phòng Quản lý Giá - Công sản, Phòng Tin học - Thống kê' },
  'Sở Tài nguyên và Môi trường': {
    own: 'Phòng Quản lý đất đai, Phòng Khoáng sản, Chi cục Bảo vệ môi trường',
  },
  'Sở Thông tin và Truyền thông': {
    own: 'Phòng Công nghệ thông tin, Phòng Bưu chính - Viễn thông, Trung tâm Công nghệ thông tin tỉnh',
  },
  'Sở Tư pháp': { own: 'Phòng Hành chính tư pháp, Phòng Bổ trợ tư pháp, Phòng Xây dựng và Kiểm tra văn bản' },
  'Sở Văn hóa và Thể thao': { own: 'Phòng Quản lý Văn hóa, Phòng Quản lý Thể dục thể thao, Phòng Di sản' },
  'Sở Xây dựng': { own: 'Phòng Quản lý xây dựng, Phòng Quy hoạch - Kiến trúc, Phòng Quản lý nhà' },
  'Sở Y tế': { own: 'Phòng Nghiệp vụ Y, Phòng Nghiệp vụ Dược, Chi cục An toàn vệ sinh thực phẩm' },
  'Ban Quản lý Khu kinh tế, công nghiệp': { own: 'Phòng Quản lý Đầu tư, Phòng Quy hoạch - Xây dựng' },
  'Sở Du lịch': { own: 'Phòng Quản lý Lữ hành, Phòng Quy hoạch phát triển du lịch' },
};

const ofEveryDistrict = `Văn phòng HĐND và UBND, Phòng Nội vụ, Phòng Tư pháp, Phòng Tài chính - Kế hoạch,
  Phòng Tài nguyên và Môi trường, Phòng Lao động - Thương binh và Xã hội, Phòng Văn hóa và Thông tin,
  Phòng Giáo dục và Đào tạo, Phòng Y tế, Thanh tra`;
const ofCountry = 'Phòng Nông nghiệp và Phát triển nông thôn, Phòng Kinh tế và Hạ tầng';
const ofTown = 'Phòng Kinh tế, Phòng Quản lý đô thị';
const highland = new Set(['Huyện A Lưới', 'Huyện Nam Đông']);

/** Names of the departments of a provincial agency. Plausible for 2018, not taken from a list. */
export function departmentsOfAgency(agency: string): string[] {
  const entry = ofAgency[agency];
  const own = entry ? items(entry.own) : [];
  return entry?.only ? own : [...ofEveryAgency, ...own];
}

/** Names of the departments of a district, town or city, after Decree 37/2014/NĐ-CP. */
export function departmentsOfDistrict(district: string): string[] {
  const places = district.startsWith('Huyện') ? ofCountry : ofTown;
  return [...items(ofEveryDistrict), ...items(places), ...(highland.has(district) ? ['Phòng Dân tộc'] : [])];
}

function items(list: string): string[] {
  return list.split(',').map(item => item.trim());
}
