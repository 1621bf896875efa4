/** A decision of a people's committee as NĐ 30/2020 lays it out, number and date still open. */
export const decisionPage = (pages = 1): string => `<!doctype html><html lang="vi"><meta charset="utf-8">
<style>
  @page { size: A4; margin: 20mm 15mm 20mm 30mm }
  body { font: 10pt "DejaVu Serif", serif } table { width: 100%; text-align: center; border-spacing: 0 } td { vertical-align: top; white-space: nowrap }
  .sign { margin-top: 20mm; page-break-inside: avoid } .room { height: 30mm }
</style>
<table><tr><td>ỦY BAN NHÂN DÂN<br><b>TỈNH THỪA THIÊN HUẾ</b><td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br><b>Độc lập - Tự do - Hạnh phúc</b></tr>
<tr><td>Số: ............/QĐ-UBND<td><i>Thừa Thiên Huế, ngày ...... tháng ...... năm 2018</i></tr></table>
<h3 style="text-align:center">QUYẾT ĐỊNH<br>Về việc phê duyệt quy chế ký số</h3>
${'<p>Điều 1. Ban hành kèm theo Quyết định này quy chế ký số văn bản điện tử của tỉnh.</p>'.repeat(pages * 12)}
<table class="sign"><tr><td style="text-align:left"><i>Nơi nhận:</i><br>- Như Điều 3;<td><b>TM. ỦY BAN NHÂN DÂN<br>CHỦ TỊCH</b><div class="room"></div><b>Nguyễn Văn Ế</b></tr></table></html>`;
