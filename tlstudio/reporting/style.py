"""How a report looks: light, on screen and on paper, with nothing from elsewhere."""

from typing import Final

TEXT: Final = "#17211D"
GREY: Final = "#4A5751"
LINE: Final = "#DDE3DF"
SUNKEN: Final = "#ECEFEC"
ACCENT: Final = "#0B7468"
LEARN: Final = "#6257B0"

RIGHT_STEPS: Final = (
    (0.50, "#DAEAE8", TEXT),
    (0.70, "#B1D3CF", TEXT),
    (0.85, "#85BAB4", TEXT),
    (0.95, "#238277", "#FFFFFF"),
    (1.01, "#095F55", "#FFFFFF"),
)
"""Share of a row below which a right cell has a ground and an ink."""

WRONG_STEPS: Final = (
    (0.04, "#F9E8DB", TEXT),
    (0.08, "#F4D7BF", TEXT),
    (0.12, "#EFC29E", TEXT),
    (0.25, "#E9AB7A", TEXT),
    (1.01, "#E29252", TEXT),
)
"""The same for wrong cells."""

CSS: Final = """
@page { size: A4; margin: 16mm 14mm; }
* { box-sizing: border-box; }
:root { color-scheme: light; }
html { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; color: #17211D;
  background: #F5F6F4; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { max-width: 940px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 0 0 12px; break-after: avoid; }
h3 { font-size: 15px; margin: 20px 0 6px; break-after: avoid; }
p { margin: 0 0 10px; }
section { background: #FFFFFF; border: 1px solid #DDE3DF; border-radius: 12px; padding: 24px; margin-top: 16px; }
.quiet { color: #4A5751; font-size: 13px; }
.verdict { font-size: 24px; font-weight: 600; line-height: 1.3; margin-bottom: 6px; }
.caution { background: #FAEFD2; color: #17211D; border-left: 4px solid #7D5200; padding: 10px 14px;
  border-radius: 6px; margin: 10px 0 0; break-inside: avoid; }
table { border-collapse: collapse; width: 100%; margin-bottom: 14px; font-size: 14px;
  font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { text-align: right; padding: 5px 8px; border-bottom: 1px solid #DDE3DF; vertical-align: top; }
th:first-child { text-align: left; overflow-wrap: anywhere; }
td { white-space: nowrap; }
table.words td, table.phases td:nth-child(3), table.phases th:nth-child(3) { text-align: left; white-space: normal; }
thead th { color: #4A5751; font-weight: 500; font-size: 13px; }
tbody th { font-weight: 500; }
table.words td { overflow-wrap: anywhere; }
table.words th { width: 34%; color: #4A5751; }
svg { display: block; max-width: 100%; height: auto; }
figure { margin: 0; break-inside: avoid; }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 14px; }
.photos img, .photos .missing { width: 100%; height: 120px; object-fit: cover; border-radius: 8px; display: block;
  background: #ECEFEC; }
.photos .missing { padding: 44px 12px 0; text-align: center; color: #4A5751; font-size: 12px; }
figcaption { font-size: 12px; line-height: 1.35; margin-top: 5px; overflow-wrap: anywhere; }
figcaption b { font-weight: 600; }
figcaption .quiet { font-size: 11px; }
ul { margin: 0; padding-left: 20px; }
li { margin-bottom: 4px; overflow-wrap: anywhere; }
footer { color: #4A5751; font-size: 12px; margin-top: 20px; }
@media print {
  html { background: #FFFFFF; font-size: 10.5pt; }
  body { max-width: none; padding: 0; }
  section { border: 0; border-radius: 0; padding: 0; margin-top: 22px; }
  .photos { grid-template-columns: repeat(4, 1fr); }
}
"""
